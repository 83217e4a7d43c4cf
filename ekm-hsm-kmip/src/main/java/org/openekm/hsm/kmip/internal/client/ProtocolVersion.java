// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;

/**
 * A version of KMIP.
 *
 * @param major before the point
 * @param minor after it
 */
public record ProtocolVersion(int major, int minor) implements Comparable<ProtocolVersion> {

  /** The first version whose encryption takes AAD and gives a tag. */
  public static final ProtocolVersion V1_4 = new ProtocolVersion(1, 4);

  /** The versions that we speak, best first. */
  public static final List<ProtocolVersion> SPOKEN =
      List.of(
          new ProtocolVersion(2, 1),
          new ProtocolVersion(2, 0),
          V1_4,
          new ProtocolVersion(1, 3),
          new ProtocolVersion(1, 2));

  /** The version in which other versions are asked for: the first that knows the question. */
  static final ProtocolVersion OF_DISCOVERY = new ProtocolVersion(1, 1);

  private static final Pattern FORM = Pattern.compile("[12]\\.[0-9]");
  private static final Comparator<ProtocolVersion> ORDER =
      Comparator.comparingInt(ProtocolVersion::major).thenComparingInt(ProtocolVersion::minor);

  /**
   * Reads a version that we speak, such as {@code 1.4}.
   *
   * @throws IllegalArgumentException if it is another or none
   */
  public static ProtocolVersion parse(String text) {
    if (FORM.matcher(text).matches()) {
      ProtocolVersion version = new ProtocolVersion(text.charAt(0) - '0', text.charAt(2) - '0');
      if (SPOKEN.contains(version)) {
        return version;
      }
    }
    throw new IllegalArgumentException("not a version that is spoken here");
  }

  /** Returns true if encryption takes AAD and gives a tag. */
  public boolean hasAuthenticatedEncryption() {
    return compareTo(V1_4) >= 0;
  }

  /** Returns true if attributes have tags of their own. */
  public boolean hasAttributeTags() {
    return major >= 2;
  }

  Ttlv toTtlv() {
    return Ttlv.structure(
        Tag.PROTOCOL_VERSION,
        Ttlv.integer(Tag.PROTOCOL_VERSION_MAJOR, major),
        Ttlv.integer(Tag.PROTOCOL_VERSION_MINOR, minor));
  }

  static ProtocolVersion of(Ttlv item) {
    return new ProtocolVersion(
        item.get(Tag.PROTOCOL_VERSION_MAJOR).asInteger(),
        item.get(Tag.PROTOCOL_VERSION_MINOR).asInteger());
  }

  @Override
  public int compareTo(ProtocolVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
