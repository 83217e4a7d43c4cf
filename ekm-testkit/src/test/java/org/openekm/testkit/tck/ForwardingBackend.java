// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.FakeKeyBackend;

/** Does what a fake backend does; the base of backends that do one thing wrongly. */
abstract class ForwardingBackend implements KeyBackend {

  final FakeKeyBackend right;

  ForwardingBackend(FakeKeyBackend right) {
    this.right = right;
  }

  /** Returns a copy of the key's bytes; all backends here can look inside their device. */
  final byte[] material(BackendKeyRef key, Deadline deadline) {
    right.inspectKey(key, deadline);
    try (SecretBytes material = right.material(key).orElseThrow()) {
      return material.toByteArray();
    }
  }

  @Override
  public Capabilities capabilities() {
    return right.capabilities();
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    return right.encrypt(key, plaintext, aad, deadline);
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    return right.decrypt(key, sealed, aad, deadline);
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    return right.randomBytes(length, deadline);
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    return right.generateKey(newKey, deadline);
  }

  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    return right.importKey(newKey, material, deadline);
  }

  @Override
  public BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    return right.unwrapKey(newKey, wrappingKey, wrapped, deadline);
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    right.destroyKey(key, deadline);
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    return right.inspectKey(key, deadline);
  }

  @Override
  public CheckResult check(Deadline deadline) {
    return right.check(deadline);
  }

  @Override
  public void close() {
    right.close();
  }
}
