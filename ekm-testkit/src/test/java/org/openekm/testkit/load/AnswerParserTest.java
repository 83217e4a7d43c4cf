// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerParserTest {

  private static final String ANSWER =
      "HTTP/1.1 403 Forbidden\r\nX-Long: " + "y".repeat(200) + "\r\nContent-Length: 5\r\n\r\nhello";

  private final AnswerParser parser = new AnswerParser();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 64, 1000})
  void feed_anyPieces_findsTheEndAndTheStatus(int size) {
    byte[] all = ANSWER.getBytes(StandardCharsets.US_ASCII);
    boolean whole = false;
    for (int at = 0; at < all.length; at += size) {
      assertThat(whole).isFalse();
      whole = parser.feed(ByteBuffer.wrap(all, at, Math.min(size, all.length - at)));
    }
    assertThat(whole).isTrue();
    assertThat(parser.status()).isEqualTo(403);
    assertThat(parser.closes()).isFalse();
  }

  @Test
  void feed_connectionCloseAndNoBody_areSeen() {
    String text = "HTTP/1.1 200 OK\r\nConnection: close\r\ncontent-length: 0\r\n\r\n";

    assertThat(parser.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)))).isTrue();
    assertThat(parser.closes()).isTrue();
  }

  @Test
  void reset_secondAnswer_startsAnew() {
    byte[] all = ANSWER.getBytes(StandardCharsets.US_ASCII);
    parser.feed(ByteBuffer.wrap(all));
    parser.reset();

    assertThat(parser.status()).isZero();
    assertThat(parser.feed(ByteBuffer.wrap(all))).isTrue();
  }
}
