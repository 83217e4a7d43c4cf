// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The attributes of an object to be made or looked for. Immutable but for {@link #wipe}; its text
 * shows types only, for a value may be key material.
 */
public final class Template {

  private final List<Attribute> attributes;

  private Template(List<Attribute> attributes) {
    this.attributes = List.copyOf(attributes);
  }

  /** One attribute. */
  public static final class Attribute {

    private final long type;
    private final byte[] value;

    private Attribute(long type, byte[] value) {
      this.type = type;
      this.value = value;
    }

    /** Returns the type, a value of {@link Cka}. */
    public long type() {
      return type;
    }

    /** Returns the value as it lies in memory: the template's own array. */
    public byte[] value() {
      return value;
    }

    @Override
    public String toString() {
      return Cka.name(type);
    }
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the attributes in their order. */
  public List<Attribute> attributes() {
    return attributes;
  }

  /** Overwrites all values with zeros. */
  public void wipe() {
    attributes.forEach(attribute -> Arrays.fill(attribute.value(), (byte) 0));
  }

  @Override
  public String toString() {
    return "Template" + attributes;
  }

  /** Collects attributes. */
  public static final class Builder {

    private final List<Attribute> attributes = new ArrayList<>();

    private Builder() {}

    /** Adds a CK_BBOOL. */
    public Builder flag(long type, boolean value) {
      return bytes(type, new byte[] {(byte) (value ? 1 : 0)});
    }

    /** Adds a CK_ULONG. */
    public Builder number(long type, long value) {
      return bytes(type, CkLayout.ulong(value));
    }

    /** Adds bytes, of which it keeps a copy. */
    public Builder bytes(long type, byte[] value) {
      attributes.add(new Attribute(type, value.clone()));
      return this;
    }

    /** Returns the template. */
    public Template build() {
      return new Template(attributes);
    }
  }
}
