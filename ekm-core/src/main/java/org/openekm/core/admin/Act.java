// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openekm.api.KeyId;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.AdministratorRecord.Permission;

/**
 * One use case while it is carried out: what it is called, which verb it takes, whether its
 * administrator was found to have it, and what the audit shall tell. Used by one thread.
 *
 * <p>A use case says on what it works by {@link #vault(CatalogSnapshot, VaultId)}, {@link
 * #everything} or {@link #somewhere}, as soon as it knows; each of them refuses whoever lacks the
 * verb there. Without one of them {@link AdminDesk} commits nothing and shows nothing.
 */
final class Act {

  private static final Set<Permission> BLOCKING = Set.of(Permission.BLOCK, Permission.BLOCK_ONLY);

  private final String action;
  private final AdminVerb verb;
  private final Map<String, String> details = new LinkedHashMap<>();
  private Set<Permission> sufficient;
  private @Nullable AdminIdentity who;
  private boolean permitted;
  private @Nullable VaultId vault;
  private @Nullable KeyId key;
  private @Nullable KeyVersionId version;

  Act(String action, AdminVerb verb) {
    this.action = action;
    this.verb = verb;
    this.sufficient = verb.permissions();
  }

  /** Makes the act of blocking, for which a credential that can do nothing else suffices. */
  static Act blocking(String action) {
    Act act = new Act(action, AdminVerb.BLOCK);
    act.sufficient = BLOCKING;
    return act;
  }

  /** Says who acts; the desk does. */
  void by(AdminIdentity identity) {
    who = identity;
  }

  String action() {
    return action;
  }

  /**
   * Says that the act is about a vault or something in it.
   *
   * @throws AdminException FORBIDDEN if the administrator lacks the verb for the vault
   */
  Act vault(CatalogSnapshot now, VaultId id) {
    vault = id;
    return require(rights(now).on(sufficient, id));
  }

  /**
   * Says that the act is about what stands above vaults.
   *
   * @throws AdminException FORBIDDEN if the administrator lacks the verb for all vaults
   */
  Act everything(CatalogSnapshot now) {
    return require(rights(now).everywhere(sufficient));
  }

  /**
   * Says that the act gives only what {@link #covers} lets through.
   *
   * @throws AdminException FORBIDDEN if the administrator has the verb for nothing at all
   */
  Act somewhere(CatalogSnapshot now) {
    return require(rights(now).somewhere(sufficient));
  }

  /** Returns true if the administrator has the verb for the vault. */
  boolean covers(CatalogSnapshot now, VaultId id) {
    return rights(now).on(sufficient, id);
  }

  /** Returns true if the administrator has the verb for all vaults. */
  boolean coversEverything(CatalogSnapshot now) {
    return rights(now).everywhere(sufficient);
  }

  /** Returns what the administrator may do by a snapshot. */
  Rights rights(CatalogSnapshot now) {
    if (who == null) {
      throw new IllegalStateException("nobody was named who wants " + action);
    }
    return new Rights(now, who);
  }

  private Act require(boolean granted) {
    if (!granted) {
      throw refusal(verb);
    }
    permitted = true;
    return this;
  }

  /** Returns the refusal of somebody who lacks the act's own verb. */
  AdminException refusal() {
    return refusal(verb);
  }

  /**
   * Returns the refusal of somebody who lacks a verb. The text is the same whether what they named
   * exists or not.
   */
  AdminException refusal(AdminVerb lacking) {
    String name = who == null ? "nobody" : who.actor();
    return AdminException.forbidden(
        lacking,
        action
            + " needs the verb "
            + lacking.word()
            + " for this, which administrator "
            + name
            + " has not been granted; see admin show "
            + name);
  }

  boolean permitted() {
    return permitted;
  }

  /** Makes the next decision begin anew, by another snapshot. */
  void forgetPermission() {
    permitted = false;
  }

  /** Stops a use case that has not asked whether its administrator may do it: a fault of ours. */
  void requirePermission() {
    if (!permitted) {
      throw new IllegalStateException(action + " has not asked who may do it");
    }
  }

  /** Notes a vault that is only being made. */
  Act newVault(VaultId id) {
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
