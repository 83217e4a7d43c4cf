// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The examples in the standard's own text. */
final class TtlvSpecExamplesTest {

  private static final int TAG = 0x420020;
  private static final TtlvLimits LIMITS = TtlvLimits.ofBytes(1_000);

  @Test
  void integer() {
    both("42002002000000040000000800000000", new Ttlv(TAG, TtlvType.INTEGER, 8));
  }

  @Test
  void longInteger() {
    both(
        "420020030000000801B69B4BA5749200",
        new Ttlv(TAG, TtlvType.LONG_INTEGER, 123456789000000000L));
  }

  @Test
  void bigInteger() {
    both(
        "42002004000000100000000003FD35EB6BC2DF4618080000",
        new Ttlv(TAG, TtlvType.BIG_INTEGER, new BigInteger("1234567890000000000000000000")));
  }

  @Test
  void bigInteger_negative_isExtendedByItsSign() {
    both(
        "4200200400000008FFFFFFFFFFFFFFFF",
        new Ttlv(TAG, TtlvType.BIG_INTEGER, BigInteger.ONE.negate()));
  }

  @Test
  void enumeration() {
    both("4200200500000004000000FF00000000", new Ttlv(TAG, TtlvType.ENUMERATION, 255));
  }

  @Test
  void bool() {
    both("42002006000000080000000000000001", new Ttlv(TAG, TtlvType.BOOLEAN, true));
  }

  @Test
  void textString() {
    both(
        "420020070000000B48656C6C6F20576F726C640000000000",
        new Ttlv(TAG, TtlvType.TEXT_STRING, "Hello World"));
  }

  @Test
  void byteString() {
    both(
        "42002008000000030102030000000000",
        new Ttlv(TAG, TtlvType.BYTE_STRING, new byte[] {1, 2, 3}));
  }

  @Test
  void dateTime() {
    long seconds = Instant.parse("2008-03-14T11:56:40Z").getEpochSecond();
    both("42002009000000080000000047DA67F8", new Ttlv(TAG, TtlvType.DATE_TIME, seconds));
  }

  @Test
  void interval() {
    both("4200200A00000004000D2F0000000000", new Ttlv(TAG, TtlvType.INTERVAL, 864_000));
  }

  @Test
  void structure() {
    both(
        "42002001000000204200040500000004000000FE000000004200050200000004000000FF00000000",
        new Ttlv(
            TAG,
            List.of(
                new Ttlv(0x420004, TtlvType.ENUMERATION, 254),
                new Ttlv(0x420005, TtlvType.INTEGER, 255))));
  }

  @Test
  void dump_showsNoValues() {
    Ttlv item =
        Ttlv.structure(
            Tag.REQUEST_PAYLOAD,
            Ttlv.bytes(Tag.DATA, new byte[] {77, 78}),
            Ttlv.text(Tag.UNIQUE_IDENTIFIER, "secret-name"));

    assertThat(item).hasToString("request payload[data(2 bytes), unique identifier(TEXT_STRING)]");
  }

  private static void both(String hex, Ttlv item) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThat(TtlvEncoder.encode(item)).isEqualTo(bytes);
    assertThat(TtlvDecoder.decode(bytes, LIMITS)).isEqualTo(item);
  }
}
