// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves the calls of one connection, one after the other, in the token's process. */
final class CallServer implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(CallServer.class);

  private final BlockingLink link;
  private final KeyBackend backend;
  private final Frame frame = new Frame();

  CallServer(BlockingLink link, KeyBackend backend) {
    this.link = link;
    this.backend = backend;
  }

  @Override
  public void run() {
    try {
      while (true) {
        link.receive(frame);
        answer();
        link.send(frame);
      }
    } catch (IOException | ProtocolException e) {
      // The server closes connections that it no longer needs, with the process or before.
      LOG.debug("a connection has ended: {}", e.getMessage());
    }
  }

  private void answer() {
    try {
      serve();
    } catch (BackendException e) {
      Failures.write(frame, e);
    } catch (ProtocolException e) {
      throw e;
    } catch (RuntimeException e) {
      Failures.write(
          frame,
          new BackendException.Unavailable(
              "the call ended with " + e.getClass().getName() + ": " + e.getMessage(), false, e));
    }
  }

  private void serve() {
    byte type = frame.open();
    Deadline deadline =
        Deadline.after(Duration.ofNanos(Math.max(0, frame.getLong())), NanoClock.system());
    switch (type) {
      case Messages.ENCRYPT -> encrypt(deadline);
      case Messages.DECRYPT -> decrypt(deadline);
      case Messages.RANDOM -> random(deadline);
      case Messages.GENERATE -> generate(deadline);
      case Messages.IMPORT -> take(deadline);
      case Messages.UNWRAP -> unwrap(deadline);
      case Messages.DESTROY -> destroy(deadline);
      case Messages.INSPECT -> inspect(deadline);
      case Messages.CHECK -> check(deadline);
      default -> throw new ProtocolException("a call of type " + type);
    }
  }

  private void encrypt(Deadline deadline) {
    BackendKeyRef key = key();
    try (SecretBytes plaintext = SecretBytes.adopt(frame.getBytes())) {
      Bytes aad = Bytes.adopt(frame.getBytes());
      end();
      BackendCiphertext made = backend.encrypt(key, plaintext, aad, deadline);
      frame
          .start(Messages.RESULT)
          .put(made.iv().toByteArray())
          .put(made.ciphertext().toByteArray())
          .put(made.tag().toByteArray());
    }
  }

  private void decrypt(Deadline deadline) {
    BackendKeyRef key = key();
    Sealed sealed =
        new Sealed(
            Bytes.adopt(frame.getBytes()),
            Bytes.adopt(frame.getBytes()),
            Bytes.adopt(frame.getBytes()));
    Bytes aad = Bytes.adopt(frame.getBytes());
    end();
    secret(backend.decrypt(key, sealed, aad, deadline));
  }

  private void random(Deadline deadline) {
    int length = Math.toIntExact(frame.getLong());
    end();
    secret(backend.randomBytes(length, deadline));
  }

  private void secret(SecretBytes result) {
    byte[] bytes = result.toByteArray();
    try (result) {
      frame.start(Messages.RESULT).put(bytes);
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private void generate(Deadline deadline) {
    NewKey newKey = newKey();
    end();
    frame.start(Messages.RESULT).put(backend.generateKey(newKey, deadline).value());
  }

  private void take(Deadline deadline) {
    NewKey newKey = newKey();
    try (SecretBytes material = SecretBytes.adopt(frame.getBytes())) {
      end();
      frame.start(Messages.RESULT).put(backend.importKey(newKey, material, deadline).value());
    }
  }

  private void unwrap(Deadline deadline) {
    NewKey newKey = newKey();
    BackendKeyRef wrappingKey = key();
    Bytes wrapped = Bytes.adopt(frame.getBytes());
    end();
    frame
        .start(Messages.RESULT)
        .put(backend.unwrapKey(newKey, wrappingKey, wrapped, deadline).value());
  }

  private void destroy(Deadline deadline) {
    BackendKeyRef key = key();
    end();
    backend.destroyKey(key, deadline);
    frame.start(Messages.RESULT);
  }

  private void inspect(Deadline deadline) {
    BackendKeyRef key = key();
    end();
    BackendKeyInfo info = backend.inspectKey(key, deadline);
    frame
        .start(Messages.RESULT)
        .put((byte) (info.unwrapsOnly() ? 1 : 0))
        .put((long) info.lengthBytes())
        .put((long) info.warnings().size());
    info.warnings().forEach(frame::put);
  }

  private void check(Deadline deadline) {
    end();
    CheckResult result = backend.check(deadline);
    frame.start(Messages.RESULT).put((byte) (result.healthy() ? 1 : 0)).put(result.message());
  }

  private BackendKeyRef key() {
    return new BackendKeyRef(frame.getString());
  }

  private NewKey newKey() {
    UUID version = new UUID(frame.getLong(), frame.getLong());
    return new NewKey(
        new KeyVersionId(version), frame.getString(), Math.toIntExact(frame.getLong()));
  }

  /** What was received must have been read to its end, and leaves nothing behind. */
  private void end() {
    frame.end();
    frame.wipe();
  }
}
