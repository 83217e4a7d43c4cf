// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.util.Optional;
import java.util.function.Supplier;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/**
 * Adds scripted faults to another backend: per kind of call, from now on, for the next few calls,
 * or for the n-th call.
 *
 * <pre>{@code
 * FaultyKeyBackend faulty = new FaultyKeyBackend(new FakeKeyBackend());
 * faulty.fail(Call.ENCRYPT, BackendFault.hang());
 * faulty.failNext(Call.DECRYPT, 3, BackendFault.unavailable(true));
 * faulty.failNth(Call.ENCRYPT, 2, BackendFault.zeroIv());
 * }</pre>
 *
 * <p>Thread-safe. Closing it releases everything that hangs and closes the real backend.
 */
public final class FaultyKeyBackend implements KeyBackend {

  /** The kinds of calls. */
  public enum Call {
    /** {@link KeyBackend#encrypt}. */
    ENCRYPT,
    /** {@link KeyBackend#decrypt}. */
    DECRYPT,
    /** {@link KeyBackend#randomBytes}. */
    RANDOM_BYTES,
    /** {@link KeyBackend#generateKey}. */
    GENERATE_KEY,
    /** {@link KeyBackend#importKey}. */
    IMPORT_KEY,
    /** {@link KeyBackend#unwrapKey}. */
    UNWRAP_KEY,
    /** {@link KeyBackend#destroyKey}. */
    DESTROY_KEY,
    /** {@link KeyBackend#inspectKey}. */
    INSPECT_KEY,
    /** {@link KeyBackend#check}; a fault that throws becomes a bad result. */
    CHECK
  }

  private final KeyBackend delegate;
  private final HangGate gate = new HangGate();
  private final FaultScript<Call, BackendFault> script = new FaultScript<>(Call.class);

  /** Makes a backend without faults yet. */
  public FaultyKeyBackend(KeyBackend delegate) {
    this.delegate = delegate;
  }

  /** Lets every call of the kind from now on meet the fault. */
  public FaultyKeyBackend fail(Call call, BackendFault fault) {
    return add(call, 1, Long.MAX_VALUE, fault);
  }

  /** Lets every call of any kind from now on meet the fault. */
  public FaultyKeyBackend failEverything(BackendFault fault) {
    for (Call call : Call.values()) {
      fail(call, fault);
    }
    return this;
  }

  /** Lets the next {@code count} calls of the kind meet the fault. */
  public FaultyKeyBackend failNext(Call call, int count, BackendFault fault) {
    return add(call, 1, count, fault);
  }

  /** Lets the n-th call of the kind from now meet the fault; 1 is the next one. */
  public FaultyKeyBackend failNth(Call call, int nth, BackendFault fault) {
    return add(call, nth, nth, fault);
  }

  /** Forgets all faults and releases what hangs. */
  public void heal() {
    script.clear();
    gate.release();
  }

  /** Lets the calls go that hang now; later ones hang again. */
  public void release() {
    gate.release();
  }

  /** Returns how many calls hang or wait right now. */
  public int hanging() {
    return gate.waiting();
  }

  /** Returns how many calls of the kind there were, with or without a fault. */
  public long calls(Call call) {
    return script.count(call);
  }

  @Override
  public Capabilities capabilities() {
    return delegate.capabilities();
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    Optional<BackendFault> fault = strike(Call.ENCRYPT, deadline);
    BackendCiphertext result = delegate.encrypt(key, plaintext, aad, deadline);
    return fault.map(f -> f.apply(result)).orElse(result);
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    return struck(Call.DECRYPT, deadline, () -> delegate.decrypt(key, sealed, aad, deadline));
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    Optional<BackendFault> fault = strike(Call.RANDOM_BYTES, deadline);
    SecretBytes result = delegate.randomBytes(length, deadline);
    return fault.map(f -> f.apply(result)).orElse(result);
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    return struck(Call.GENERATE_KEY, deadline, () -> delegate.generateKey(newKey, deadline));
  }

  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    return struck(Call.IMPORT_KEY, deadline, () -> delegate.importKey(newKey, material, deadline));
  }

  @Override
  public BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    return struck(
        Call.UNWRAP_KEY,
        deadline,
        () -> delegate.unwrapKey(newKey, wrappingKey, wrapped, deadline));
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    strike(Call.DESTROY_KEY, deadline);
    delegate.destroyKey(key, deadline);
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    return struck(Call.INSPECT_KEY, deadline, () -> delegate.inspectKey(key, deadline));
  }

  @Override
  public CheckResult check(Deadline deadline) {
    try {
      return struck(Call.CHECK, deadline, () -> delegate.check(deadline));
    } catch (BackendException e) {
      return CheckResult.failed(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
  }

  @Override
  public void close() {
    heal();
    delegate.close();
  }

  private FaultyKeyBackend add(Call call, long from, long to, BackendFault fault) {
    if (!fault.fits(call)) {
      throw new IllegalArgumentException("the fault \"" + fault + "\" can't strike " + call);
    }
    script.add(call, from, to, fault);
    return this;
  }

  private Optional<BackendFault> strike(Call call, Deadline deadline) {
    HangGate.Pass pass = gate.pass();
    Optional<BackendFault> fault = script.onCall(call);
    fault.ifPresent(f -> f.before(pass, deadline));
    return fault;
  }

  private <T> T struck(Call call, Deadline deadline, Supplier<T> real) {
    strike(call, deadline);
    return real.get();
  }
}
