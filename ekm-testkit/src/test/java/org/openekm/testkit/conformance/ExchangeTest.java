// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.openekm.testkit.conformance.http.Exchange;
import org.openekm.testkit.conformance.http.RawAnswer;
import org.openekm.testkit.conformance.http.RawRequest;

class ExchangeTest {

  @Test
  void of_secretsInRequestAndAnswer_areTakenOut() {
    RawRequest request =
        RawRequest.of("POST", "/x?access_token=tok-1&a=b", "h")
            .header("Authorization", "Bearer tok-2")
            .body("{\"plaintext\":\"c2VjcmV0\",\"aad\":\"YWFk\"}");
    byte[] body = "{\"plaintext\": \"c2VjcmV0\"}".getBytes(StandardCharsets.UTF_8);
    Exchange exchange = Exchange.of(request.bytes(), new RawAnswer(200, List.of("A: b"), body, 7));

    assertThat(exchange.request() + exchange.answer())
        .doesNotContain("tok-1", "tok-2", "c2VjcmV0")
        .contains("access_token=[redacted]&a=b", "Bearer [redacted]", "YWFk", "A: b");
    assertThat(exchange.millis()).isEqualTo(7);
  }

  @Test
  void withoutAnswer_longRequest_isCut() {
    byte[] request = "x".repeat(10_000).getBytes(StandardCharsets.US_ASCII);

    Exchange exchange = Exchange.withoutAnswer(request, Optional.empty());

    assertThat(exchange.request()).hasSizeLessThan(2_100).endsWith("(8000 more)");
    assertThat(exchange.answer()).isEqualTo("(no answer)");
  }
}
