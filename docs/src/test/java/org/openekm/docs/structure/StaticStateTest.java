// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.lang.reflect.Field;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executor;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Two engines in one process share nothing: what static fields of the API and the core hold can't
 * change. Looks at the objects themselves, since a type such as Map doesn't tell.
 */
final class StaticStateTest {

  @Test
  void staticFields_holdNothingThatChanges() {
    Set<String> mutable = new TreeSet<>();
    long looked = 0;
    for (JavaField field : staticFields().toList()) {
      Object value = valueOf(field.reflect());
      looked++;
      if (isMutable(value)) {
        mutable.add(field.getFullName() + " is a " + value.getClass().getName());
      }
    }

    assertThat(looked).isGreaterThan(50);
    assertThat(mutable).isEmpty();
  }

  private static Stream<JavaField> staticFields() {
    return ProductClasses.ALL.stream()
        .filter(StaticStateTest::isOfLibraries)
        .flatMap(type -> type.getFields().stream())
        .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
        .filter(field -> !field.getModifiers().contains(JavaModifier.SYNTHETIC));
  }

  private static boolean isOfLibraries(JavaClass type) {
    return Stream.of("org.openekm.api", "org.openekm.spi", "org.openekm.core")
        .anyMatch(root -> (type.getPackageName() + ".").startsWith(root + "."));
  }

  private static Object valueOf(Field field) {
    try {
      field.setAccessible(true);
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean isMutable(Object value) {
    if (value instanceof Collection || value instanceof Map) {
      return !isUnmodifiable(value);
    }
    return value instanceof Random
        || value instanceof SecureRandom
        || value instanceof Executor
        || value instanceof Thread
        || value instanceof ThreadLocal
        || value instanceof StringBuilder
        || value.getClass().getName().startsWith("java.util.concurrent.")
        || value.getClass().getName().startsWith("com.github.benmanes.");
  }

  private static boolean isUnmodifiable(Object value) {
    String type = value.getClass().getName();
    return type.startsWith("java.util.ImmutableCollections")
        || type.startsWith("java.util.Collections$Unmodifiable")
        || type.startsWith("java.util.Collections$Empty")
        || value instanceof EnumMap<?, ?> map && map.isEmpty();
  }
}
