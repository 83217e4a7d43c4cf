// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openekm.hsm.kmip.internal.client.ProtocolVersion;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;

/**
 * Attributes in both forms: before KMIP 2.0 a name as text and a value, since then a tag of their
 * own.
 */
final class Attributes {

  private static final int UNINTERPRETED_TEXT = 1;

  private static final Map<Tag, String> NAMES =
      Map.of(
          Tag.STATE, "State",
          Tag.OBJECT_TYPE, "Object Type",
          Tag.CRYPTOGRAPHIC_ALGORITHM, "Cryptographic Algorithm",
          Tag.CRYPTOGRAPHIC_LENGTH, "Cryptographic Length",
          Tag.CRYPTOGRAPHIC_USAGE_MASK, "Cryptographic Usage Mask",
          Tag.NAME, "Name",
          Tag.SENSITIVE, "Sensitive",
          Tag.EXTRACTABLE, "Extractable");

  private static final List<Tag> ASKED =
      List.of(
          Tag.STATE,
          Tag.OBJECT_TYPE,
          Tag.CRYPTOGRAPHIC_ALGORITHM,
          Tag.CRYPTOGRAPHIC_LENGTH,
          Tag.CRYPTOGRAPHIC_USAGE_MASK);

  private Attributes() {}

  /** Returns the attributes of a new AES key. */
  static List<Ttlv> ofNewKey(String name, int bits, boolean isProtected) {
    List<Ttlv> all = new ArrayList<>();
    all.add(Ttlv.enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM, KeyFacts.AES));
    all.add(Ttlv.integer(Tag.CRYPTOGRAPHIC_LENGTH, bits));
    all.add(Ttlv.integer(Tag.CRYPTOGRAPHIC_USAGE_MASK, KeyFacts.ENCRYPT_AND_DECRYPT));
    all.add(name(name));
    if (isProtected) {
      all.add(Ttlv.bool(Tag.SENSITIVE, true));
      all.add(Ttlv.bool(Tag.EXTRACTABLE, false));
    }
    return all;
  }

  /** Returns a name as an attribute. */
  static Ttlv name(String text) {
    return Ttlv.structure(
        Tag.NAME,
        Ttlv.text(Tag.NAME_VALUE, text),
        Ttlv.enumeration(Tag.NAME_TYPE, UNINTERPRETED_TEXT));
  }

  /** Returns attributes as the field of a request that makes an object. */
  static Ttlv forNewObject(ProtocolVersion version, List<Ttlv> attributes) {
    return version.hasAttributeTags()
        ? Ttlv.structure(Tag.ATTRIBUTES, attributes)
        : Ttlv.structure(
            Tag.TEMPLATE_ATTRIBUTE, attributes.stream().map(Attributes::named).toList());
  }

  /** Returns attributes as the fields of a request that finds objects. */
  static List<Ttlv> forSearch(ProtocolVersion version, List<Ttlv> attributes) {
    return version.hasAttributeTags()
        ? List.of(Ttlv.structure(Tag.ATTRIBUTES, attributes))
        : attributes.stream().map(Attributes::named).toList();
  }

  /** Returns the fields that ask for what {@link #facts} reads. */
  static List<Ttlv> asked(ProtocolVersion version, boolean withProtection) {
    List<Tag> tags = new ArrayList<>(ASKED);
    if (withProtection) {
      tags.add(Tag.SENSITIVE);
      tags.add(Tag.EXTRACTABLE);
    }
    return tags.stream()
        .map(
            tag ->
                version.hasAttributeTags()
                    ? Ttlv.enumeration(Tag.ATTRIBUTE_REFERENCE, tag.code())
                    : Ttlv.text(Tag.ATTRIBUTE_NAME, nameOf(tag)))
        .toList();
  }

  /** Reads the answer to {@link #asked}. */
  static KeyFacts facts(ProtocolVersion version, Ttlv payload) {
    Function<Tag, Optional<Ttlv>> attribute =
        version.hasAttributeTags()
            ? tag -> payload.get(Tag.ATTRIBUTES).find(tag)
            : tag -> namedIn(payload, nameOf(tag));
    return new KeyFacts(
        attribute.apply(Tag.STATE).map(Ttlv::asEnumeration).flatMap(KeyState::of),
        attribute.apply(Tag.OBJECT_TYPE).map(Ttlv::asEnumeration),
        attribute.apply(Tag.CRYPTOGRAPHIC_ALGORITHM).map(Ttlv::asEnumeration),
        attribute.apply(Tag.CRYPTOGRAPHIC_LENGTH).map(Ttlv::asInteger),
        attribute.apply(Tag.CRYPTOGRAPHIC_USAGE_MASK).map(Ttlv::asInteger),
        attribute.apply(Tag.SENSITIVE).map(Ttlv::asBoolean),
        attribute.apply(Tag.EXTRACTABLE).map(Ttlv::asBoolean));
  }

  private static Optional<Ttlv> namedIn(Ttlv payload, String name) {
    return payload.all(Tag.ATTRIBUTE).stream()
        .filter(one -> one.get(Tag.ATTRIBUTE_NAME).asText().equals(name))
        .findFirst()
        .flatMap(one -> one.find(Tag.ATTRIBUTE_VALUE));
  }

  private static Ttlv named(Ttlv attribute) {
    Tag tag = tagOf(attribute);
    return Ttlv.structure(
        Tag.ATTRIBUTE,
        Ttlv.text(Tag.ATTRIBUTE_NAME, nameOf(tag)),
        attribute.withTag(Tag.ATTRIBUTE_VALUE));
  }

  private static Tag tagOf(Ttlv attribute) {
    return NAMES.keySet().stream()
        .filter(attribute::is)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no such attribute: " + attribute));
  }

  private static String nameOf(Tag tag) {
    return NAMES.getOrDefault(tag, tag.name().toLowerCase(Locale.ROOT));
  }
}
