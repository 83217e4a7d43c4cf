// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static java.util.Objects.requireNonNull;

import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.openekm.api.NanoClock;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.event.EkmListener;

/**
 * Puts a {@link JwtTokenVerifier} together. Clock, executor, scheduler and secrets are required.
 * Not thread-safe.
 */
public final class JwtTokenVerifierBuilder {

  private static final int MAX_DOCUMENT = 1024 * 1024;

  private TokenCheckConfig config = TokenCheckConfig.defaults();
  private NanoClock nanoClock = NanoClock.system();
  private EkmListener listener = new EkmListener() {};
  private @Nullable InstantSource clock;
  private @Nullable Executor executor;
  private @Nullable ScheduledExecutorService scheduler;
  private @Nullable SecretResolver secrets;
  private @Nullable SSLContext tls;
  private @Nullable HttpFetcher fetcher;

  JwtTokenVerifierBuilder() {}

  /** Sets how tokens are checked; {@link TokenCheckConfig#defaults()} unless set. */
  public JwtTokenVerifierBuilder config(TokenCheckConfig value) {
    config = value;
    return this;
  }

  /** Sets the wall clock that {@code exp}, {@code iat} and {@code nbf} are compared with. */
  public JwtTokenVerifierBuilder clock(InstantSource value) {
    clock = value;
    return this;
  }

  /** Sets the monotonic clock that the age of keys is measured with. */
  public JwtTokenVerifierBuilder nanoClock(NanoClock value) {
    nanoClock = value;
    return this;
  }

  /** Sets who hears of fetched keys and of failures. */
  public JwtTokenVerifierBuilder listener(EkmListener value) {
    listener = value;
    return this;
  }

  /** Sets what runs the blocking fetches: one thread per issuer at most, never the caller's own. */
  public JwtTokenVerifierBuilder executor(Executor value) {
    executor = value;
    return this;
  }

  /** Sets the timer; nothing on it blocks. */
  public JwtTokenVerifierBuilder scheduler(ScheduledExecutorService value) {
    scheduler = value;
    return this;
  }

  /** Sets where the clients' secrets for protected keys come from. */
  public JwtTokenVerifierBuilder secrets(SecretResolver value) {
    secrets = value;
    return this;
  }

  /** Sets which certificates of identity domains are trusted; Java's default unless set. */
  public JwtTokenVerifierBuilder tls(SSLContext value) {
    tls = value;
    return this;
  }

  /** Sets another way to fetch than {@code java.net.http}. */
  public JwtTokenVerifierBuilder fetcher(HttpFetcher value) {
    fetcher = value;
    return this;
  }

  /**
   * Makes the verifier. It has no issuers yet.
   *
   * @throws NullPointerException if clock, executor, scheduler or secrets were not set
   */
  public JwtTokenVerifier build() {
    return new JwtTokenVerifier(this);
  }

  TokenCheckConfig config() {
    return config;
  }

  InstantSource clock() {
    return requireNonNull(clock, "clock");
  }

  NanoClock nanoClock() {
    return nanoClock;
  }

  JwkSetSource.Parts sourceParts(LongSupplier generations) {
    KeyPublication publication =
        new KeyPublication(
            fetcher == null ? jdkFetcher() : fetcher,
            requireNonNull(secrets, "secrets"),
            config.allowLoopbackHttp());
    return new JwkSetSource.Parts(
        publication,
        config,
        requireNonNull(executor, "executor"),
        requireNonNull(scheduler, "scheduler"),
        nanoClock,
        generations,
        listener);
  }

  private HttpFetcher jdkFetcher() {
    try {
      SSLContext context = tls == null ? SSLContext.getDefault() : tls;
      return new JdkHttpFetcher(context, config.fetchTimeout(), MAX_DOCUMENT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no default TLS context", e);
    }
  }
}
