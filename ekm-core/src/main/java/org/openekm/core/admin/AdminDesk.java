// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.core.admin.AdminException.Kind;
import org.openekm.core.backend.BackendErrors;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.store.MetadataChange;

/**
 * The frame around every use case: carries it out, writes success or refusal to the audit, and only
 * then lets the answer go. Thread-safe.
 */
final class AdminDesk {

  private static final Duration AUDIT_WAIT = Duration.ofSeconds(5);
  private static final Duration READ_WAIT = Duration.ofSeconds(2);

  private final AdminEnvironment environment;

  AdminDesk(AdminEnvironment environment) {
    this.environment = environment;
  }

  /** Carries out what only takes access away, and therefore must not wait for a working audit. */
  <T> T revoke(AdminContext context, Act act, Supplier<T> work) {
    return audited(context, act, () -> settled(work));
  }

  /** Carries out what gives something, which is refused beforehand if the audit does not work. */
  <T> T grant(AdminContext context, Act act, Supplier<T> work) {
    return audited(context, act, () -> checked(work));
  }

  /**
   * Carries out what may give and take: refused if the audit does not work, acknowledged when no
   * older answer can leave.
   */
  <T> T replace(AdminContext context, Act act, Supplier<T> work) {
    return audited(context, act, () -> checked(() -> settled(work)));
  }

  /** Waits until nobody can answer any more by what was before the commits so far. */
  void settle() {
    if (!environment.barrier().await()) {
      throw AdminException.of(
          Kind.UNAVAILABLE,
          "the change is in force for new requests, but an older request has not ended yet; repeat to be sure");
    }
  }

  private <T> T settled(Supplier<T> work) {
    T result = work.get();
    settle();
    return result;
  }

  private <T> T checked(Supplier<T> work) {
    CheckResult audit = environment.audit().check();
    if (!audit.healthy()) {
      throw AdminException.of(
          Kind.UNAVAILABLE,
          "nothing was changed, because the audit does not work: " + audit.message());
    }
    return work.get();
  }

  /**
   * Shows something. Only a refusal for want of the verb goes to the audit.
   *
   * @param work gets metadata that is as fresh as for a request of OCI
   */
  <T> T view(AdminContext context, Act act, Function<CatalogSnapshot, T> work) {
    act.by(context.identity());
    try {
      CatalogSnapshot now = read();
      T result =
          environment
              .guard()
              .map(guard -> guard.unlessStale(now, work))
              .orElseGet(() -> work.apply(now));
      act.requirePermission();
      return result;
    } catch (AdminException e) {
      RuntimeException shown = disguised(act, e);
      throw shown instanceof AdminException known && known.kind() == Kind.FORBIDDEN
          ? refused(context, act, known)
          : shown;
    }
  }

  /** Writes an event of its own, before something that can't be undone. */
  void announce(AdminContext context, Act act, String name) {
    append(act.event(context, environment.clock().instant(), name, AuditEvent.OK));
  }

  /**
   * Commits what the decision gives for the newest metadata. The decision must ask whether the
   * administrator may do it, by that very metadata.
   */
  CatalogSnapshot commit(Act act, Function<CatalogSnapshot, List<MetadataChange>> decision) {
    Function<CatalogSnapshot, List<MetadataChange>> permitted =
        now -> {
          act.forgetPermission();
          List<MetadataChange> changes = decision.apply(now);
          act.requirePermission();
          return changes;
        };
    return environment
        .guard()
        .map(guard -> guard.commit(environment.catalog(), permitted))
        .orElseGet(() -> environment.catalog().commit(permitted));
  }

  /**
   * Commits what records the outcome of something that was permitted before and has been done: it
   * must be written down even if the permission is gone by now, or the record has changed.
   */
  CatalogSnapshot complete(Act act, Function<CatalogSnapshot, List<MetadataChange>> outcome) {
    act.requirePermission();
    return environment
        .guard()
        .map(guard -> guard.complete(environment.catalog(), outcome))
        .orElseGet(() -> environment.catalog().commit(outcome));
  }

  /** Returns the newest metadata, as a commit would see it. */
  CatalogSnapshot newest() {
    return saw(environment.catalog().commit(now -> List.of()));
  }

  /**
   * Stops a use case, before it does what no commit can take back, if the request was decided on
   * something else. To be called when the permission was asked for.
   *
   * @throws AdminException STALE
   */
  void requireUnchanged(CatalogSnapshot now) {
    environment.guard().ifPresent(guard -> guard.requireUnchanged(now));
  }

  private CatalogSnapshot saw(CatalogSnapshot snapshot) {
    environment.guard().ifPresent(guard -> guard.saw(snapshot));
    return snapshot;
  }

  /** Returns metadata that is as fresh as for a request of OCI. */
  CatalogSnapshot read() {
    try {
      return saw(environment.catalog().current(Deadline.after(READ_WAIT, environment.nanoClock())));
    } catch (EkmException e) {
      throw AdminException.unavailable(e.safeDetail(), e);
    }
  }

  private <T> T audited(AdminContext context, Act act, Supplier<T> work) {
    T result;
    act.by(context.identity());
    try {
      result = work.get();
      act.requirePermission();
    } catch (RuntimeException e) {
      throw refused(context, act, e);
    }
    try {
      append(act.event(context, environment.clock().instant(), AuditEvent.OK));
    } catch (EkmException e) {
      throw AdminException.unavailable(
          "the change is in force, but the audit could not record it: " + e.safeDetail(), e);
    }
    return result;
  }

  private RuntimeException refused(AdminContext context, Act act, RuntimeException cause) {
    RuntimeException failure = disguised(act, translated(cause));
    if (failure instanceof AdminException known) {
      act.detail("refused", known.kind().name());
      known.missing().ifPresent(verb -> act.detail("missing", verb.word()));
      if (!known.problems().isEmpty()) {
        act.detail("fields", fields(known));
      }
    }
    try {
      append(
          act.event(context, environment.clock().instant(), outcome(act, failure, cause).name()));
    } catch (EkmException e) {
      failure.addSuppressed(e);
      return AdminException.unavailable(
          String.valueOf(failure.getMessage())
              + "; and the audit could not record it: "
              + e.safeDetail(),
          failure);
    }
    return failure;
  }

  private static RuntimeException translated(RuntimeException cause) {
    if (cause instanceof BackendException backend) {
      return AdminException.unavailable(BackendErrors.toEkm(backend).safeDetail(), backend);
    }
    if (cause instanceof EkmException core) {
      return AdminException.unavailable(core.safeDetail(), core);
    }
    return cause;
  }

  /**
   * Whoever lacks the verb learns nothing of what exists or is wrong, whatever the use case came
   * upon before it could ask.
   */
  private RuntimeException disguised(Act act, RuntimeException failure) {
    boolean tells =
        failure instanceof AdminException known
            && known.kind() != Kind.FORBIDDEN
            && known.kind() != Kind.UNAVAILABLE;
    return tells && !act.permitted() && !act.coversEverything(environment.catalog().latest())
        ? act.refusal()
        : failure;
  }

  private static EkmErrorCode outcome(Act act, RuntimeException failure, RuntimeException cause) {
    if (cause instanceof EkmException core) {
      return core.code();
    }
    if (cause instanceof BackendException backend) {
      return BackendErrors.toEkm(backend).code();
    }
    if (!(failure instanceof AdminException known)) {
      return EkmErrorCode.INTERNAL;
    }
    return switch (known.kind()) {
      case INVALID, CONFLICT, STALE -> EkmErrorCode.MALFORMED_REQUEST;
      case WRONG_STATE -> EkmErrorCode.KEY_NOT_ACTIVE;
      case UNAVAILABLE -> EkmErrorCode.BACKEND_UNAVAILABLE;
      case FORBIDDEN, NOT_APPROVED -> EkmErrorCode.CLIENT_NOT_ALLOWED;
      case NOT_FOUND ->
          act.action().startsWith("key.")
              ? EkmErrorCode.KEY_NOT_FOUND
              : EkmErrorCode.VAULT_NOT_FOUND;
    };
  }

  private static String fields(AdminException refusal) {
    return refusal.problems().stream()
        .map(ConfigurationProblem::field)
        .distinct()
        .collect(Collectors.joining(","));
  }

  private void append(AuditEvent event) {
    environment.audit().appendPatiently(event, Deadline.after(AUDIT_WAIT, environment.nanoClock()));
  }
}
