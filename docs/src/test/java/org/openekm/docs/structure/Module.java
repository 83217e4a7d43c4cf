// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.structure;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Optional;

/** The modules by their packages, and which others each may use. */
enum Module {
  API(List.of("org.openekm.api", "org.openekm.spi")),
  TESTKIT(List.of("org.openekm.testkit"), API),
  CORE(List.of("org.openekm.core"), API),
  HSM_PKCS11(List.of("org.openekm.hsm.pkcs11"), API),
  HSM_KMIP(List.of("org.openekm.hsm.kmip"), API),
  SERVER(List.of("org.openekm.server"), API, CORE);

  private final List<String> roots;
  private final List<Module> mayUse;

  Module(List<String> roots, Module... mayUse) {
    this.roots = roots;
    this.mayUse = List.of(mayUse);
  }

  /** Returns the module that {@code type} belongs to; empty for types of others. */
  static Optional<Module> of(JavaClass type) {
    for (Module module : values()) {
      if (module.roots.stream().anyMatch(root -> isInside(type.getPackageName(), root))) {
        return Optional.of(module);
      }
    }
    return Optional.empty();
  }

  boolean mayUse(Module other) {
    return other == this || mayUse.contains(other);
  }

  private static boolean isInside(String packageName, String root) {
    return packageName.equals(root) || packageName.startsWith(root + ".");
  }
}
