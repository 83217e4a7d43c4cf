// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.EnumSet;
import java.util.Set;
import org.openekm.api.Bytes;
import org.openekm.api.EkmException;
import org.openekm.api.SecretBytes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads request bodies, token by token. Thread-safe. */
final class BodyReader {

  private static final int LONGEST_NAME = 256;
  private static final int LONGEST_WORD = 128;
  private static final int MOST_DIGITS = 9;
  private static final int IV_AND_TAG_LIMIT = 64;
  private static final String BODY = "body";

  private final WireProfile profile;
  private final WireLimits limits;
  private final BodyText text;
  private final JsonFactory factory;

  BodyReader(WireProfile profile, WireLimits limits) {
    this.profile = profile;
    this.limits = limits;
    this.text = new BodyText(profile.base64());
    this.factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxDepth())
                    .maxNameLength(LONGEST_NAME)
                    .maxNumberLength(LONGEST_WORD)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
  }

  /** Reads the body into {@code fields}; a blank body says nothing. */
  void read(byte[] body, NameTable names, RequestFields fields) {
    if (body.length > limits.maxBodyBytes()) {
      throw EkmException.tooLarge(BODY, "must be at most " + limits.maxBodyBytes() + " bytes");
    }
    if (isBlank(body)) {
      return;
    }
    requireUtf8(body);
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), body)) {
      readObject(new Cursor(parser, body, names, fields));
    } catch (JacksonException e) {
      // without the cause: the parser's message may quote the body
      throw notJson();
    }
  }

  private static boolean isBlank(byte[] body) {
    for (byte b : body) {
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return false;
      }
    }
    return true;
  }

  /**
   * The parser would guess UTF-16 and UTF-32 and skip a byte order mark; the contract knows plain
   * UTF-8 only.
   */
  private static void requireUtf8(byte[] body) {
    for (int i = 0; i < Math.min(body.length, 4); i++) {
      if (body[i] == 0 || (body[0] & 0x80) != 0) {
        throw notJson();
      }
    }
  }

  private EkmException notJson(String rule) {
    return EkmException.malformed(BODY, rule);
  }

  private static EkmException notJson() {
    return EkmException.malformed(
        BODY, "must be one JSON object in UTF-8, without duplicate fields and not nested too deep");
  }

  private void readObject(Cursor cursor) {
    JsonParser parser = cursor.parser();
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw notJson();
    }
    Set<RequestField> seen = EnumSet.noneOf(RequestField.class);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      RequestField field = cursor.names().field(parser.currentName());
      JsonToken value = parser.nextToken();
      if (field == null) {
        skipUnknown(cursor);
      } else if (value != JsonToken.VALUE_NULL) {
        if (!seen.add(field)) {
          throw cursor.fields().broken(field, "is given more than once");
        }
        readField(cursor, field, value);
      }
    }
    if (parser.nextToken() != null) {
      throw notJson();
    }
  }

  private void skipUnknown(Cursor cursor) {
    if (!profile.rules().ignoreUnknownFields()) {
      throw notJson(cursor.names().rule());
    }
    cursor.parser().skipChildren();
  }

  private void readField(Cursor cursor, RequestField field, JsonToken value) {
    switch (field) {
      case LENGTH -> cursor.fields().putLength(readLength(cursor, value));
      case MODE -> requireMode(cursor, readWord(cursor, field, value));
      case KEY_VERSION_ID -> cursor.fields().putVersion(readWord(cursor, field, value));
      case PLAINTEXT ->
          cursor.fields().putPlaintext(SecretBytes.adopt(readBase64(cursor, field, value)));
      default -> cursor.fields().put(field, Bytes.adopt(readBase64(cursor, field, value)));
    }
  }

  private void requireMode(Cursor cursor, String mode) {
    if (!profile.modes().accepts(mode)) {
      throw cursor.fields().broken(RequestField.MODE, "must be " + profile.modes().output());
    }
  }

  private static String readWord(Cursor cursor, RequestField field, JsonToken value) {
    if (value != JsonToken.VALUE_STRING) {
      throw cursor.fields().broken(field, "must be a string");
    }
    String word = cursor.parser().getString();
    if (word.length() > LONGEST_WORD) {
      throw cursor.fields().broken(field, "must be at most " + LONGEST_WORD + " characters");
    }
    return word;
  }

  private int readLength(Cursor cursor, JsonToken value) {
    String digits =
        value == JsonToken.VALUE_NUMBER_INT
                || (value == JsonToken.VALUE_STRING && profile.rules().integersAsStrings())
            ? cursor.parser().getString()
            : "";
    return lengthOf(digits, cursor.fields());
  }

  /** Returns the number that the digits stand for. */
  static int lengthOf(String digits, RequestFields fields) {
    boolean plain = !digits.isEmpty() && digits.length() <= MOST_DIGITS;
    for (int i = 0; plain && i < digits.length(); i++) {
      plain = digits.charAt(i) >= '0' && digits.charAt(i) <= '9';
    }
    if (!plain) {
      throw fields.broken(RequestField.LENGTH, "must be a whole number of bytes");
    }
    return Integer.parseInt(digits);
  }

  private byte[] readBase64(Cursor cursor, RequestField field, JsonToken value) {
    if (value != JsonToken.VALUE_STRING) {
      throw cursor.fields().broken(field, "must be a string of base64");
    }
    byte[] body = cursor.body();
    int quote = (int) cursor.parser().currentTokenLocation().getByteOffset();
    int end = BodyText.closingQuote(body, quote);
    if (end < 0) {
      throw notJson();
    }
    return text.base64(
        body, quote + 1, end, new BodyText.FieldLimit(cursor.names().primary(field), most(field)));
  }

  private int most(RequestField field) {
    return switch (field) {
      case PLAINTEXT -> limits.maxPlaintextBytes();
      // an appended tag comes on top
      case CIPHERTEXT -> limits.maxPlaintextBytes() + WireCodec.TAG_LENGTH;
      case AAD -> limits.maxAadBytes();
      default -> IV_AND_TAG_LIMIT;
    };
  }

  /** What one reading has in hand. */
  @SuppressWarnings(
      "ArrayRecordComponent") // never leaves this class, and a copy of the body would be a copy of
  // plaintext
  private record Cursor(JsonParser parser, byte[] body, NameTable names, RequestFields fields) {}
}
