// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;

final class JsonBufferTest {

  @Test
  void base64_everyLengthUpTo100_isWhatTheJdkWrites() {
    Random random = new Random(4);
    for (int length = 0; length <= 100; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      JsonBuffer buffer = new JsonBuffer(1);

      buffer.base64(Bytes.copyOf(bytes));
      buffer.base64(SecretBytes.copyOf(bytes));

      String quoted = '"' + Base64.getEncoder().encodeToString(bytes) + '"';
      assertThat(buffer.finish()).asString(UTF_8).isEqualTo(quoted + quoted);
    }
  }

  @Test
  void finish_secondTime_hasNothingLeft() {
    JsonBuffer buffer = new JsonBuffer(16);
    buffer.string("secret");

    assertThat(buffer.finish()).asString(UTF_8).isEqualTo("\"secret\"");
    assertThat(buffer.finish()).isEmpty();
  }
}
