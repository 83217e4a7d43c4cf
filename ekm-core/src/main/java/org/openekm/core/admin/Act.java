// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.audit.AuditEvent;

/**
 * What the audit shall tell of one use case; filled in while it is carried out. Used by one thread.
 */
final class Act {

  private final String action;
  private final Map<String, String> details = new LinkedHashMap<>();
  private @Nullable VaultId vault;
  private @Nullable KeyId key;
  private @Nullable KeyVersionId version;

  Act(String action) {
    this.action = action;
  }

  String action() {
    return action;
  }

  Act vault(VaultId id) {
    vault = id;
    return this;
  }

  Act key(KeyId id) {
    key = id;
    return this;
  }

  Act version(KeyVersionId id) {
    version = id;
    return this;
  }

  Act detail(String name, String value) {
    details.put(name, value);
    return this;
  }

  AuditEvent event(AdminContext context, Instant time, String outcome) {
    return event(context, time, action, outcome);
  }

  /** Returns an event about the same things under another name. */
  AuditEvent event(AdminContext context, Instant time, String name, String outcome) {
    AuditEvent.Builder event =
        AuditEvent.builder(time, name)
            .outcome(outcome)
            .actor(context.actor())
            .requestId(context.requestId());
    if (vault != null) {
      event.vault(vault);
    }
    if (key != null) {
      event.key(key);
    }
    if (version != null) {
      event.version(version);
    }
    context.source().ifPresent(source -> event.detail("source", source.getHostAddress()));
    details.forEach(event::detail);
    return event.build();
  }
}
