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

  /** Writes an event of its own, before something that can't be undone. */
  void announce(AdminContext context, Act act, String name) {
    append(act.event(context, environment.clock().instant(), name, AuditEvent.OK));
  }

  /** Commits what the decision gives for the newest metadata. */
  CatalogSnapshot commit(Function<CatalogSnapshot, List<MetadataChange>> decision) {
    return environment
        .guard()
        .map(guard -> guard.commit(environment.catalog(), decision))
        .orElseGet(() -> environment.catalog().commit(decision));
  }

  /** Returns metadata that is as fresh as for a request of OCI. */
  CatalogSnapshot read() {
    try {
      CatalogSnapshot snapshot =
          environment.catalog().current(Deadline.after(READ_WAIT, environment.nanoClock()));
      environment.guard().ifPresent(guard -> guard.saw(snapshot));
      return snapshot;
    } catch (EkmException e) {
      throw AdminException.unavailable(e.safeDetail(), e);
    }
  }

  private <T> T audited(AdminContext context, Act act, Supplier<T> work) {
    T result;
    try {
      result = work.get();
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
    RuntimeException failure = translated(cause);
    if (failure instanceof AdminException known) {
      act.detail("refused", known.kind().name());
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
