// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/** The corpus that fuzzing begins with, and ways to damage it. */
public final class Seeds {

  private Seeds() {}

  /** Returns the corpus. */
  public static List<byte[]> all() {
    try (InputStream in = Seeds.class.getResourceAsStream("seeds.txt")) {
      return new String(in.readAllBytes(), US_ASCII)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> HexFormat.of().parseHex(line.replace(" ", "")))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the message with some bytes changed, cut off, doubled or replaced. */
  public static byte[] damaged(byte[] message, Random random) {
    byte[] bytes = message.clone();
    for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(5)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> bytes = Arrays.copyOf(bytes, bytes.length + 8);
        default -> bytes[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
      }
    }
    return bytes;
  }
}
