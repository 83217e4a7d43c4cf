// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.ArrayList;
import java.util.List;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.ProtocolVersion;
import org.openekm.hsm.kmip.internal.client.RequestItem;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;

/** The requests about keys, field by field in the order that the standard fixes. */
final class Requests {

  private static final int RAW = 1;
  private static final int QUERY_OPERATIONS = 1;
  private static final int CESSATION_OF_OPERATION = 6;
  private static final int BITS_OF_A_BYTE = 8;

  /** More than one is a fault that must show. */
  private static final int ENOUGH_TO_FIND = 2;

  private Requests() {}

  static RequestItem create(ProtocolVersion version, List<Ttlv> attributes) {
    return RequestItem.of(
        KmipOperation.CREATE,
        Ttlv.enumeration(Tag.OBJECT_TYPE, KeyFacts.SYMMETRIC_KEY),
        Attributes.forNewObject(version, attributes));
  }

  /** Takes the material over; the caller wipes it. */
  static RequestItem register(ProtocolVersion version, List<Ttlv> attributes, byte[] material) {
    return RequestItem.of(
        KmipOperation.REGISTER,
        Ttlv.enumeration(Tag.OBJECT_TYPE, KeyFacts.SYMMETRIC_KEY),
        Attributes.forNewObject(version, attributes),
        Ttlv.structure(
            Tag.SYMMETRIC_KEY,
            Ttlv.structure(
                Tag.KEY_BLOCK,
                Ttlv.enumeration(Tag.KEY_FORMAT_TYPE, RAW),
                Ttlv.structure(Tag.KEY_VALUE, Ttlv.bytes(Tag.KEY_MATERIAL, material)),
                Ttlv.enumeration(Tag.CRYPTOGRAPHIC_ALGORITHM, KeyFacts.AES),
                Ttlv.integer(Tag.CRYPTOGRAPHIC_LENGTH, material.length * BITS_OF_A_BYTE))));
  }

  static RequestItem locate(ProtocolVersion version, String name) {
    List<Ttlv> fields = new ArrayList<>();
    fields.add(Ttlv.integer(Tag.MAXIMUM_ITEMS, ENOUGH_TO_FIND));
    fields.addAll(Attributes.forSearch(version, List.of(Attributes.name(name))));
    return RequestItem.of(KmipOperation.LOCATE, fields);
  }

  static RequestItem getAttributes(ProtocolVersion version, String key, boolean withProtection) {
    List<Ttlv> fields = new ArrayList<>();
    fields.add(identifier(key));
    fields.addAll(Attributes.asked(version, withProtection));
    return RequestItem.of(KmipOperation.GET_ATTRIBUTES, fields);
  }

  static RequestItem get(String key) {
    return RequestItem.of(
        KmipOperation.GET, identifier(key), Ttlv.enumeration(Tag.KEY_FORMAT_TYPE, RAW));
  }

  static RequestItem activate(String key) {
    return RequestItem.of(KmipOperation.ACTIVATE, identifier(key));
  }

  static RequestItem revoke(String key) {
    return RequestItem.of(
        KmipOperation.REVOKE,
        identifier(key),
        Ttlv.structure(
            Tag.REVOCATION_REASON,
            Ttlv.enumeration(Tag.REVOCATION_REASON_CODE, CESSATION_OF_OPERATION)));
  }

  static RequestItem destroy(String key) {
    return RequestItem.of(KmipOperation.DESTROY, identifier(key));
  }

  /** The least that every server answers. */
  static RequestItem query() {
    return RequestItem.of(
        KmipOperation.QUERY, Ttlv.enumeration(Tag.QUERY_FUNCTION, QUERY_OPERATIONS));
  }

  static RequestItem random(int length) {
    return RequestItem.of(KmipOperation.RNG_RETRIEVE, Ttlv.integer(Tag.DATA_LENGTH, length));
  }

  static Ttlv identifier(String key) {
    return Ttlv.text(Tag.UNIQUE_IDENTIFIER, key);
  }
}
