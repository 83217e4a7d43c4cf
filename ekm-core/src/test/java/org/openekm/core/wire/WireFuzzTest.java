// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.IV;
import static org.openekm.core.wire.Wire.TAG;
import static org.openekm.core.wire.Wire.VERSION;
import static org.openekm.core.wire.Wire.utf8;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.EkmException;

/**
 * Whatever comes over the wire, reading gives a request or an {@link EkmException} of the 400s.
 * Seeds make it repeatable.
 */
final class WireFuzzTest {

  private static final String[] SEEDS = {
    "{\"plaintext\":\"aGVsbG8=\",\"mode\":\"AES_GCM\",\"aad\":\"AQ==\",\"keyVersionId\":\""
        + VERSION
        + "\"}",
    "{\"ciphertext\":\"/w==\",\"iv\":\"" + IV + "\",\"tag\":\"" + TAG + "\",\"aad\":\"\"}",
    "{\"length\":32,\"aad\":\"AQID\",\"x\":{\"y\":[1,2.5e3,true,null,\"\\u00e4\"]}}"
  };
  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "\\u",
    "\\u00",
    "null",
    "true",
    "1",
    "-",
    ".",
    "e9",
    "\"plaintext\"",
    "\"aad\"",
    "\"iv\"",
    "\"tag\"",
    "\"length\"",
    "\"mode\"",
    "\"ciphertext\"",
    "\"AES_GCM\"",
    "\"AQ==\"",
    "\"A\"",
    "\"keyVersionId\"",
    " ",
    "\n",
    "\u0000",
    "é",
    "😀",
    "/*"
  };

  @ParameterizedTest
  @ValueSource(longs = {11, 12})
  void read_randomBytes_throwsNothingButARefusal(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      byte[] body = new byte[random.nextInt(64)];
      random.nextBytes(body);
      if (body.length > 0 && random.nextBoolean()) {
        body[0] = '{';
      }
      readAll(body);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22})
  void read_randomPiecesOfJson_throwsNothingButARefusal(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder body = new StringBuilder("{");
      for (int pieces = random.nextInt(14); pieces > 0; pieces--) {
        body.append(PIECES[random.nextInt(PIECES.length)]);
      }
      readAll(utf8(body.toString()));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {31, 32})
  void read_damagedRequests_throwsNothingButARefusal(long seed) {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] body = utf8(SEEDS[random.nextInt(SEEDS.length)]);
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(4) == 0 ? random.nextInt(body.length) : body.length;
      refused += readAll(Arrays.copyOf(body, length));
    }
    assertThat(refused).isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {41, 42})
  void match_randomPathsAndQueries_throwsNothingButARefusal(long seed) {
    Random random = new Random(seed);
    String[] pieces = {
      "/",
      "vaults",
      "keys",
      "keyVersions",
      "encrypt",
      "metadata",
      Wire.VAULT.toString(),
      "..",
      "%2f",
      ";",
      "?",
      "a",
      "generateRandomBytes"
    };
    WireRoutes routes = Wire.lenient().routes;
    for (int i = 0; i < 5_000; i++) {
      StringBuilder path = new StringBuilder("/vaults/");
      for (int count = random.nextInt(9); count > 0; count--) {
        path.append(pieces[random.nextInt(pieces.length)]);
      }
      try {
        assertThat(routes.match("POST", path.toString(), "").operation()).isNotNull();
      } catch (EkmException e) {
        assertThat(e.code().httpStatus()).isIn(404, 405);
      }
    }
  }

  private static int readAll(byte[] body) {
    int refused = 0;
    for (Wire wire : new Wire[] {Holder.LENIENT, Holder.STRICT}) {
      refused += read(() -> wire.codec.readEncrypt(wire.route("encrypt"), body));
      refused += read(() -> wire.codec.readDecrypt(wire.route("decrypt"), body));
      refused += read(() -> wire.codec.readRandomBytes(wire.route("generateRandomBytes"), body));
    }
    return refused;
  }

  private static int read(Runnable reading) {
    try {
      reading.run();
      return 0;
    } catch (EkmException e) {
      assertThat(e.code().httpStatus()).isIn(400, 404, 413);
      return 1;
    }
  }

  private static final class Holder {
    static final Wire LENIENT = Wire.lenient();
    static final Wire STRICT = Wire.strict();
  }
}
