// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.Optional;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.KeyMaker.Material;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/**
 * Material that comes wrapped: it is opened when it is checked, and wiped when this is closed. Used
 * by one thread.
 */
final class WrappedSource implements KeyMaker.Source, AutoCloseable {

  private final KeyMaker maker;
  private final ImportKey importKey;
  private final WrappedMaterial wrapped;
  private Optional<SecretBytes> opened = Optional.empty();

  WrappedSource(KeyMaker maker, ImportKey importKey, WrappedMaterial wrapped) {
    this.maker = maker;
    this.importKey = importKey;
    this.wrapped = wrapped;
  }

  @Override
  public void check(Problems problems, KeyBackend backend, int lengthBytes) {
    opened = importKey.open(wrapped.bytes());
    if (opened.isEmpty()) {
      problems.add(
          "wrappedMaterial",
          "can't be opened",
          "the import key changes with each start of the server: get it anew by ekm key import-key, and wrap the raw"
              + " key for it with RSA-OAEP (SHA-256) and AES key wrap with padding");
      return;
    }
    maker.imported("wrappedMaterial", opened.get()).check(problems, backend, lengthBytes);
  }

  @Override
  public Material obtain(KeyBackend backend, NewKey newKey) {
    return maker.imported("wrappedMaterial", opened.orElseThrow()).obtain(backend, newKey);
  }

  @Override
  public void close() {
    opened.ifPresent(SecretBytes::destroy);
  }
}
