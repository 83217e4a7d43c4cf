// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import java.net.InetAddress;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.EkmException;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.Operation;
import org.openekm.api.RequestId;
import org.openekm.api.VaultId;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.audit.AuditEvent;

/**
 * What becomes known of one call on its way; turned into the audit event at its end. Used by one
 * thread.
 */
final class CallRecord {

  private static final Map<Operation, String> ACTIONS = actions();

  private final Operation operation;
  private final RequestId requestId;
  private final Optional<InetAddress> source;
  private final long startNanos;
  private @Nullable VaultId vault;
  private @Nullable KeyId key;
  private @Nullable KeyVersionId version;
  private @Nullable VerifiedClient client;
  private @Nullable Admission admission;
  private String clause = "";

  CallRecord(
      Operation operation, RequestId requestId, Optional<InetAddress> source, long startNanos) {
    this.operation = operation;
    this.requestId = requestId;
    this.source = source;
    this.startNanos = startNanos;
  }

  Operation operation() {
    return operation;
  }

  Optional<InetAddress> source() {
    return source;
  }

  long startNanos() {
    return startNanos;
  }

  /** Returns the version that was asked for or used; null if neither. */
  @Nullable KeyVersionId version() {
    return version;
  }

  @Nullable Admission admission() {
    return admission;
  }

  void target(
      Optional<VaultId> askedVault, Optional<KeyId> askedKey, Optional<KeyVersionId> askedVersion) {
    vault = askedVault.orElse(null);
    key = askedKey.orElse(null);
    version = askedVersion.orElse(null);
  }

  void client(VerifiedClient value) {
    client = value;
  }

  void decidedBy(String value) {
    clause = value;
  }

  void admitted(Admission value) {
    admission = value;
  }

  void used(KeyVersionId value) {
    version = value;
  }

  AuditEvent success(Instant now, long nanos) {
    return event(now, nanos).build();
  }

  AuditEvent failure(Instant now, long nanos, EkmException failure) {
    return event(now, nanos)
        .outcome(failure.code().name())
        .detail("reason", failure.safeDetail())
        .build();
  }

  private AuditEvent.Builder event(Instant now, long nanos) {
    AuditEvent.Builder event =
        AuditEvent.builder(now, ACTIONS.getOrDefault(operation, "")).requestId(requestId);
    if (vault != null) {
      event.vault(vault);
    }
    if (key != null) {
      event.key(key);
    }
    if (version != null) {
      event.version(version);
    }
    if (client != null) {
      event.actor(client.clientId());
      client.tokenId().ifPresent(id -> event.detail("token", id));
    }
    if (!clause.isEmpty()) {
      event.detail("clause", clause);
    }
    source.ifPresent(address -> event.detail("source", address.getHostAddress()));
    return event.detail("micros", Long.toString(nanos / 1000));
  }

  private static Map<Operation, String> actions() {
    Map<Operation, String> actions = new EnumMap<>(Operation.class);
    for (Operation operation : Operation.values()) {
      actions.put(operation, operation.name().toLowerCase(Locale.ROOT));
    }
    return Map.copyOf(actions);
  }
}
