// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.KeyCatalog;
import org.openekm.core.catalog.KeyEntry;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.spi.store.MetadataChange;

/**
 * Goes with one request: lets its first change happen only if a record is still as the caller has
 * seen it, and remembers the metadata that the answer was made from.
 *
 * <p>The record is looked at inside the decision of the commit, which the store accepts only on the
 * revision that it was made for. So nobody's change is lost, whichever node made it. Used by one
 * thread, for one request.
 */
public final class ChangeGuard {

  /** What a tag is of. */
  public enum Subject {
    /** An issuer, by name or id. */
    ISSUER,
    /** A tenancy, by name or id. */
    TENANCY,
    /** A vault, by name or id; without its keys. */
    VAULT,
    /** A key, by id or as {@code VAULT/NAME}; with its versions. */
    KEY,
    /** An administrator, by name or id; with the credentials and grants. */
    ADMINISTRATOR
  }

  private record Condition(Subject subject, String name, Set<EntityTag> tags) {}

  private final @Nullable Condition condition;
  private @Nullable CatalogSnapshot seen;
  private boolean refused;
  private boolean writing;
  private boolean changed;

  private ChangeGuard(@Nullable Condition condition) {
    this.condition = condition;
  }

  /** Returns a guard that lets everything happen. */
  public static ChangeGuard open() {
    return new ChangeGuard(null);
  }

  /**
   * Returns a guard for a change that was decided on what these tags stand for. If the record has
   * none of them now, the use case throws {@link AdminException} of kind STALE and changes nothing.
   */
  public static ChangeGuard ifUnchanged(Subject subject, String name, Set<EntityTag> tags) {
    return new ChangeGuard(new Condition(subject, name, Set.copyOf(tags)));
  }

  /**
   * Returns the tag of a record in the metadata that the use case saw last; absent if it saw none
   * or the record is not there.
   */
  public Optional<EntityTag> tag(Subject subject, String name) {
    return seen == null ? Optional.empty() : tagIn(seen, subject, name);
  }

  /** Returns true if something was changed, or may have been. */
  public boolean changed() {
    return changed;
  }

  void saw(CatalogSnapshot snapshot) {
    seen = snapshot;
  }

  CatalogSnapshot commit(
      KeyCatalog catalog, Function<CatalogSnapshot, List<MetadataChange>> decision) {
    writing = false;
    boolean known = false;
    try {
      CatalogSnapshot after = catalog.commit(now -> decided(now, decision));
      known = true;
      saw(after);
      return after;
    } finally {
      // Changes whose commit failed may be in force all the same.
      changed |= writing;
      refused |= !known;
    }
  }

  private List<MetadataChange> decided(
      CatalogSnapshot now, Function<CatalogSnapshot, List<MetadataChange>> decision) {
    writing = false;
    boolean holds = holds(now);
    List<MetadataChange> changes = unlessStale(now, decision);
    if (!holds && !changes.isEmpty()) {
      // Whoever was refused may look, to clean up behind itself, and no more.
      throw stale();
    }
    writing = !changes.isEmpty();
    return changes;
  }

  /**
   * Does the work, which asks for the permission; then, whatever comes of it, tells those who have
   * the permission that what they had seen has changed.
   */
  <T> T unlessStale(CatalogSnapshot now, Function<CatalogSnapshot, T> work) {
    boolean stale = isStale(now);
    T result;
    try {
      result = work.apply(now);
    } catch (AdminException e) {
      throw stale && e.kind() != Kind.FORBIDDEN ? stale() : e;
    }
    if (stale) {
      throw stale();
    }
    return result;
  }

  void requireUnchanged(CatalogSnapshot now) {
    if (isStale(now)) {
      refused = true;
      throw stale();
    }
  }

  /** Writes down what has been done already, whatever the record looks like now. */
  CatalogSnapshot complete(
      KeyCatalog catalog, Function<CatalogSnapshot, List<MetadataChange>> outcome) {
    changed = true;
    CatalogSnapshot after = catalog.commit(outcome);
    saw(after);
    return after;
  }

  private boolean isStale(CatalogSnapshot now) {
    return !holds(now) && !refused && isThere(now);
  }

  /** What the request has changed itself is no reason to stop half-way. */
  private boolean holds(CatalogSnapshot now) {
    return condition == null
        || changed
        || tagIn(now, condition.subject(), condition.name())
            .filter(condition.tags()::contains)
            .isPresent();
  }

  /** What is not there at all is for the use case to say. */
  private boolean isThere(CatalogSnapshot now) {
    return condition != null && tagIn(now, condition.subject(), condition.name()).isPresent();
  }

  private static AdminException stale() {
    return AdminException.of(
        Kind.STALE,
        "it has changed since you looked at it, and nothing was done; look at it again and decide again");
  }

  private static Optional<EntityTag> tagIn(CatalogSnapshot now, Subject subject, String name) {
    return switch (subject) {
      case ISSUER -> Lookup.issuer(now, name).map(EntityTag::of);
      case TENANCY -> Lookup.tenancy(now, name).map(EntityTag::of);
      case VAULT -> Lookup.vault(now, name).map(VaultEntry::record).map(EntityTag::of);
      case ADMINISTRATOR -> Lookup.administrator(now, name).map(EntityTag::of);
      case KEY -> Lookup.key(now, name).map(ChangeGuard::contentOf).map(EntityTag::of);
    };
  }

  private static Object contentOf(KeyEntry key) {
    return List.of(key.record(), key.newestFirst());
  }
}
