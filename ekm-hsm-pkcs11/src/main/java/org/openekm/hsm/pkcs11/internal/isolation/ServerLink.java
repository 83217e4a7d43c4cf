// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.token.RefusalListener;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;

/**
 * The process's connection to the server that carries no calls: asks for secrets on it and learns
 * from it when to end. Thread-safe.
 */
final class ServerLink implements SecretResolver, RefusalListener {

  private final BlockingLink link;
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  ServerLink(BlockingLink link) {
    this.link = link;
  }

  private record Answer(Optional<SecretBytes> secret, String reason) {}

  /** Asks the server; one thread at a time, so that the next answer belongs to this question. */
  @Override
  public synchronized SecretBytes resolve(SecretReference reference) {
    Frame frame = new Frame();
    try {
      link.send(frame.start(Messages.SECRET_WANTED).put(reference.toString()));
      Answer answer = answers.take();
      return answer.secret().orElseThrow(() -> unavailable(reference, answer.reason()));
    } catch (IOException e) {
      throw new SecretUnavailableException(reference, "could not be asked for", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SecretUnavailableException(reference, "could not be waited for", e);
    }
  }

  /** Tells the server, which outlives this process and must not let the next one try it too. */
  @Override
  public synchronized void secretRefused() {
    try {
      link.send(new Frame().start(Messages.SECRET_REFUSED));
    } catch (IOException e) {
      throw new UncheckedIOException("the server could not be told of a refused PIN", e);
    }
  }

  private static SecretUnavailableException unavailable(SecretReference reference, String reason) {
    return new SecretUnavailableException(reference, reason, null);
  }

  /** Passes answers on until the server says stop; an end without a word is an exception. */
  void listen() throws IOException {
    Frame frame = new Frame();
    while (true) {
      link.receive(frame);
      try {
        byte type = frame.open();
        switch (type) {
          case Messages.SECRET ->
              answers.add(new Answer(Optional.of(SecretBytes.adopt(frame.getBytes())), ""));
          case Messages.NO_SECRET -> answers.add(new Answer(Optional.empty(), frame.getString()));
          case Messages.STOP -> {
            return;
          }
          default -> throw new ProtocolException("a message of type " + type);
        }
      } finally {
        frame.wipe();
      }
    }
  }
}
