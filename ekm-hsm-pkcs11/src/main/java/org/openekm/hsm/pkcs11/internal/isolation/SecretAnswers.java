// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.internal.token.RefusedSecrets;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;

/**
 * Answers a process's questions for secrets: only for those that its own settings name, so that a
 * library that was taken over can't read the server's others.
 */
final class SecretAnswers {

  private static final Duration TIME_TO_SEND = Duration.ofSeconds(1);

  private final SecretResolver secrets;
  private final Set<String> allowed;
  private final NanoClock clock;
  private final RefusedSecrets refused;

  SecretAnswers(ComponentContext context, Set<String> allowed) {
    this.secrets = context.secrets();
    this.allowed = Set.copyOf(allowed);
    this.clock = context.nanoClock();
    this.refused = new RefusedSecrets(context.random());
  }

  /** Answers the question in the frame, or takes the news in it. */
  void answer(TimedLink link, Frame frame) throws IOException {
    byte type = frame.open();
    if (type == Messages.SECRET_REFUSED) {
      frame.end();
      refused.refuse();
      return;
    }
    if (type != Messages.SECRET_WANTED) {
      throw new ProtocolException("something else than a question");
    }
    String wanted = frame.getString();
    frame.end();
    write(wanted, frame);
    try {
      if (!link.send(frame, Deadline.after(TIME_TO_SEND, clock))) {
        throw new IOException("a secret could not be sent in time");
      }
    } finally {
      frame.wipe();
    }
  }

  private void write(String wanted, Frame frame) {
    if (!allowed.contains(wanted)) {
      frame.start(Messages.NO_SECRET).put("is not one of this token's settings");
      return;
    }
    try (SecretBytes secret = secrets.resolve(SecretReference.parse(wanted))) {
      if (!refused.mayTry(secret)) {
        frame
            .start(Messages.NO_SECRET)
            .put("was refused by the token before; it is not tried again until it changes");
        return;
      }
      byte[] bytes = secret.toByteArray();
      frame.start(Messages.SECRET).put(bytes);
      Arrays.fill(bytes, (byte) 0);
    } catch (SecretUnavailableException e) {
      frame.start(Messages.NO_SECRET).put("can't be read: " + e.getMessage());
    }
  }
}
