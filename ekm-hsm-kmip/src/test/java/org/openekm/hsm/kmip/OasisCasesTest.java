// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.openekm.hsm.kmip.internal.client.KmipClient;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.RefusedException;
import org.openekm.hsm.kmip.internal.client.RequestItem;
import org.openekm.hsm.kmip.internal.client.Result;
import org.openekm.hsm.kmip.internal.setup.KmipBackends;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;
import org.openekm.hsm.kmip.internal.ttlv.TtlvDecoder;
import org.openekm.hsm.kmip.internal.ttlv.TtlvLimits;
import org.openekm.hsm.kmip.internal.ttlv.TtlvType;
import org.openekm.hsm.kmip.oasis.OasisCases;
import org.openekm.hsm.kmip.oasis.OasisXml;
import org.openekm.hsm.kmip.testserver.TestClient;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipServerOptions;
import org.w3c.dom.Element;

/** OASIS's cases for AES-GCM and random bytes, through our client and the kit's server. */
class OasisCasesTest {

  private static final Pattern OURS =
      Pattern.compile("CS-(?:BC-M-GCM-[12]|RNG-M-1)-(1|2)([0-9])\\.xml");
  private static final TtlvLimits LIMITS = TtlvLimits.ofBytes(1 << 20);

  private final KmipAuthority authority = new KmipAuthority();
  private final TestClient files = new TestClient(authority, "oasis");
  private int refusals;

  @Test
  void gcmAndRandomCases_comeOutAsTheyShould() {
    Optional<Path> archive = OasisCases.find();
    if (archive.isEmpty()) {
      System.out.println(OasisCases.NOT_FOUND);
    }
    assumeTrue(archive.isPresent(), OasisCases.NOT_FOUND);
    List<String> done = new ArrayList<>();
    int exchanges = 0;
    for (OasisCases.Case each : OasisCases.read(archive.get())) {
      Matcher name = OURS.matcher(each.name());
      // Random bytes are in KMIP 1.3 too, encryption with a tag is not.
      if (name.matches()) {
        exchanges += run(each, name.group(1) + "." + name.group(2));
        done.add(each.name());
      }
    }
    System.out.println("OASIS KMIP cases through client and server: " + exchanges + ", " + done);

    assertThat(done).hasSize(10);
    assertThat(refusals).as("refusals that had to come").isEqualTo(15);
  }

  private int run(OasisCases.Case each, String version) {
    OasisXml xml = new OasisXml(System.currentTimeMillis() / 1000);
    KmipServerOptions options = KmipServerOptions.right().withVersions(version);
    try (FakeKmipServer server = FakeKmipServer.start(authority, options);
        KmipClient client = KmipBackends.client(files.context(server.port()))) {
      for (int i = 0; i < each.messages().size(); i += 2) {
        List<RequestItem> items = items(xml.bytes(each.messages().get(i)));
        List<Result> results = client.call(session -> session.sendAll(items), TestClient.soon());
        List<Element> expected = children(each.messages().get(i + 1), "BatchItem");
        assertThat(results).hasSameSizeAs(expected);
        for (int item = 0; item < results.size(); item++) {
          compare(each.name() + " message " + i, xml, expected.get(item), results.get(item));
        }
      }
    }
    return each.messages().size() / 2;
  }

  private static List<RequestItem> items(byte[] request) {
    return TtlvDecoder.decode(request, LIMITS).all(Tag.BATCH_ITEM).stream()
        .map(
            item ->
                new RequestItem(
                    KmipOperation.of(item.get(Tag.OPERATION).asEnumeration()).orElseThrow(),
                    item.get(Tag.REQUEST_PAYLOAD)))
        .toList();
  }

  private void compare(String what, OasisXml xml, Element expected, Result result) {
    String status = children(expected, "ResultStatus").get(0).getAttribute("value");
    if (!status.equals("Success")) {
      refusals++;
      RefusedException refused = result.refused().orElseThrow(() -> new AssertionError(what));
      String reason = children(expected, "ResultReason").get(0).getAttribute("value");
      assertThat(refused.reason().orElseThrow().label().replace(" ", ""))
          .as(what)
          .isEqualToIgnoringCase(reason);
      return;
    }
    List<Element> fields = children(children(expected, "ResponsePayload").get(0), "");
    List<Ttlv> got = result.payload().children();
    assertThat(got).as(what + ": " + result.refused()).hasSameSizeAs(fields);
    for (int i = 0; i < fields.size(); i++) {
      compareField(what, xml, fields.get(i), got.get(i));
    }
  }

  private static void compareField(String what, OasisXml xml, Element expected, Ttlv got) {
    String value = expected.getAttribute("value");
    if (value.startsWith("$")) {
      byte[] bytes =
          got.type() == TtlvType.TEXT_STRING ? got.asText().getBytes(UTF_8) : got.asBytes();
      xml.bind(value, bytes);
    }
    Ttlv wanted = TtlvDecoder.decode(xml.bytes(expected), LIMITS);
    if (what.contains("RNG") && got.is(Tag.DATA)) {
      assertThat(got.asBytes()).as(what).hasSameSizeAs(wanted.asBytes());
    } else {
      assertThat(got).as(what).isEqualTo(wanted);
    }
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (int i = 0; i < parent.getChildNodes().getLength(); i++) {
      if (parent.getChildNodes().item(i) instanceof Element element
          && (name.isEmpty() || element.getTagName().equals(name))) {
        found.add(element);
      }
    }
    return found;
  }
}
