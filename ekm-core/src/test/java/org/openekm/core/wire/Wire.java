// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.openekm.api.DecryptRequest;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.RandomBytesRequest;
import org.openekm.api.VaultId;

/** One profile with its routes, codec and error texts, driven by texts. */
final class Wire {

  static final VaultId VAULT = VaultId.parse("0a1b2c3d-0000-4000-8000-00000000000a");
  static final KeyId KEY = KeyId.parse("0a1b2c3d-0000-4000-8000-00000000000b");
  static final KeyVersionId VERSION = KeyVersionId.parse("0a1b2c3d-0000-4000-8000-00000000000c");
  static final KeyVersionId OTHER = KeyVersionId.parse("0a1b2c3d-0000-4000-8000-00000000000d");
  static final String KEY_PATH = "/vaults/" + VAULT + "/keys/" + KEY;

  /** 12 zero bytes. */
  static final String IV = "AAAAAAAAAAAAAAAA";

  /** 16 zero bytes. */
  static final String TAG = "AAAAAAAAAAAAAAAAAAAAAA==";

  final WireProfile profile;
  final WireRoutes routes;
  final WireCodec codec;
  final ErrorMapper errors;

  private Wire(WireProfile profile, WireLimits limits) {
    this.profile = profile;
    this.routes = new WireRoutes(profile);
    this.codec = new WireCodec(profile, limits);
    this.errors = new ErrorMapper(profile);
  }

  static Wire lenient() {
    return of(WireProfile.builtIn("oci-default"));
  }

  static Wire strict() {
    return of(WireProfile.builtIn("oci-strict"));
  }

  static Wire of(WireProfile profile) {
    return new Wire(profile, profile.limits());
  }

  /** Returns the two built-in profiles. */
  static Stream<Wire> both() {
    return Stream.of(lenient(), strict());
  }

  Route route(String operation) {
    return route(operation, "");
  }

  Route route(String operation, String query) {
    return routes.match("POST", KEY_PATH + "/" + operation, query);
  }

  Route versionRoute(String version, String operation) {
    return routes.match("POST", KEY_PATH + "/keyVersions/" + version + "/" + operation, "");
  }

  EncryptRequest encrypt(String json) {
    return codec.readEncrypt(route("encrypt"), utf8(json));
  }

  DecryptRequest decrypt(String json) {
    return codec.readDecrypt(route("decrypt"), utf8(json));
  }

  RandomBytesRequest random(String json) {
    return codec.readRandomBytes(route("generateRandomBytes"), utf8(json));
  }

  String message(EkmException error) {
    return new String(errors.body(Optional.empty(), error), UTF_8);
  }

  static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }

  /** Returns the JSON with single quotes turned into double ones. */
  static String json(String text) {
    return text.replace('\'', '"');
  }

  static EkmException refusal(ThrowingCallable call) {
    EkmException refusal = catchThrowableOfType(EkmException.class, call);
    if (refusal == null) {
      throw new AssertionError("nothing was refused", catchThrowable(call));
    }
    return refusal;
  }

  @Override
  public String toString() {
    return profile.name();
  }
}
