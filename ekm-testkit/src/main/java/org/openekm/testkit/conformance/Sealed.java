// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import org.openekm.testkit.conformance.WireNames.Op;

/** The result of an encryption. */
public final class Sealed {

  private final byte[] ciphertext;
  private final byte[] iv;
  private final byte[] tag;
  private final String version;

  /** Makes one of its parts; the arrays are not copied. */
  public Sealed(byte[] ciphertext, byte[] iv, byte[] tag, String version) {
    this.ciphertext = ciphertext;
    this.iv = iv;
    this.tag = tag;
    this.version = version;
  }

  /** Returns without the tag. */
  public byte[] ciphertext() {
    return ciphertext;
  }

  /** Returns 12 bytes if the endpoint is right. */
  public byte[] iv() {
    return iv;
  }

  /** Returns 16 bytes if the endpoint is right. */
  public byte[] tag() {
    return tag;
  }

  /** Returns the key version that the answer names; empty if it names none. */
  public String version() {
    return version;
  }

  /** Reads it from an answer. */
  public static Sealed read(Bench bench, Op op, JsonAnswer answer) {
    WireNames names = bench.names();
    return new Sealed(
        answer.bytes(names.response(op, "ciphertext").orElse("ciphertext")),
        answer.bytes(names.response(op, "iv").orElse("iv")),
        answer.bytes(names.response(op, "tag").orElse("tag")),
        names.response(op, "keyVersionId").map(answer::optionalText).orElse(""));
  }

  /** Returns the fields of a request to decrypt it. */
  public Fields fields() {
    return Fields.of("ciphertext", ciphertext)
        .and("iv", Fields.base64(iv))
        .and("tag", Fields.base64(tag));
  }

  /** Returns a copy with another ciphertext. */
  public Sealed withCiphertext(byte[] other) {
    return new Sealed(other, iv, tag, version);
  }

  /** Returns a copy with another IV. */
  public Sealed withIv(byte[] other) {
    return new Sealed(ciphertext, other, tag, version);
  }

  /** Returns a copy with another tag. */
  public Sealed withTag(byte[] other) {
    return new Sealed(ciphertext, iv, other, version);
  }

  @Override
  public String toString() {
    return "Sealed[" + ciphertext.length + " bytes]";
  }
}
