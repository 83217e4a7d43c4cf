// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Why an operation failed: the reasons of KMIP 1.0 to 2.1, by their numbers on the wire. */
public enum ResultReason {
  /** There is no such object. */
  ITEM_NOT_FOUND(0x01),
  /** The answer would be longer than asked for. */
  RESPONSE_TOO_LARGE(0x02),
  /** The server does not know this client. */
  AUTHENTICATION_NOT_SUCCESSFUL(0x03),
  /** The server can't read the request. */
  INVALID_MESSAGE(0x04),
  /** The server lacks the operation. */
  OPERATION_NOT_SUPPORTED(0x05),
  /** A field is missing. */
  MISSING_DATA(0x06),
  /** A field is wrong. */
  INVALID_FIELD(0x07),
  /** The server lacks a part of the operation. */
  FEATURE_NOT_SUPPORTED(0x08),
  /** Somebody has cancelled it. */
  OPERATION_CANCELED_BY_REQUESTER(0x09),
  /** The computation failed: on a decryption, the tag does not fit. */
  CRYPTOGRAPHIC_FAILURE(0x0A),
  /** Not in this order. */
  ILLEGAL_OPERATION(0x0B),
  /** Not for this client, or not in this state: before KMIP 2.0 one code stands for both. */
  PERMISSION_DENIED(0x0C),
  /** The object is in the archive. */
  OBJECT_ARCHIVED(0x0D),
  /** No place for another. */
  INDEX_OUT_OF_BOUNDS(0x0E),
  /** A name space that is not known. */
  APPLICATION_NAMESPACE_NOT_SUPPORTED(0x0F),
  /** A form of key that is not known. */
  KEY_FORMAT_TYPE_NOT_SUPPORTED(0x10),
  /** A compression that is not known. */
  KEY_COMPRESSION_TYPE_NOT_SUPPORTED(0x11),
  /** An encoding of keys that does not work. */
  ENCODING_OPTION_ERROR(0x12),
  /** The key's material is elsewhere. */
  KEY_VALUE_NOT_PRESENT(0x13),
  /** The client must prove what it is. */
  ATTESTATION_REQUIRED(0x14),
  /** The client's proof does not hold. */
  ATTESTATION_FAILED(0x15),
  /** The key is given out wrapped only. */
  SENSITIVE(0x16),
  /** The key is not given out. */
  NOT_EXTRACTABLE(0x17),
  /** There is one already. */
  OBJECT_ALREADY_EXISTS(0x18),
  /** A ticket that is not valid. */
  INVALID_TICKET(0x19),
  /** The key has been used as often as it may be. */
  USAGE_LIMIT_EXCEEDED(0x1A),
  /** A number beyond its range. */
  NUMERIC_RANGE(0x1B),
  /** A value of another type. */
  INVALID_DATA_TYPE(0x1C),
  /** An attribute that is not to be written. */
  READ_ONLY_ATTRIBUTE(0x1D),
  /** An attribute with several values. */
  MULTI_VALUED_ATTRIBUTE(0x1E),
  /** An attribute that the server lacks. */
  UNSUPPORTED_ATTRIBUTE(0x1F),
  /** No such value of an attribute. */
  ATTRIBUTE_INSTANCE_NOT_FOUND(0x20),
  /** No such attribute. */
  ATTRIBUTE_NOT_FOUND(0x21),
  /** An attribute that is not to be written. */
  ATTRIBUTE_READ_ONLY(0x22),
  /** An attribute with one value. */
  ATTRIBUTE_SINGLE_VALUED(0x23),
  /** Parameters that don't fit the key. */
  BAD_CRYPTOGRAPHIC_PARAMETERS(0x24),
  /** A wrong password. */
  BAD_PASSWORD(0x25),
  /** The server can't read the request. */
  CODEC_ERROR(0x26),
  /** Not for such objects. */
  ILLEGAL_OBJECT_TYPE(0x28),
  /** The key may not be used for this. */
  INCOMPATIBLE_CRYPTOGRAPHIC_USAGE_MASK(0x29),
  /** The server is broken. */
  INTERNAL_SERVER_ERROR(0x2A),
  /** No such request is under way. */
  INVALID_ASYNCHRONOUS_CORRELATION_VALUE(0x2B),
  /** An attribute that is not valid. */
  INVALID_ATTRIBUTE(0x2C),
  /** A value that is not valid. */
  INVALID_ATTRIBUTE_VALUE(0x2D),
  /** No such stream. */
  INVALID_CORRELATION_VALUE(0x2E),
  /** A request for a certificate that is not valid. */
  INVALID_CSR(0x2F),
  /** Not for such objects. */
  INVALID_OBJECT_TYPE(0x30),
  /** A way of wrapping that is not known. */
  KEY_WRAP_TYPE_NOT_SUPPORTED(0x32),
  /** The initialization vector is missing. */
  MISSING_INITIALIZATION_VECTOR(0x34),
  /** Another object has the name. */
  NON_UNIQUE_NAME_ATTRIBUTE(0x35),
  /** The object's material is gone. */
  OBJECT_DESTROYED(0x36),
  /** There is no such object. */
  OBJECT_NOT_FOUND(0x37),
  /** Not for this client. */
  NOT_AUTHORISED(0x39),
  /** The server can do no more at the moment. */
  SERVER_LIMIT_EXCEEDED(0x3A),
  /** A value that the server does not know. */
  UNKNOWN_ENUMERATION(0x3B),
  /** An extension that the server does not know. */
  UNKNOWN_MESSAGE_EXTENSION(0x3C),
  /** A tag that the server does not know. */
  UNKNOWN_TAG(0x3D),
  /** Parameters that the server lacks. */
  UNSUPPORTED_CRYPTOGRAPHIC_PARAMETERS(0x3E),
  /** A version that the server does not speak. */
  UNSUPPORTED_PROTOCOL_VERSION(0x3F),
  /** The wrapping key is in the archive. */
  WRAPPING_OBJECT_ARCHIVED(0x40),
  /** The wrapping key is gone. */
  WRAPPING_OBJECT_DESTROYED(0x41),
  /** There is no such wrapping key. */
  WRAPPING_OBJECT_NOT_FOUND(0x42),
  /** The key is not active, or is and may not be. */
  WRONG_KEY_LIFECYCLE_STATE(0x43),
  /** The place of the key's material can't be reached. */
  PROTECTION_STORAGE_UNAVAILABLE(0x44),
  /** PKCS#11 in KMIP. */
  PKCS11_CODEC_ERROR(0x45),
  /** PKCS#11 in KMIP. */
  PKCS11_INVALID_FUNCTION(0x46),
  /** PKCS#11 in KMIP. */
  PKCS11_INVALID_INTERFACE(0x47),
  /** The place of a private key's material can't be reached. */
  PRIVATE_PROTECTION_STORAGE_UNAVAILABLE(0x48),
  /** The place of a public key's material can't be reached. */
  PUBLIC_PROTECTION_STORAGE_UNAVAILABLE(0x49),
  /** No such group. */
  UNKNOWN_OBJECT_GROUP(0x4A),
  /** Against a rule of the server. */
  CONSTRAINT_VIOLATION(0x4B),
  /** The request is under way already. */
  DUPLICATE_PROCESS_REQUEST(0x4C),
  /** Anything else. */
  GENERAL_FAILURE(0x100);

  private final int code;

  ResultReason(int code) {
    this.code = code;
  }

  /** Returns the number. */
  public int code() {
    return code;
  }

  /** Returns the reason of a number, if the standard has it. */
  public static Optional<ResultReason> of(int code) {
    return Stream.of(values()).filter(reason -> reason.code == code).findFirst();
  }

  /** Returns the name for messages, such as "permission denied". */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
