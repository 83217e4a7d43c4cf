// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckr;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.hsm.pkcs11.internal.cryptoki.SessionInfo;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One token: runs operations on it and repairs what they find broken. Thread-safe; each thread
 * brings a {@link TokenSession} of its own.
 */
final class Pkcs11Token implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Pkcs11Token.class);

  /** The first try, one after a new session or log-in, one after a restart. */
  private static final int MOST_TRIES = 4;

  private static final long LOGGED_IN_READING = 1;
  private static final long LOGGED_IN_WRITING = 3;

  private final String name;
  private final TokenConfig config;
  private final SharedLibrary library;
  private final Repairs repairs;
  private final Map<String, LongAdder> failures = new ConcurrentHashMap<>();

  /** Keys that have been there: one that is not found any more may be a sign of a lost token. */
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  Pkcs11Token(
      String name, TokenConfig config, SharedLibraries libraries, ComponentContext context) {
    this.name = name;
    this.config = config;
    this.library = libraries.hold(config.library());
    PinGuard pins = new PinGuard(config.pin(), context);
    TokenConnector connector = new TokenConnector(name, config, library, pins);
    this.repairs = new Repairs(name, config.pace(), library, connector, context);
  }

  String name() {
    return name;
  }

  TokenSession newSession() {
    return new TokenSession(library, config);
  }

  /**
   * Runs an operation, again if a repair gives reason to.
   *
   * @throws BackendException if it fails for good
   */
  <T> T run(TokenSession session, TokenOperation<T> operation, Deadline deadline) {
    for (int tries = 1; ; tries++) {
      Generation generation = repairs.generation(deadline);
      Attempt<T> attempt = attempt(session, operation, generation, deadline);
      if (attempt.failure() == null) {
        return attempt.result();
      }
      repair(attempt, generation, deadline, tries);
      if (deadline.expired()) {
        throw new BackendException.TimedOut("no time was left to try again", attempt.cause());
      }
    }
  }

  /** Remembers that a key has been found. */
  void found(String id) {
    known.add(id);
  }

  /** Forgets a key that has been destroyed on purpose. */
  void forget(String id) {
    known.remove(id);
  }

  Repairs repairs() {
    return repairs;
  }

  /** Returns how often which function has returned which failure, in alphabetical order. */
  Map<String, Long> failures() {
    Map<String, Long> counts = new TreeMap<>();
    failures.forEach((what, count) -> counts.put(what, count.sum()));
    return counts;
  }

  /** Logs out and gives the library back. Calls under way may fail. */
  @Override
  public void close() {
    repairs.close();
    library.release(config.pace().patience());
  }

  /** What one try has given: a result, or a failure with its cause. */
  private record Attempt<T>(
      @Nullable T value, @Nullable Fault failure, @Nullable RuntimeException cause) {

    T result() {
      return requireNonNull(value);
    }
  }

  private <T> Attempt<T> attempt(
      TokenSession session, TokenOperation<T> operation, Generation generation, Deadline deadline) {
    Lock mine = library.enter();
    try {
      if (generation.libraryEpoch() != library.epoch() || generation.sessions().ended()) {
        return new Attempt<>(null, Fault.SESSION, null);
      }
      session.attach(generation, deadline);
      return new Attempt<>(operation.run(session, generation), null, null);
    } catch (Pkcs11Exception e) {
      return failed(session, generation, e);
    } catch (KeyNotFoundException e) {
      return missing(session, generation, e);
    } catch (BackendException e) {
      throw e;
    } catch (RuntimeException e) {
      // Nobody knows where it stopped: an operation begun must not be ended by the next caller.
      session.discard();
      throw e;
    } finally {
      session.release();
      mine.unlock();
    }
  }

  private <T> Attempt<T> failed(
      TokenSession session, Generation generation, Pkcs11Exception failure) {
    failures.computeIfAbsent(counted(failure), what -> new LongAdder()).increment();
    Fault fault = FaultTable.of(failure);
    if (fault == Fault.BAD_CIPHERTEXT_OR_DEVICE) {
      fault = works(session) ? Fault.BAD_CIPHERTEXT : Fault.DEVICE;
    } else if (fault == Fault.STALE) {
      generation.keys().clear();
    }
    if (fault != Fault.BAD_CIPHERTEXT && fault != Fault.KEY_UNUSABLE) {
      session.discard();
    }
    return new Attempt<>(null, fault, failure);
  }

  /** A code that may mean either is the ciphertext's fault if the same session still works. */
  private static boolean works(TokenSession session) {
    try {
      session.cryptoki().getSessionInfo(session.handle());
      session.cryptoki().generateRandom(session.handle(), new byte[1]);
      return true;
    } catch (Pkcs11Exception e) {
      return false;
    }
  }

  /** A key that is not found may be there but hidden, because the log-in or the token is lost. */
  private <T> Attempt<T> missing(
      TokenSession session, Generation generation, KeyNotFoundException missing) {
    if (!loggedIn(session, generation)) {
      return new Attempt<>(null, Fault.STALE, missing);
    }
    if (known.remove(missing.id())) {
      return new Attempt<>(null, Fault.DEVICE, missing);
    }
    throw missing.asMissing();
  }

  private boolean loggedIn(TokenSession session, Generation generation) {
    if (config.pin().isEmpty()) {
      return true;
    }
    try {
      SessionInfo info = session.cryptoki().getSessionInfo(session.handle());
      return info.state() == LOGGED_IN_READING || info.state() == LOGGED_IN_WRITING;
    } catch (Pkcs11Exception e) {
      generation.keys().clear();
      return false;
    }
  }

  /** Does what may help the next try; throws if nothing would. */
  private void repair(Attempt<?> attempt, Generation generation, Deadline deadline, int tries) {
    Fault fault = requireNonNull(attempt.failure());
    if (!repairable(fault)) {
      throw refusal(fault, attempt.cause());
    }
    if (tries == MOST_TRIES) {
      throw new BackendException.Unavailable(
          "the token fails again and again: " + text(attempt.cause()), true, attempt.cause());
    }
    if (fault == Fault.DEVICE || tries > 1) {
      LOG.info("{}: try {} failed: {}", name, tries, text(attempt.cause()));
    }
    if (fault == Fault.DEVICE) {
      repairs.replace(generation, Repairs.Level.RESTART, deadline);
    } else if (tries > 1) {
      // A new session or a new look for the key has not helped.
      repairs.replace(generation, Repairs.Level.LOG_IN, deadline);
    }
  }

  private static boolean repairable(Fault fault) {
    return fault == Fault.SESSION || fault == Fault.STALE || fault == Fault.DEVICE;
  }

  private static BackendException refusal(Fault fault, @Nullable RuntimeException cause) {
    String text = text(cause);
    return switch (fault) {
      case BAD_CIPHERTEXT ->
          new BackendException.AuthenticationTagMismatch("the tag does not fit: " + text, cause);
      case KEY_UNUSABLE ->
          new BackendException.KeyUnusable("the token won't use the key: " + text, cause);
      case BUSY ->
          new BackendException.Unavailable("the token can do no more now: " + text, true, cause);
      case PIN -> new BackendException.Misconfigured("the token refuses the PIN: " + text, cause);
      default ->
          new BackendException.Misconfigured(
              "the token can't do this: " + text + "; run 'ekm hsm probe' for what it can", cause);
    };
  }

  private static String text(@Nullable RuntimeException cause) {
    return cause == null ? "the library was restarted" : String.valueOf(cause.getMessage());
  }

  private static String counted(Pkcs11Exception failure) {
    return failure.function().standardName() + " " + Ckr.name(failure.code());
  }
}
