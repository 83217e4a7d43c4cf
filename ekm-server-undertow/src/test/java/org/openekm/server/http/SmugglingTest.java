// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Messages that two parsers could read differently: none may reach the endpoint, let alone a
 * request hidden in another.
 */
class SmugglingTest {

  private static final String START = "POST " + TestServer.PATH + " HTTP/1.1\r\nHost: ekm\r\n";
  private static final String HIDDEN =
      "POST /ekm/v1/vaults/hidden/keys/k1/decrypt HTTP/1.1\r\nHost: ekm\r\nContent-Length: 2\r\n\r\n{}";

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void clTe_bothFramingHeaders_isRefusedAndClosed() {
    assertRefused(
        START + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN);
  }

  @Test
  void teCl_bothFramingHeaders_isRefusedAndClosed() {
    assertRefused(
        START
            + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n8\r\nSMUGGLED\r\n0\r\n\r\n"
            + HIDDEN);
  }

  @Test
  void teTe_twoTransferEncodings_isRefusedAndClosed() {
    assertRefused(
        START
            + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n"
            + HIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xchunked",
        "chunked, identity",
        "identity, chunked",
        "gzip, chunked",
        "identity",
        "\u000bchunked",
        "chunked\u000b",
        "\"chunked\"",
        "chunked;q=1"
      })
  void transferEncoding_otherThanChunked_isRefusedAndClosed(String coding) {
    assertRefused(START + "Transfer-Encoding: " + coding + "\r\n\r\n0\r\n\r\n" + HIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding : chunked",
        " Transfer-Encoding: chunked",
        "Transfer-Encoding\t: chunked",
        "Content-Length : 2"
      })
  void headerName_withBlanksAround_isRefused(String line) {
    assertRefused(START + line + "\r\n\r\n0\r\n\r\n" + HIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"+2", "-2", "2, 2", "2 2", "0x2", "2.0", "", "99999999999999999999", "\u0662"})
  void contentLength_notPlainNumber_isRefused(String length) {
    assertRefused(START + "Content-Length: " + length + "\r\n\r\n{}" + HIDDEN);
  }

  @Test
  void contentLength_twice_isRefused() {
    assertRefused(START + "Content-Length: 2\r\nContent-Length: 45\r\n\r\n{}" + HIDDEN);
  }

  @Test
  void contentLength_twiceTheSame_isRefused() {
    assertRefused(START + "Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}" + HIDDEN);
  }

  @Test
  void obsFold_hidesTransferEncoding_becomesPartOfTheValueBefore() {
    try (RawHttp client = server.connect()) {
      client.send(
          START
              + "Authorization: one\r\n\tTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}");
      assertThat(RawHttp.status(client.response())).isEqualTo(200);
      assertThat(server.seen).hasSize(1);
      assertThat(server.seen.get(0).body()).isEqualTo("{}");
      assertThat(server.seen.get(0).authorization()).contains("one Transfer-Encoding: chunked");
    }
  }

  @Test
  void obsFold_beforeFirstHeader_isRefused() {
    assertRefused(
        "POST " + TestServer.PATH + " HTTP/1.1\r\n Host: ekm\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  void bareLineFeed_endsHeaderLine_isRefused() {
    assertRefused(START + "X-Any: one\nContent-Length: 2\r\n\r\n{}" + HIDDEN);
  }

  @Test
  void bareCarriageReturn_inHeader_isRefused() {
    assertRefused(START + "X-Any: one\rTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  void nulByte_inHeader_isRefused() {
    assertRefused(START + "X-Any: o\u0000ne\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  void hosts_two_isRefused() {
    assertRefused(START + "Host: other\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  void host_missing_isRefused() {
    assertRefused("POST " + TestServer.PATH + " HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ekm/evil", "ekm:port", "a b", "ekm@evil", "[::1"})
  void host_malformed_isRefused(String host) {
    assertRefused(
        "POST "
            + TestServer.PATH
            + " HTTP/1.1\r\nHost: "
            + host
            + "\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  void absoluteForm_asTarget_isRefused() {
    assertRefused(
        "POST http://ekm"
            + TestServer.PATH
            + " HTTP/1.1\r\nHost: ekm\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  void http09_simpleRequest_isRefused() {
    assertRefused("GET " + TestServer.PATH + "\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/0.9", "HTTP/2.0", "HTTP/11", "http/1.1", "ICY/1.0"})
  void version_unknown_isRefused(String version) {
    assertRefused(
        "POST " + TestServer.PATH + " " + version + "\r\nHost: ekm\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  void authorization_twice_isRefused() {
    assertRefused(
        START
            + "Authorization: Bearer a\r\nAuthorization: Bearer b\r\nContent-Length: 2\r\n\r\n{}");
  }

  @Test
  void http2_withPriorKnowledge_isRefused_soThatThereIsNoRapidReset() {
    assertRefused("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\u0000".repeat(9));
  }

  @Test
  void http2_upgradeOffered_isIgnored() {
    try (RawHttp client = server.connect()) {
      String upgrade =
          "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
      String answer = client.send(START + upgrade + "Content-Length: 2\r\n\r\n{}").response();
      assertThat(RawHttp.status(answer)).isEqualTo(200);
    }
  }

  @Test
  void http10_withChunkedBody_isRefused() {
    assertRefused(
        "POST "
            + TestServer.PATH
            + " HTTP/1.0\r\nHost: ekm\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz", "-2", "+2", "0x2", " 2", "ffffffffffffffffff", ""})
  void chunkSize_malformed_isRefused(String size) {
    assertRefused(
        START + "Transfer-Encoding: chunked\r\n\r\n" + size + "\r\n{}\r\n0\r\n\r\n" + HIDDEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}XX\r\n0\r\n\r\n",
        "2 \r\n{}\r\n0\r\n\r\n",
        "2;ext=1\r\n{}\r\n0\r\n\r\n",
        "2;\n{}\r\n0\r\n\r\n",
        "2\n{}\n0\n\n"
      })
  void chunkedBody_whateverFollowsIt_isNeverRead(String chunks) {
    try (RawHttp client = server.connect()) {
      client.send(START + "Transfer-Encoding: chunked\r\n\r\n" + chunks + HIDDEN);
      String answer = client.untilClosed();
      assertThat(answer.split("HTTP/1.1 ", -1)).as(answer).hasSizeLessThanOrEqualTo(2);
    }
    assertThat(server.seen).allSatisfy(seen -> assertThat(seen.body()).isEqualTo("{}"));
    assertThat(server.seen).extracting(TestServer.Seen::path).doesNotContain("hidden");
    assertThat(server.seen).hasSizeLessThanOrEqualTo(1);
    assertThat(server.answers()).isTrue();
  }

  @Test
  void chunkedBody_wellFormed_isOneRequest() {
    try (RawHttp client = server.connect()) {
      String answer =
          client
              .send(START + "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n")
              .response();
      assertThat(RawHttp.status(answer)).isEqualTo(200);
      assertThat(server.seen).extracting(TestServer.Seen::body).containsExactly("{}");
    }
  }

  @Test
  void pipelinedRequests_wellFormed_areAnsweredInOrder() {
    try (RawHttp client = server.connect()) {
      client.send(TestServer.post("1") + TestServer.post("22") + TestServer.post("333"));
      assertThat(client.response()).endsWith("{\"length\":1}");
      assertThat(client.response()).endsWith("{\"length\":2}");
      assertThat(client.response()).endsWith("{\"length\":3}");
    }
  }

  private void assertRefused(String message) {
    try (RawHttp client = server.connect()) {
      client.send(message);
      client.endOutput();
      String answer = client.untilClosed();
      assertThat(RawHttp.status(answer)).as(answer).isIn(-1, 400);
      assertThat(answer)
          .as("one answer at most, then the connection closes")
          .doesNotContain("200 OK");
    }
    assertThat(server.seen).isEmpty();
    assertThat(server.answers()).isTrue();
  }
}
