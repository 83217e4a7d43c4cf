// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.audit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.RequestId;
import org.openekm.api.VaultId;

/**
 * One thing that happened: a call of OCI, a change by an administrator, or something of the
 * server's own such as its start.
 *
 * <p>Holds ids and codes only; never plaintext, ciphertext, tokens, PINs or key material.
 * Immutable.
 *
 * @param time when, by the wall clock
 * @param action what, in lower case with dots: {@code encrypt}, {@code key.block}, {@code
 *     server.start}
 * @param outcome {@code OK}, or the name of an {@link org.openekm.api.EkmErrorCode}
 * @param actor who: the OAuth client id, the administrator's name, or {@code server}; empty if
 *     unknown
 * @param requestId the request
 * @param vault the vault that was asked for, whether it exists or not
 * @param key the key that was asked for
 * @param version the key version that was used
 * @param details further ids, codes, numbers, the deciding policy clause, the token's id, the
 *     source address
 */
public record AuditEvent(
    Instant time,
    String action,
    String outcome,
    String actor,
    Optional<RequestId> requestId,
    Optional<VaultId> vault,
    Optional<KeyId> key,
    Optional<KeyVersionId> version,
    Map<String, String> details) {

  /** The outcome of a success. */
  public static final String OK = "OK";

  /** Copies the details, keeping their order. */
  public AuditEvent {
    details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
  }

  /** Returns true if the event tells of a success. */
  public boolean succeeded() {
    return OK.equals(outcome);
  }

  /** Begins an event. */
  public static Builder builder(Instant time, String action) {
    return new Builder(time, action);
  }

  /** Collects the parts of an event. Not thread-safe. */
  public static final class Builder {

    private final Instant time;
    private final String action;
    private String outcome = OK;
    private String actor = "";
    private Optional<RequestId> requestId = Optional.empty();
    private Optional<VaultId> vault = Optional.empty();
    private Optional<KeyId> key = Optional.empty();
    private Optional<KeyVersionId> version = Optional.empty();
    private final Map<String, String> details = new LinkedHashMap<>();

    private Builder(Instant time, String action) {
      this.time = requireNonNull(time, "time");
      this.action = requireNonNull(action, "action");
    }

    /** Sets the outcome; {@link AuditEvent#OK} unless set. */
    public Builder outcome(String value) {
      outcome = requireNonNull(value, "outcome");
      return this;
    }

    /** Sets who acted. */
    public Builder actor(String value) {
      actor = requireNonNull(value, "actor");
      return this;
    }

    /** Sets the request. */
    public Builder requestId(RequestId value) {
      requestId = Optional.of(value);
      return this;
    }

    /** Sets the vault. */
    public Builder vault(VaultId value) {
      vault = Optional.of(value);
      return this;
    }

    /** Sets the key. */
    public Builder key(KeyId value) {
      key = Optional.of(value);
      return this;
    }

    /** Sets the key version. */
    public Builder version(KeyVersionId value) {
      version = Optional.of(value);
      return this;
    }

    /** Adds a detail. */
    public Builder detail(String name, String value) {
      details.put(requireNonNull(name, "name"), requireNonNull(value, "value"));
      return this;
    }

    /** Returns the event. */
    public AuditEvent build() {
      return new AuditEvent(time, action, outcome, actor, requestId, vault, key, version, details);
    }
  }
}
