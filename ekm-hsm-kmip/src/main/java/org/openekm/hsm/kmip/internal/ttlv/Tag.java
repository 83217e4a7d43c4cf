// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ttlv;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The tags that we write or look for, by their numbers on the wire. */
public enum Tag {
  /** The date from which a key may be used. */
  ACTIVATION_DATE(0x420001),
  /** An attribute before KMIP 2.0. */
  ATTRIBUTE(0x420008),
  /** Its name. */
  ATTRIBUTE_NAME(0x42000A),
  /** Its value. */
  ATTRIBUTE_VALUE(0x42000B),
  /** How many items a message has. */
  BATCH_COUNT(0x42000D),
  /** What happens after an item that fails. */
  BATCH_ERROR_CONTINUATION_OPTION(0x42000E),
  /** One operation or its answer. */
  BATCH_ITEM(0x42000F),
  /** Whether items are done in their order. */
  BATCH_ORDER_OPTION(0x420010),
  /** Such as GCM. */
  BLOCK_CIPHER_MODE(0x420011),
  /** Such as AES. */
  CRYPTOGRAPHIC_ALGORITHM(0x420028),
  /** In bits. */
  CRYPTOGRAPHIC_LENGTH(0x42002A),
  /** How to encrypt. */
  CRYPTOGRAPHIC_PARAMETERS(0x42002B),
  /** What a key may be used for. */
  CRYPTOGRAPHIC_USAGE_MASK(0x42002C),
  /** The initialization vector. */
  IV_COUNTER_NONCE(0x42003D),
  /** Key material and what it is. */
  KEY_BLOCK(0x420040),
  /** Such as Raw. */
  KEY_FORMAT_TYPE(0x420042),
  /** The bytes of a key. */
  KEY_MATERIAL(0x420043),
  /** What holds key material. */
  KEY_VALUE(0x420045),
  /** How many items to return. */
  MAXIMUM_ITEMS(0x42004F),
  /** The longest answer in bytes. */
  MAXIMUM_RESPONSE_SIZE(0x420050),
  /** A name of an object. */
  NAME(0x420053),
  /** The kind of a name. */
  NAME_TYPE(0x420054),
  /** The text of a name. */
  NAME_VALUE(0x420055),
  /** Such as Symmetric Key. */
  OBJECT_TYPE(0x420057),
  /** What is to be done. */
  OPERATION(0x42005C),
  /** A version of KMIP. */
  PROTOCOL_VERSION(0x420069),
  /** Its first number. */
  PROTOCOL_VERSION_MAJOR(0x42006A),
  /** Its second number. */
  PROTOCOL_VERSION_MINOR(0x42006B),
  /** What is asked of a server. */
  QUERY_FUNCTION(0x420074),
  /** The head of a request. */
  REQUEST_HEADER(0x420077),
  /** A request. */
  REQUEST_MESSAGE(0x420078),
  /** What an operation needs. */
  REQUEST_PAYLOAD(0x420079),
  /** The head of a response. */
  RESPONSE_HEADER(0x42007A),
  /** A response. */
  RESPONSE_MESSAGE(0x42007B),
  /** What an operation gives. */
  RESPONSE_PAYLOAD(0x42007C),
  /** Why an operation failed, for people. */
  RESULT_MESSAGE(0x42007D),
  /** Why an operation failed. */
  RESULT_REASON(0x42007E),
  /** Whether an operation succeeded. */
  RESULT_STATUS(0x42007F),
  /** Why a key is revoked. */
  REVOCATION_REASON(0x420081),
  /** The same as a number. */
  REVOCATION_REASON_CODE(0x420082),
  /** What a server says of itself. */
  SERVER_INFORMATION(0x420088),
  /** Such as Active. */
  STATE(0x42008D),
  /** A key. */
  SYMMETRIC_KEY(0x42008F),
  /** Attributes of a new object before KMIP 2.0. */
  TEMPLATE_ATTRIBUTE(0x420091),
  /** Our number of an item. */
  UNIQUE_BATCH_ITEM_ID(0x420093),
  /** The server's name of an object. */
  UNIQUE_IDENTIFIER(0x420094),
  /** Who made the server. */
  VENDOR_IDENTIFICATION(0x42009D),
  /** Plaintext, ciphertext or random bytes. */
  DATA(0x4200C2),
  /** How many bytes are wanted. */
  DATA_LENGTH(0x4200C4),
  /** Whether the server makes the initialization vector. */
  RANDOM_IV(0x4200C5),
  /** In bytes. */
  TAG_LENGTH(0x4200CE),
  /** AAD. */
  AUTHENTICATED_ENCRYPTION_ADDITIONAL_DATA(0x4200FE),
  /** The authentication tag. */
  AUTHENTICATED_ENCRYPTION_TAG(0x4200FF),
  /** The client's number of a request. */
  CLIENT_CORRELATION_VALUE(0x420105),
  /** Whether a key's material is given out wrapped only. */
  SENSITIVE(0x420120),
  /** Whether a key's material is given out. */
  EXTRACTABLE(0x420122),
  /** Attributes since KMIP 2.0. */
  ATTRIBUTES(0x420125),
  /** The tag of an attribute since KMIP 2.0. */
  ATTRIBUTE_REFERENCE(0x42013B);

  private static final Map<Integer, Tag> BY_CODE = new HashMap<>();

  static {
    for (Tag tag : values()) {
      BY_CODE.put(tag.code, tag);
    }
  }

  private final int code;

  Tag(int code) {
    this.code = code;
  }

  /** Returns the number. */
  public int code() {
    return code;
  }

  /** Returns the name for messages, such as "result reason". */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  static String nameOf(int code) {
    Tag tag = BY_CODE.get(code);
    return tag == null ? String.format("tag %06X", code) : tag.label();
  }
}
