// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/** Who may use whom: everything points towards the API, and internals stay at home. */
final class ModuleDirectionTest {
  @Test
  void everyClass_belongsToOneKnownModule() {
    assertThat(ProductClasses.ALL)
        .isNotEmpty()
        .allSatisfy(type -> assertThat(Module.of(type)).as(type.getName()).isPresent());
  }

  @Test
  void modules_useOnlyModulesBelowThem() {
    classes()
        .should(
            targetOnly(
                "modules that theirs may use",
                (origin, target) -> moduleOf(origin).mayUse(moduleOf(target))))
        .check(ProductClasses.ALL);
  }

  @Test
  void internalPackages_areUsedByTheirOwnModuleOnly() {
    classes()
        .should(
            targetOnly(
                "internals of their own module",
                (origin, target) ->
                    !isInternal(target) || moduleOf(origin).equals(moduleOf(target))))
        .check(ProductClasses.ALL);
  }

  @Test
  void api_usesTheJdkAndItselfOnly() {
    classes()
        .that()
        .resideInAnyPackage("org.openekm.api..", "org.openekm.spi..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.crypto..",
            "org.openekm.api..",
            "org.openekm.spi..",
            "org.jspecify.annotations..",
            "org.apiguardian.api..")
        .check(ProductClasses.ALL);
  }

  @Test
  void apiTypes_doNotUseExtensionInterfaces() {
    noClasses()
        .that()
        .resideInAPackage("org.openekm.api..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.openekm.spi..")
        .check(ProductClasses.ALL);
  }

  private static ArchCondition<JavaClass> targetOnly(
      String what, BiPredicate<JavaClass, JavaClass> allowed) {
    return new ArchCondition<>("use only " + what) {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass();
          if (Module.of(target).isPresent() && !allowed.test(origin, target)) {
            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static Module moduleOf(JavaClass type) {
    return Module.of(type).orElseThrow();
  }

  private static boolean isInternal(JavaClass type) {
    return (type.getPackageName() + ".").contains(".internal.");
  }
}
