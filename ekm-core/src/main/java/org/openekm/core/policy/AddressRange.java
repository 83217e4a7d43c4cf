// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A network in CIDR notation, IPv4 or IPv6, or a single address. IPv4 addresses that are written or
 * sent in their IPv6-mapped form count as IPv4.
 */
final class AddressRange {

  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;
  private static final int MAPPED_PREFIX_BITS = 96;
  private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
  private static final Pattern V4 =
      Pattern.compile(OCTET + "\\." + OCTET + "\\." + OCTET + "\\." + OCTET);
  private static final Pattern V6 =
      Pattern.compile("(?=[^:]*:[^:]*:)[0-9a-fA-F:]+(" + V4.pattern() + ")?");
  private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");

  private final byte[] network;
  private final int bits;

  private AddressRange(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  /**
   * Reads a network. Never asks a name server.
   *
   * @throws IllegalArgumentException with the rule that the text breaks
   */
  static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    byte[] written = literalBytes(literal);
    byte[] address = normalized(written);
    boolean mapped = literal.indexOf(':') >= 0 && address.length == V4_BYTES;
    int size = (mapped ? V6_BYTES : address.length) * Byte.SIZE;
    int prefix = slash < 0 ? size : prefix(text.substring(slash + 1), size);
    if (mapped && prefix < MAPPED_PREFIX_BITS) {
      throw new IllegalArgumentException(
          "must have a prefix of 96 to 128 bits, as it is an IPv4 network in IPv6 form");
    }
    int bits = mapped ? prefix - MAPPED_PREFIX_BITS : prefix;
    requireNoHostBits(address, bits);
    return new AddressRange(address, bits);
  }

  /** Returns the four bytes of an IPv4 address in IPv6-mapped form, else the same bytes. */
  static byte[] normalized(byte[] address) {
    if (address.length != V6_BYTES || address[10] != -1 || address[11] != -1) {
      return address;
    }
    for (int i = 0; i < 10; i++) {
      if (address[i] != 0) {
        return address;
      }
    }
    return Arrays.copyOfRange(address, V6_BYTES - V4_BYTES, V6_BYTES);
  }

  /** Says whether the address, as {@link #normalized} gives it, lies in this network. */
  boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = bits / Byte.SIZE;
    for (int i = 0; i < whole; i++) {
      if (address[i] != network[i]) {
        return false;
      }
    }
    int rest = bits % Byte.SIZE;
    return rest == 0 || ((address[whole] ^ network[whole]) & (0xFF00 >> rest) & 0xFF) == 0;
  }

  private static int prefix(String text, int size) {
    if (!PREFIX.matcher(text).matches() || Integer.parseInt(text) > size) {
      throw new IllegalArgumentException(
          "must have a prefix of 0 to " + size + " bits after the slash");
    }
    return Integer.parseInt(text);
  }

  private static byte[] literalBytes(String literal) {
    Matcher v4 = V4.matcher(literal);
    if (v4.matches()) {
      byte[] bytes = new byte[V4_BYTES];
      for (int i = 0; i < V4_BYTES; i++) {
        bytes[i] = (byte) Integer.parseInt(v4.group(i + 1));
      }
      return bytes;
    }
    if (V6.matcher(literal).matches()) {
      try {
        // Text with two colons is never looked up: it is a literal or an error.
        return InetAddress.getByName(literal).getAddress();
      } catch (UnknownHostException e) {
        throw notAnAddress(e);
      }
    }
    throw notAnAddress(null);
  }

  private static IllegalArgumentException notAnAddress(@Nullable Throwable cause) {
    return new IllegalArgumentException(
        "must be an IPv4 or IPv6 address or network such as 203.0.113.0/24 or 2001:db8::/32",
        cause);
  }

  private static void requireNoHostBits(byte[] address, int bits) {
    for (int bit = bits; bit < address.length * Byte.SIZE; bit++) {
      if ((address[bit / Byte.SIZE] & (0x80 >> (bit % Byte.SIZE))) != 0) {
        throw new IllegalArgumentException(
            "must not have bits set beyond its prefix; give the network's first address or a longer prefix");
      }
    }
  }
}
