// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.KEY;
import static org.openekm.core.wire.Wire.KEY_PATH;
import static org.openekm.core.wire.Wire.VAULT;
import static org.openekm.core.wire.Wire.VERSION;
import static org.openekm.core.wire.Wire.refusal;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.Operation;

final class WireRoutesTest {

  private final WireRoutes lenient = Wire.lenient().routes;

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void match_canonicalPaths_giveTheSixOperations(Wire wire) {
    WireRoutes routes = wire.routes;

    assertThat(routes.match("GET", "/vaults/" + VAULT + "/metadata", "").operation())
        .isEqualTo(Operation.GET_VAULT_METADATA);
    assertThat(routes.match("GET", KEY_PATH + "/metadata", "").operation())
        .isEqualTo(Operation.GET_KEY_METADATA);
    assertThat(routes.match("POST", KEY_PATH + "/encrypt", "").operation())
        .isEqualTo(Operation.ENCRYPT);
    assertThat(routes.match("POST", KEY_PATH + "/decrypt", "").operation())
        .isEqualTo(Operation.DECRYPT);
    assertThat(routes.match("POST", KEY_PATH + "/generateRandomBytes", "").operation())
        .isEqualTo(Operation.GENERATE_RANDOM_BYTES);
    Route version = routes.match("GET", KEY_PATH + "/keyVersions/" + VERSION + "/metadata", "a=b");
    assertThat(version.operation()).isEqualTo(Operation.GET_KEY_VERSION_METADATA);
    assertThat(version.requireVault()).isEqualTo(VAULT);
    assertThat(version.requireKey()).isEqualTo(KEY);
    assertThat(version.requireVersion()).isEqualTo(VERSION);
    assertThat(version.versionInPath()).isTrue();
    assertThat(version.query()).isEqualTo("a=b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"encrypt", "decrypt", "generateRandomBytes"})
  void match_cryptoUnderAKeyVersion_isARouteOfTheLenientProfileOnly(String operation) {
    String path = KEY_PATH + "/keyVersions/" + VERSION + "/" + operation;

    assertThat(lenient.match("POST", path, "").version()).contains(VERSION);
    assertThat(refusal(() -> Wire.strict().routes.match("POST", path, "")).code())
        .isEqualTo(EkmErrorCode.ROUTE_NOT_FOUND);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void match_idsInUpperCase_areTheSameIds(Wire wire) {
    String vault = VAULT.toString().toUpperCase(Locale.ROOT);

    assertThat(wire.routes.match("GET", "/vaults/" + vault + "/metadata", "").vault())
        .contains(VAULT);
  }

  @ParameterizedTest
  @MethodSource("org.openekm.core.wire.Wire#both")
  void match_oneSlashAtTheEndAndDoubledSlashes_areTolerated(Wire wire) {
    for (String path :
        new String[] {
          "/vaults/%s/metadata/",
          "//vaults/%s/metadata",
          "/vaults//%s//metadata",
          "//vaults//%s/metadata/"
        }) {
      assertThat(wire.routes.match("GET", path.formatted(VAULT), "").vault())
          .as(path)
          .contains(VAULT);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "vaults/%s/metadata",
        "/",
        "//",
        "/vaults",
        "/vaults/%s",
        "/vaults/%s/Metadata",
        "/VAULTS/%s/metadata",
        "/vaults/%s/metadata//",
        "/vaults///%s/metadata",
        "/vaults/%s/metadata/x",
        "/vaults/./%s/metadata",
        "/vaults/x/../%s/metadata",
        "/vaults/%s/keys/../metadata",
        "/vaults/%s/%%6detadata",
        "/vaults%%2f%s/metadata",
        "/vaults/%%2e%%2e/metadata",
        "/vaults/..;/metadata",
        "/vaults/%s;a=b/metadata",
        "/vaults\\%s\\metadata",
        "/vaults/%s/metadata?",
        "/vaults/%s/metadata#",
        "/vaults/%s/metadata\u0000",
        "/vaults/%s/metadata ",
        "/vaults/%s/metad\u0430ta"
      })
  void match_pathThatTwoServersCouldReadInTwoWays_isNotFound(String path) {
    String filled = path.replace("%s", VAULT.toString()).replace("%%", "%");
    for (Wire wire : Wire.both().toList()) {
      assertThat(refusal(() -> wire.routes.match("GET", filled, "")).code())
          .isEqualTo(EkmErrorCode.ROUTE_NOT_FOUND);
      assertThat(wire.routes.allowedMethods(filled)).isEmpty();
    }
  }

  @Test
  void match_overlongPath_isNotFound() {
    assertThat(refusal(() -> lenient.match("GET", "/vaults/" + "a".repeat(600), "")).code())
        .isEqualTo(EkmErrorCode.ROUTE_NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "get", "POST", ""})
  void match_otherMethod_isNotAllowed(String method) {
    for (Wire wire : Wire.both().toList()) {
      String path = "/vaults/" + VAULT + "/metadata";
      assertThat(refusal(() -> wire.routes.match(method, path, "")).code())
          .isEqualTo(EkmErrorCode.METHOD_NOT_ALLOWED);
      assertThat(wire.routes.allowedMethods(path)).containsExactly("GET");
    }
  }

  @Test
  void allowedMethods_random_isGetTooInTheLenientProfileOnly() {
    String path = KEY_PATH + "/generateRandomBytes";

    assertThat(lenient.allowedMethods(path)).containsExactly("GET", "POST");
    assertThat(Wire.strict().routes.allowedMethods(path)).containsExactly("POST");
  }

  @ParameterizedTest
  @CsvSource({
    "1",
    "0a1b2c3d-0000-4000-8000-00000000000",
    "0a1b2c3d-0000-4000-8000-0000000000000",
    "0a1b2c3d000040008000-00000000000a",
    "0a1b2c3d-0000-4000-8000-00000000000g",
    "0-0-0-0-0",
    "000000000-000-4000-8000-00000000000a"
  })
  void match_idThatIsNoUuid_isNotFoundOnlyWhenItsTurnComes(String id) {
    for (Wire wire : Wire.both().toList()) {
      Route route =
          wire.routes.match(
              "GET", "/vaults/" + id + "/keys/" + id + "/keyVersions/" + id + "/metadata", "");

      assertThat(route.operation()).isEqualTo(Operation.GET_KEY_VERSION_METADATA);
      assertThat(refusal(route::requireVault).code()).isEqualTo(EkmErrorCode.VAULT_NOT_FOUND);
      assertThat(refusal(route::requireKey).code()).isEqualTo(EkmErrorCode.KEY_NOT_FOUND);
      assertThat(refusal(route::requireVersion).code())
          .isEqualTo(EkmErrorCode.KEY_VERSION_NOT_FOUND);
    }
  }

  @Test
  void readEncrypt_versionInThePathThatIsNoUuid_isNotFoundAfterTheBodyIsRight() {
    Wire wire = Wire.lenient();
    Route route = wire.versionRoute("latest", "encrypt");

    assertThat(
            refusal(() -> wire.codec.readEncrypt(route, Wire.utf8("{\"plaintext\":\"AA==\"}")))
                .code())
        .isEqualTo(EkmErrorCode.KEY_VERSION_NOT_FOUND);
    assertThat(refusal(() -> wire.codec.readEncrypt(route, Wire.utf8("{}"))).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
  }

  @Test
  void readEncrypt_versionInThePathThatIsNoUuidAndOneInTheBody_isRefused() {
    Wire wire = Wire.lenient();
    Route route = wire.versionRoute("latest", "encrypt");
    byte[] body = Wire.utf8("{\"plaintext\":\"AA==\",\"keyVersionId\":\"" + VERSION + "\"}");

    assertThat(refusal(() -> wire.codec.readEncrypt(route, body)).code())
        .isEqualTo(EkmErrorCode.MALFORMED_REQUEST);
  }
}
