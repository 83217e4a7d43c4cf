// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.oasis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import org.w3c.dom.Element;

/**
 * Reads the XML form of KMIP without any of our own code: it gives the bytes that a message must
 * have, and a line for each of its items. Places that a server fills take what was bound to their
 * names.
 */
public final class OasisXml {

  private static final Properties TAGS = load("tags.properties");
  private static final Properties ENUMERATIONS = load("enumerations.properties");
  private static final Map<String, Integer> MASKS =
      Map.of(
          "Sign", 1,
          "Verify", 2,
          "Encrypt", 4,
          "Decrypt", 8,
          "WrapKey", 0x10,
          "MACGenerate", 0x80,
          "MACVerify", 0x100,
          "Software", 1);
  private static final Map<String, Integer> TYPES =
      Map.of(
          "Structure", 1,
          "Integer", 2,
          "LongInteger", 3,
          "BigInteger", 4,
          "Enumeration", 5,
          "Boolean", 6,
          "TextString", 7,
          "ByteString", 8,
          "DateTime", 9,
          "Interval", 10);

  private final long now;
  private final Map<String, byte[]> bound = new HashMap<>();

  /** Makes a reader for which $NOW is this second. */
  public OasisXml(long now) {
    this.now = now;
  }

  /** A message that uses what is not in our tables. */
  public static final class UnknownNameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnknownNameException(String name) {
      super(name);
    }
  }

  /** Binds a name such as $UNIQUE_IDENTIFIER_0, unless it is bound. */
  public void bind(String name, byte[] value) {
    bound.putIfAbsent(name, value);
  }

  /** Returns true if the name is bound. */
  public boolean isBound(String name) {
    return bound.containsKey(name);
  }

  /** Returns the message's bytes. */
  public byte[] bytes(Element item) {
    byte[] value = value(item);
    ByteBuffer out = ByteBuffer.allocate(8 + value.length + padding(value.length));
    out.putInt(tag(item.getTagName()) << 8 | type(item));
    out.putInt(value.length);
    out.put(value);
    return out.array();
  }

  /** Returns a line of tag, type and value for each item, structures first. */
  public List<String> lines(Element item) {
    List<String> lines = new ArrayList<>();
    String head = String.format("%06X %d ", tag(item.getTagName()), type(item));
    if (type(item) == 1) {
      lines.add(head);
      OasisCases.children(item).forEach(child -> lines.addAll(lines(child)));
    } else {
      lines.add(head + text(item));
    }
    return lines;
  }

  private String text(Element item) {
    return switch (type(item)) {
      case 6 -> item.getAttribute("value");
      case 7 -> new String(value(item), UTF_8);
      case 4, 8 -> HexFormat.of().formatHex(value(item));
      default -> new BigInteger(value(item)).toString();
    };
  }

  private byte[] value(Element item) {
    String text = item.getAttribute("value");
    return switch (type(item)) {
      case 1 -> structure(item);
      case 2 -> ByteBuffer.allocate(4).putInt(integer(text)).array();
      case 3 -> ByteBuffer.allocate(8).putLong(Long.parseLong(text)).array();
      case 5 -> ByteBuffer.allocate(4).putInt(enumeration(item, text)).array();
      case 6 -> ByteBuffer.allocate(8).putLong(text.equals("true") ? 1 : 0).array();
      case 7 -> placeholder(text).orElseGet(() -> text.getBytes(UTF_8));
      case 9 -> ByteBuffer.allocate(8).putLong(time(text)).array();
      case 10 -> ByteBuffer.allocate(4).putInt(Integer.parseInt(text)).array();
      default -> placeholder(text).orElseGet(() -> HexFormat.of().parseHex(text));
    };
  }

  private Optional<byte[]> placeholder(String text) {
    return text.startsWith("$")
        ? Optional.of(bound.getOrDefault(text, text.getBytes(UTF_8)))
        : Optional.empty();
  }

  private byte[] structure(Element item) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OasisCases.children(item).forEach(child -> out.writeBytes(bytes(child)));
    return out.toByteArray();
  }

  private static int integer(String text) {
    if (text.matches("-?[0-9]+")) {
      return Integer.parseInt(text);
    }
    int mask = 0;
    for (String name : text.split("[ |]+", -1)) {
      mask |= Optional.ofNullable(MASKS.get(name)).orElseThrow(() -> unknown(name));
    }
    return mask;
  }

  private static int enumeration(Element item, String text) {
    if (text.startsWith("0x")) {
      return Integer.parseUnsignedInt(text.substring(2), 16);
    }
    String kind = item.getTagName();
    if (kind.equals("AttributeReference")) {
      return tag(text);
    }
    if (kind.equals("AttributeValue")) {
      kind =
          OasisCases.children((Element) item.getParentNode()).stream()
              .filter(sibling -> sibling.getTagName().equals("AttributeName"))
              .findFirst()
              .orElseThrow()
              .getAttribute("value")
              .replace(" ", "");
    }
    String key = kind + "." + text;
    return Integer.parseUnsignedInt(
        Optional.ofNullable(ENUMERATIONS.getProperty(key)).orElseThrow(() -> unknown(key)), 16);
  }

  private long time(String text) {
    if (text.startsWith("$NOW")) {
      String offset = text.substring("$NOW".length());
      return offset.isEmpty() ? now : now + Long.parseLong(offset);
    }
    return OffsetDateTime.parse(text).toEpochSecond();
  }

  private static int type(Element item) {
    String name = item.hasAttribute("type") ? item.getAttribute("type") : "Structure";
    return Objects.requireNonNull(TYPES.get(name), name);
  }

  private static int tag(String name) {
    return Integer.parseInt(
        Optional.ofNullable(TAGS.getProperty(name)).orElseThrow(() -> unknown(name)), 16);
  }

  private static UnknownNameException unknown(String name) {
    return new UnknownNameException(name);
  }

  private static int padding(int length) {
    return (8 - length % 8) % 8;
  }

  private static Properties load(String file) {
    Properties table = new Properties();
    try (InputStream in = OasisXml.class.getResourceAsStream(file)) {
      table.load(in);
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
