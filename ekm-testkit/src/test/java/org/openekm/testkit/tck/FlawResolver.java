// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands a kit over a broken implementation the flaw that {@link TckRunner} was called with. */
final class FlawResolver implements ParameterResolver {

  static final String PARAMETER = "ekm.tck.flaw";

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().isEnum();
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    String name = context.getConfigurationParameter(PARAMETER).orElseThrow();
    for (Object constant : parameter.getParameter().getType().getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new IllegalStateException("no flaw " + name);
  }
}
