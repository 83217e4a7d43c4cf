// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.openekm.hsm.kmip.oasis.OasisCases;
import org.openekm.hsm.kmip.oasis.OasisXml;
import org.w3c.dom.Element;

/** Every message of OASIS's test cases, against bytes that none of our code has made. */
final class OasisMessagesTest {

  private static final TtlvLimits LIMITS = TtlvLimits.ofBytes(1 << 20);

  @Test
  void messages_decodeAndEncodeToTheSameBytesAndSayWhatTheXmlSays() {
    Optional<Path> archive = OasisCases.find();
    if (archive.isEmpty()) {
      System.out.println(OasisCases.NOT_FOUND);
    }
    assumeTrue(archive.isPresent(), OasisCases.NOT_FOUND);
    Map<String, Integer> exceptions = new TreeMap<>();
    int right = 0;
    int all = 0;
    for (OasisCases.Case each : OasisCases.read(archive.get())) {
      for (Element message : each.messages()) {
        all++;
        try {
          check(each.name(), message);
          right++;
        } catch (OasisXml.UnknownNameException e) {
          exceptions.merge(each.name() + ": uses " + e.getMessage(), 1, Integer::sum);
        }
      }
    }
    System.out.println("OASIS KMIP cases: " + right + " of " + all + " messages are right");
    exceptions.forEach((what, count) -> System.out.println("  not tried, " + count + " x " + what));

    assertThat(all).isGreaterThan(3_600);
    assertThat(right).isGreaterThan(3_600);
    assertThat(exceptions.keySet()).allMatch(what -> what.contains("PKCS_11"));
  }

  private static void check(String name, Element message) {
    OasisXml xml = new OasisXml(1_700_000_000);
    byte[] bytes = xml.bytes(message);

    Ttlv decoded = TtlvDecoder.decode(bytes, LIMITS);

    assertThat(lines(decoded)).as(name).isEqualTo(xml.lines(message));
    assertThat(TtlvEncoder.encode(decoded)).as(name).isEqualTo(bytes);
  }

  private static List<String> lines(Ttlv item) {
    List<String> lines = new ArrayList<>();
    String head = String.format("%06X %d ", item.tag(), item.type().code());
    if (item.type() == TtlvType.STRUCTURE) {
      lines.add(head);
      item.children().forEach(child -> lines.addAll(lines(child)));
    } else {
      lines.add(head + text(item));
    }
    return lines;
  }

  private static String text(Ttlv item) {
    Object value = item.value();
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof BigInteger number) {
      byte[] shortest = number.toByteArray();
      String sign = number.signum() < 0 ? "ff" : "00";
      int free = (8 - shortest.length % 8) % 8;
      return sign.repeat(free) + HexFormat.of().formatHex(shortest);
    }
    return value.toString();
  }
}
