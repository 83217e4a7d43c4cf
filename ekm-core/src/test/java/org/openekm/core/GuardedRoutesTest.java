// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.PlainEngine.ADMIN;
import static org.openekm.core.PlainEngine.ENCRYPT;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openekm.core.wire.WireProfile;
import org.openekm.testkit.fake.FaultyKeyBackend;

/**
 * Peers have shipped one route without the authentication, and one without the permission check. So
 * each route of each profile is tried against each guard.
 */
class GuardedRoutesTest {

  private static final String DECRYPT =
      "{\"ciphertext\":\"/w==\",\"iv\":\"AAAAAAAAAAAAAAAA\",\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}";

  /**
   * One route of a profile.
   *
   * @param path below the mount, with letters for the ids
   */
  record Door(String profile, String method, String path, String body) {

    boolean isOfAKey() {
      return path.contains("/K/");
    }

    private String pathOf(PlainEngine ekm) {
      return path.replace("/V/", "/" + ekm.vault.id() + "/")
          .replace("/K/", "/" + ekm.keyId() + "/")
          .replace("/N/", "/" + ekm.key.currentVersion() + "/");
    }

    PlainEngine.Call call(PlainEngine ekm) {
      return ekm.call(method, pathOf(ekm)).body(body);
    }

    PlainEngine engine() {
      return new PlainEngine(builder -> builder.wireProfile(WireProfile.builtIn(profile)));
    }
  }

  static Stream<Door> doors() {
    return Stream.concat(
        Stream.of("oci-default", "oci-strict")
            .flatMap(
                profile ->
                    Stream.of(
                        new Door(profile, "GET", "/vaults/V/metadata", ""),
                        new Door(profile, "GET", "/vaults/V/keys/K/metadata", ""),
                        new Door(profile, "GET", "/vaults/V/keys/K/keyVersions/N/metadata", ""),
                        new Door(profile, "POST", "/vaults/V/keys/K/encrypt", ENCRYPT),
                        new Door(profile, "POST", "/vaults/V/keys/K/decrypt", DECRYPT),
                        new Door(profile, "POST", "/vaults/V/keys/K/generateRandomBytes", ""))),
        Stream.of(
            new Door("oci-default", "POST", "/vaults/V/keys/K/keyVersions/N/encrypt", ENCRYPT),
            new Door("oci-default", "POST", "/vaults/V/keys/K/keyVersions/N/decrypt", DECRYPT),
            new Door(
                "oci-default", "POST", "/vaults/V/keys/K/keyVersions/N/generateRandomBytes", ""),
            new Door("oci-default", "GET", "/vaults/V/keys/K/generateRandomBytes", "")));
  }

  static Stream<Door> keyDoors() {
    return doors().filter(Door::isOfAKey);
  }

  @ParameterizedTest
  @MethodSource("doors")
  void route_noTokenOrABadOne_is401AndNothingIsTouched(Door door) {
    try (PlainEngine ekm = door.engine()) {
      assertThat(door.call(ekm).authorization(Optional.empty()).status()).isEqualTo(401);
      assertThat(door.call(ekm).authorization(Optional.of("Bearer bad")).status()).isEqualTo(401);
      assertThat(door.call(ekm).authorization(Optional.of("Basic good")).status()).isEqualTo(401);
      assertUntouched(ekm);
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void route_policyThatAllowsNothing_is403AndNothingIsTouched(Door door) {
    try (PlainEngine ekm = door.engine()) {
      ekm.engine.admin().vaults().setPolicy(ADMIN, "payments", "{\"rules\":[]}");

      assertThat(door.call(ekm).answer().error())
          .isEqualTo("403 Operation is not allowed by policy.");
      assertUntouched(ekm);
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void route_blockedVault_is403AndNothingIsTouched(Door door) {
    try (PlainEngine ekm = door.engine()) {
      ekm.engine.admin().vaults().block(ADMIN, "payments");

      assertThat(door.call(ekm).answer().error()).isEqualTo("403 OCI vault is blocked.");
      assertUntouched(ekm);
    }
  }

  @ParameterizedTest
  @MethodSource("keyDoors")
  void route_keyBlockedDisabledOrToBeDeleted_is403AndNothingIsTouched(Door door) {
    try (PlainEngine ekm = door.engine()) {
      ekm.engine.admin().keys().block(ADMIN, ekm.keyId());
      assertThat(door.call(ekm).answer().error()).isEqualTo("403 OCI key is blocked.");
      ekm.engine.admin().keys().unblock(ADMIN, ekm.keyId());

      ekm.engine.admin().keys().disable(ADMIN, ekm.keyId());
      assertThat(door.call(ekm).status()).isEqualTo(403);

      ekm.engine.admin().keys().scheduleDeletion(ADMIN, ekm.keyId(), Duration.ofDays(30));
      assertThat(door.call(ekm).status()).isEqualTo(403);
      assertUntouched(ekm);
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void route_auditThatFails_is503AndSaysNothing(Door door) {
    try (PlainEngine ekm = door.engine()) {
      ekm.sink.fail();

      assertThat(door.call(ekm).answer().json().propertyNames())
          .containsExactlyInAnyOrder("code", "message");
      assertThat(door.call(ekm).status()).isEqualTo(503);
    }
  }

  @ParameterizedTest
  @MethodSource("doors")
  void route_goodCall_passesEveryGuard(Door door) {
    try (PlainEngine ekm = door.engine()) {
      // the ciphertext of the decryptions is nobody's
      int expected = door.body().equals(DECRYPT) ? 400 : 200;

      assertThat(door.call(ekm).status()).isEqualTo(expected);
    }
  }

  private static void assertUntouched(PlainEngine ekm) {
    assertThat(ekm.backend.calls(FaultyKeyBackend.Call.ENCRYPT)).isZero();
    assertThat(ekm.backend.calls(FaultyKeyBackend.Call.DECRYPT)).isZero();
    assertThat(ekm.backend.calls(FaultyKeyBackend.Call.RANDOM_BYTES)).isZero();
  }
}
