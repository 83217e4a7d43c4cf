// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.binding;

import java.util.List;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkLayout;
import org.openekm.hsm.pkcs11.internal.cryptoki.Template;

/** A template as an array of CK_ATTRIBUTE, with its values behind it. Wiped when closed. */
final class NativeTemplate implements AutoCloseable {

  private final NativeBlock block;
  private final long size;
  private final int count;

  NativeTemplate(NativeAccess access, Template template) {
    List<Template.Attribute> attributes = template.attributes();
    this.count = attributes.size();
    long values = (long) count * CkLayout.Attribute.SIZE;
    this.size =
        values
            + attributes.stream().mapToLong(attribute -> aligned(attribute.value().length)).sum();
    this.block = access.allocate(Math.max(size, CkLayout.Attribute.SIZE));
    long value = values;
    for (int i = 0; i < count; i++) {
      byte[] bytes = attributes.get(i).value();
      long entry = (long) i * CkLayout.Attribute.SIZE;
      block.putLong(entry, attributes.get(i).type());
      block.putLong(entry + CkLayout.Attribute.VALUE, block.address() + value);
      block.putLong(entry + CkLayout.Attribute.LENGTH, bytes.length);
      block.write(value, bytes, bytes.length);
      value += aligned(bytes.length);
    }
  }

  private static long aligned(long length) {
    return (length + 7) / 8 * 8;
  }

  long address() {
    return block.address();
  }

  int count() {
    return count;
  }

  @Override
  public void close() {
    block.clear(0, size);
    block.close();
  }
}
