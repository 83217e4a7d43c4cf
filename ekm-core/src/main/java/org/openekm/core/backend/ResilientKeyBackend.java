// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import static java.util.Objects.requireNonNull;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.core.backend.ResilienceConfig.Threading;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/**
 * Keeps a failing backend from dragging the server down, and a wrong one from giving out wrong
 * answers.
 *
 * <ul>
 *   <li>A limit on calls at once: what goes beyond it fails at once as unavailable and does not
 *       queue.
 *   <li>A circuit breaker: after too many failed, late or slow calls nothing is sent to the device
 *       for a while, then a few calls try it again. A tag that does not fit, a missing or unusable
 *       key and a wrong setting say nothing about the device and don't count; nor does it count as
 *       slow that a key is made, taken in, looked up or destroyed, for nobody's read time-out runs
 *       there.
 *   <li>The deadline: with {@link Threading#POOL} the request gives up in time even if the device
 *       hangs. The hanging call still counts against the limit, and its result is wiped when it
 *       comes at last.
 *   <li>A look at what comes back: an encryption must have an IV of 12 bytes that is neither zero
 *       nor the one just used, a tag of 16 bytes and a ciphertext as long as the plaintext. If not,
 *       {@link org.openekm.api.EkmException} {@code INTERNAL} is thrown and nothing is given out.
 * </ul>
 *
 * <p>Thread-safe. Owns the backend and closes it.
 */
public final class ResilientKeyBackend implements KeyBackend {

  private final KeyBackend delegate;
  private final ResilienceConfig config;
  private final CallGuard guard;
  private final AnswerCheck answers;

  /**
   * Makes a guard in front of {@code delegate}, which goes by {@code name} in messages and metrics.
   */
  public ResilientKeyBackend(
      String name, KeyBackend delegate, ResilienceConfig config, BackendRuntime runtime) {
    this.delegate = requireNonNull(delegate, "delegate");
    this.config = requireNonNull(config, "config");
    int limit = Math.min(config.maxConcurrentCalls(), delegate.capabilities().maxConcurrentCalls());
    this.guard = new CallGuard(name, config, limit, runtime);
    this.answers = new AnswerCheck(name);
  }

  /** Returns how many calls still hang although their requests have given up. */
  public int stuckCalls() {
    return guard.stuckCalls();
  }

  @Override
  public Capabilities capabilities() {
    return delegate.capabilities();
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    int length = plaintext.length();
    Deadline limit = shortened(deadline);
    return withInput(
        plaintext,
        input -> BackendCall.of("encrypt", limit, () -> delegate.encrypt(key, input, aad, limit)),
        answer -> answers.encrypted(key, length, answer));
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    return secret(
        "decrypt",
        shortened(deadline),
        limit -> delegate.decrypt(key, sealed, aad, limit),
        answer -> answers.decrypted(sealed.ciphertext().length(), answer));
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    return secret(
        "random",
        shortened(deadline),
        limit -> delegate.randomBytes(length, limit),
        answer -> answers.drawn(length, answer));
  }

  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    return guard.run(
        BackendCall.of("generate-key", deadline, () -> delegate.generateKey(newKey, deadline))
            .unhurried(),
        java.util.Objects::requireNonNull);
  }

  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    return withInput(
        material,
        input ->
            BackendCall.of(
                    "import-key", deadline, () -> delegate.importKey(newKey, input, deadline))
                .unhurried(),
        java.util.Objects::requireNonNull);
  }

  @Override
  public BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    return guard.run(
        BackendCall.of(
                "unwrap-key",
                deadline,
                () -> delegate.unwrapKey(newKey, wrappingKey, wrapped, deadline))
            .unhurried(),
        java.util.Objects::requireNonNull);
  }

  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    guard.run(
        BackendCall.of(
                "destroy-key",
                deadline,
                () -> {
                  delegate.destroyKey(key, deadline);
                  return Boolean.TRUE;
                })
            .unhurried(),
        done -> {});
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    return guard.run(
        BackendCall.of("inspect-key", deadline, () -> delegate.inspectKey(key, deadline))
            .unhurried(),
        java.util.Objects::requireNonNull);
  }

  /**
   * Tries the backend through the same guard as any call, so that checks alone close the breaker
   * again when no requests come.
   */
  @Override
  public CheckResult check(Deadline deadline) {
    Deadline limit = shortened(deadline);
    String message;
    try {
      message =
          guard
              .run(BackendCall.of("check", limit, () -> healthy(delegate.check(limit))), done -> {})
              .message();
    } catch (BackendException e) {
      return CheckResult.failed(e.getMessage() + stuckText());
    }
    if (guard.state() != CircuitBreaker.State.CLOSED) {
      return CheckResult.failed("the backend answers again but is still being tried");
    }
    return CheckResult.ok("the backend answers: " + message + stuckText());
  }

  @Override
  public Map<String, KeyBackend> members() {
    return delegate.members();
  }

  @Override
  public void close() {
    delegate.close();
  }

  private static CheckResult healthy(CheckResult result) {
    if (!result.healthy()) {
      throw new BackendException.Unavailable(result.message(), false, null);
    }
    return result;
  }

  private String stuckText() {
    int stuck = guard.stuckCalls();
    return stuck == 0 ? "" : "; " + stuck + " calls hang";
  }

  private Deadline shortened(Deadline deadline) {
    return deadline.atMost(config.callTimeout());
  }

  private SecretBytes secret(
      String name,
      Deadline limit,
      Function<Deadline, SecretBytes> work,
      Consumer<SecretBytes> check) {
    return guard.run(
        BackendCall.of(name, limit, () -> work.apply(limit)).withWipe(SecretBytes::destroy), check);
  }

  private <T> T withInput(
      SecretBytes input, Function<SecretBytes, BackendCall<T>> call, Consumer<T> check) {
    if (config.threading() == Threading.CALLER) {
      return guard.run(call.apply(input), check);
    }
    // The owner may destroy the input once the request has given up, which would wait for a call
    // that hangs on it.
    SecretBytes copy = input.copy();
    return guard.run(call.apply(copy).withCleanUp(copy::destroy), check);
  }
}
