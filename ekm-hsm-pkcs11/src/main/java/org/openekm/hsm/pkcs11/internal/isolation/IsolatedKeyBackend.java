// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/** The backend of a token that runs in a process of its own. Thread-safe. */
public final class IsolatedKeyBackend implements KeyBackend {

  private final Capabilities capabilities;
  private final Supervisor supervisor;

  /** Makes a backend. Its process is started with the first call or check. */
  public IsolatedKeyBackend(IsolationConfig config, ComponentContext context) {
    this.capabilities = config.capabilities();
    this.supervisor = new Supervisor(config, new ChildStarter(config, context), context);
  }

  @Override
  public Capabilities capabilities() {
    return capabilities;
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    byte[] copy = plaintext.toByteArray();
    try {
      return call(
          Messages.ENCRYPT,
          deadline,
          frame -> frame.put(key.value()).put(copy).put(aad.toByteArray()),
          frame ->
              new BackendCiphertext(
                  Bytes.adopt(frame.getBytes()),
                  Bytes.adopt(frame.getBytes()),
                  Bytes.adopt(frame.getBytes())));
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    return call(
        Messages.DECRYPT,
        deadline,
        frame ->
            frame
                .put(key.value())
                .put(sealed.iv().toByteArray())
                .put(sealed.ciphertext().toByteArray())
                .put(sealed.tag().toByteArray())
                .put(aad.toByteArray()),
        frame -> SecretBytes.adopt(frame.getBytes()));
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    return call(
        Messages.RANDOM,
        deadline,
        frame -> frame.put((long) length),
        frame -> SecretBytes.adopt(frame.getBytes()));
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    return call(
        Messages.GENERATE,
        deadline,
        frame -> put(frame, newKey),
        frame -> new BackendKeyRef(frame.getString()));
  }

  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    byte[] copy = material.toByteArray();
    try {
      return call(
          Messages.IMPORT,
          deadline,
          frame -> put(frame, newKey).put(copy),
          frame -> new BackendKeyRef(frame.getString()));
    } finally {
      Arrays.fill(copy, (byte) 0);
    }
  }

  @Override
  public BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    return call(
        Messages.UNWRAP,
        deadline,
        frame -> put(frame, newKey).put(wrappingKey.value()).put(wrapped.toByteArray()),
        frame -> new BackendKeyRef(frame.getString()));
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    call(Messages.DESTROY, deadline, frame -> frame.put(key.value()), frame -> true);
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    return call(
        Messages.INSPECT,
        deadline,
        frame -> frame.put(key.value()),
        frame -> {
          boolean unwrapsOnly = frame.getByte() == 1;
          int length = Math.toIntExact(frame.getLong());
          List<String> warnings = new ArrayList<>();
          for (long left = frame.getLong(); left > 0; left--) {
            warnings.add(frame.getString());
          }
          return new BackendKeyInfo(key, length, warnings, unwrapsOnly);
        });
  }

  @Override
  public CheckResult check(Deadline deadline) {
    try {
      CheckResult result =
          call(
              Messages.CHECK,
              deadline,
              frame -> {},
              frame -> new CheckResult(frame.getByte() == 1, frame.getString()));
      return new CheckResult(result.healthy(), result.message() + numbers());
    } catch (BackendException e) {
      return CheckResult.failed(e.getMessage() + numbers());
    }
  }

  /** Stops the processes; waits up to two seconds for each. */
  @Override
  public void close() {
    supervisor.close();
  }

  private String numbers() {
    TokenChild child = supervisor.active();
    return "; process "
        + (child == null ? "not running" : Long.toString(child.pid()))
        + ", "
        + supervisor.replaced()
        + " replaced";
  }

  private static Frame put(Frame frame, NewKey newKey) {
    UUID version = newKey.version().value();
    return frame
        .put(version.getMostSignificantBits())
        .put(version.getLeastSignificantBits())
        .put(newKey.label())
        .put((long) newKey.lengthBytes());
  }

  private <T> T call(byte type, Deadline deadline, Consumer<Frame> write, Function<Frame, T> read) {
    if (deadline.expired()) {
      throw new BackendException.TimedOut("no time was left to call the token", null);
    }
    return supervisor
        .child(deadline)
        .call(
            frame -> write.accept(frame.start(type).put(CallLink.remaining(deadline))),
            read,
            deadline);
  }
}
