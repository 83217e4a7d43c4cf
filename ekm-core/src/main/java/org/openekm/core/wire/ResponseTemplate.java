// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;

/**
 * The shape of one operation's answer: names in the profile's order, each for a value or for a
 * nested object. A value that an answer doesn't have is left out. Immutable and thread-safe.
 */
final class ResponseTemplate {

  private static final int SIZE_WITHOUT_BASE64 = 640;

  private final List<Member> members;
  private final Set<ResponseValue> used = EnumSet.noneOf(ResponseValue.class);

  ResponseTemplate(List<Member> members) {
    this.members = List.copyOf(members);
    members.forEach(member -> member.collect(used));
  }

  /** Returns true if the answer shows the value, at any depth. */
  boolean uses(ResponseValue value) {
    return used.contains(value);
  }

  byte[] render(Map<ResponseValue, Object> values) {
    int capacity = SIZE_WITHOUT_BASE64;
    for (Object value : values.values()) {
      if (value instanceof Bytes bytes) {
        capacity += JsonBuffer.base64Length(bytes.length());
      } else if (value instanceof SecretBytes secret) {
        // twice, since a profile may give the random bytes two names
        capacity += 2 * JsonBuffer.base64Length(secret.length());
      }
    }
    JsonBuffer out = new JsonBuffer(capacity);
    renderObject(members, values, out);
    return out.finish();
  }

  private static void renderObject(
      List<Member> members, Map<ResponseValue, Object> values, JsonBuffer out) {
    char separator = '{';
    for (Member member : members) {
      if (member.isPresent(values)) {
        out.raw(separator);
        member.render(values, out);
        separator = ',';
      }
    }
    if (separator == '{') {
      out.raw('{');
    }
    out.raw('}');
  }

  /** One name of an answer, and what stands behind it. */
  static final class Member {

    private final byte[] quotedName;
    private final @Nullable ResponseValue value;
    private final List<Member> nested;

    private Member(String name, @Nullable ResponseValue value, List<Member> nested) {
      this.quotedName = ("\"" + name + "\":").getBytes(StandardCharsets.US_ASCII);
      this.value = value;
      this.nested = nested;
    }

    static Member ofValue(String name, ResponseValue value) {
      return new Member(name, value, List.of());
    }

    static Member ofObject(String name, List<Member> members) {
      return new Member(name, null, List.copyOf(members));
    }

    private void collect(Set<ResponseValue> used) {
      if (value != null) {
        used.add(value);
      }
      nested.forEach(member -> member.collect(used));
    }

    boolean isPresent(Map<ResponseValue, Object> values) {
      return value == null || values.containsKey(value);
    }

    void render(Map<ResponseValue, Object> values, JsonBuffer out) {
      out.raw(quotedName);
      Object found = value == null ? null : values.get(value);
      if (found == null) {
        renderObject(nested, values, out);
      } else if (found instanceof SecretBytes secret) {
        out.base64(secret);
      } else if (found instanceof Bytes bytes) {
        out.base64(bytes);
      } else if (found instanceof Integer || found instanceof Boolean) {
        out.literal(found);
      } else {
        out.string(found.toString());
      }
    }
  }
}
