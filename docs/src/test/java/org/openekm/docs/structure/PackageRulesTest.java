// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.structure;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Where a library may be used, and what no library module makes for itself. */
final class PackageRulesTest {
  /** What the embedder does not give is made here and nowhere else. */
  private static final Set<String> MAKERS_OF_DEFAULTS =
      Set.of(
          "org.openekm.api.NanoClock",
          "org.openekm.core.EkmEngineBuilder",
          "org.openekm.core.EngineThreads");

  private static final Set<String> LIBRARIES_OF_THE_CORE =
      Set.of("tools.jackson.", "com.nimbusds.", "io.github.resilience4j.", "com.github.benmanes.");

  @Test
  void httpAndStorageLibraries_stayOutOfTheCore() {
    noClasses()
        .that()
        .resideInAPackage("org.openekm.core..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.undertow..",
            "org.xnio..",
            "java.sql..",
            "javax.sql..",
            "org.jdbi..",
            "org.bouncycastle..",
            "io.micrometer..",
            "picocli..",
            "ch.qos.logback..")
        .check(ProductClasses.ALL);
  }

  @Test
  void tokenLibrary_isUsedByTokenCheckOnly() {
    onlyIn("com.nimbusds..", "org.openekm.core.auth..", "org.openekm.testkit..");
  }

  @Test
  void resilienceLibrary_isUsedByBackendDispatchOnly() {
    onlyIn("io.github.resilience4j..", "org.openekm.core.backend..");
  }

  @Test
  void httpServer_isUsedByTheServerOnly() {
    onlyIn("io.undertow..", "org.openekm.server..");
  }

  @Test
  void databaseLibraries_areUsedByTheStoreOnly() {
    onlyIn("org.jdbi..", "org.openekm.server.store..");
    onlyIn("org.flywaydb..", "org.openekm.server.store..");
  }

  @Test
  void commandLineLibrary_isUsedByCommandsOnly() {
    onlyIn(
        "picocli..",
        "org.openekm.server.cli..",
        "org.openekm.testkit.cli..",
        "org.openekm.hsm.pkcs11.internal.cli..",
        "org.openekm.hsm.kmip.internal.cli..");
  }

  @Test
  void publicSignaturesOfTheCore_nameNoForeignLibrary() {
    classes()
        .that()
        .resideInAPackage("org.openekm.core..")
        .and()
        .resideOutsideOfPackage("..internal..")
        .and()
        .arePublic()
        .should(haveNoLibraryTypeInPublicSignatures())
        .check(ProductClasses.ALL);
  }

  @Test
  void staticFields_areFinal() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat()
        .resideInAnyPackage("org.openekm.api..", "org.openekm.spi..", "org.openekm.core..")
        .should()
        .beFinal()
        .check(ProductClasses.ALL);
  }

  @Test
  void clocksThreadsAndRandom_comeInFromOutside() {
    noClasses()
        .that()
        .resideInAnyPackage("org.openekm.api..", "org.openekm.spi..", "org.openekm.core..")
        .should()
        .accessTargetWhere(ownClockThreadOrRandom())
        .because("time, threads and randomness are the embedder's to give")
        .check(ProductClasses.ALL);
  }

  private static void onlyIn(String library, String... users) {
    noClasses()
        .that()
        .resideOutsideOfPackages(users)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(ProductClasses.ALL);
  }

  private static DescribedPredicate<JavaAccess<?>> ownClockThreadOrRandom() {
    Set<String> constructed =
        Set.of(
            "java.lang.Thread",
            "java.security.SecureRandom",
            "java.util.Random",
            "java.util.Timer");
    Set<String> called =
        Set.of(
            "java.lang.System.currentTimeMillis",
            "java.lang.System.nanoTime",
            "java.time.Clock.systemUTC",
            "java.time.Clock.systemDefaultZone",
            "java.time.InstantSource.system",
            "java.util.UUID.randomUUID",
            "java.util.concurrent.ThreadLocalRandom.current");
    return DescribedPredicate.describe(
        "makes a clock, a thread or a random source",
        access -> {
          String owner = access.getTargetOwner().getName();
          String name = access.getTarget().getName();
          boolean constructs = name.equals("<init>") && constructed.contains(owner);
          boolean readsClock = owner.startsWith("java.time.") && name.equals("now");
          boolean pools = owner.equals("java.util.concurrent.Executors") && name.startsWith("new");
          boolean allowed = MAKERS_OF_DEFAULTS.contains(outermost(access.getOriginOwner()));
          return !allowed
              && (constructs || readsClock || pools || called.contains(owner + "." + name));
        });
  }

  private static String outermost(JavaClass type) {
    String name = type.getName();
    int nested = name.indexOf('$');
    return nested < 0 ? name : name.substring(0, nested);
  }

  private static ArchCondition<JavaClass> haveNoLibraryTypeInPublicSignatures() {
    return new ArchCondition<>("name no type of a library in public signatures") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getCodeUnits().stream()
            .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
            .filter(unit -> signatureTypes(unit).anyMatch(PackageRulesTest::isOfLibrary))
            .forEach(
                unit -> events.add(SimpleConditionEvent.violated(unit, unit.getDescription())));
      }
    };
  }

  private static Stream<JavaClass> signatureTypes(JavaCodeUnit unit) {
    return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
        .flatMap(javaType -> javaType.getAllInvolvedRawTypes().stream());
  }

  private static boolean isOfLibrary(JavaClass type) {
    return LIBRARIES_OF_THE_CORE.stream().anyMatch(type.getName()::startsWith);
  }
}
