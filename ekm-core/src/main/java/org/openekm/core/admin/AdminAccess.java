// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.net.InetAddress;
import java.security.MessageDigest;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Predicate;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.RequestId;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.AdministratorRecord.Credential;
import org.openekm.spi.store.AdministratorRecord.Proof;

/**
 * Finds out who an administrator is, and refuses early whoever can't do a thing anyway. What
 * somebody may do in particular each use case decides itself. Thread-safe.
 */
public final class AdminAccess {

  /** Compared with when no credential has the id, so that the answer takes as long. */
  private static final Credential NOBODY =
      new Credential(
          new UUID(0, 0),
          Proof.BEARER,
          Bytes.copyOf(new byte[16]),
          Bytes.copyOf(new byte[32]),
          Instant.EPOCH,
          Optional.of(Instant.EPOCH));

  private static final Duration AUDIT_WAIT = Duration.ofSeconds(1);

  private final AdminEnvironment environment;
  private final AdminDesk desk;
  private final RefusedLogins refusedLogins;

  AdminAccess(AdminEnvironment environment) {
    this.environment = environment;
    this.desk = new AdminDesk(environment);
    this.refusedLogins = new RefusedLogins(environment.nanoClock());
  }

  /**
   * Returns the fingerprint by which a certificate is known: SHA-256 of its public key as
   * SubjectPublicKeyInfo. It stays the same when the certificate is renewed for the same key.
   */
  public static Bytes fingerprint(X509Certificate certificate) {
    return Bytes.adopt(BearerCredentials.sha256().digest(certificate.getPublicKey().getEncoded()));
  }

  /**
   * Returns whose credential a text is; absent if it is nobody's now. Compares in constant time.
   *
   * @throws AdminException UNAVAILABLE if the store doesn't confirm in time that the administrators
   *     known here are the present ones
   */
  public Optional<AdminIdentity> authenticate(String text) {
    Optional<BearerCredentials.Claim> read = BearerCredentials.read(text);
    if (read.isEmpty()) {
      return Optional.empty();
    }
    try (BearerCredentials.Claim claim = read.get()) {
      Optional<Found> found =
          find(one -> one.proof() == Proof.BEARER && one.id().equals(claim.id()));
      boolean proved = BearerCredentials.proves(claim, found.map(Found::credential).orElse(NOBODY));
      return found.filter(one -> proved && isValid(one.credential())).map(Found::identity);
    }
  }

  /**
   * Returns whose certificate it is; absent if it is nobody's now. The caller has checked that the
   * client holds its private key and that somebody trusted has signed it.
   *
   * @throws AdminException UNAVAILABLE as {@link #authenticate(String)}
   */
  public Optional<AdminIdentity> authenticate(X509Certificate certificate) {
    try {
      // A connection can outlive the certificate that it was opened with.
      certificate.checkValidity(Date.from(environment.clock().instant()));
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      return Optional.empty();
    }
    byte[] shown = fingerprint(certificate).toByteArray();
    return find(one ->
            one.proof() == Proof.CERTIFICATE
                && MessageDigest.isEqual(one.hash().toByteArray(), shown)
                && isValid(one))
        .map(Found::identity);
  }

  /**
   * Writes to the audit that somebody has shown no credential or a wrong one: at most 60 such
   * events a minute, the next of which tells how many were left out.
   *
   * @param credential the text that was shown, of which only the id is written; absent if none was
   * @param heldBack true if the address has to wait now
   * @throws EkmException if the audit does not work; the refusal stands all the same
   */
  public void recordRefused(
      RequestId requestId,
      Optional<InetAddress> source,
      Optional<String> credential,
      boolean heldBack) {
    OptionalLong leftOut = refusedLogins.next();
    if (leftOut.isEmpty()) {
      return;
    }
    EkmErrorCode code =
        credential.isPresent() ? EkmErrorCode.TOKEN_INVALID : EkmErrorCode.TOKEN_MISSING;
    AuditEvent.Builder event =
        AuditEvent.builder(environment.clock().instant(), "admin.log-in")
            .outcome(code.name())
            .actor("unknown")
            .requestId(requestId);
    source.ifPresent(address -> event.detail("source", address.getHostAddress()));
    claimedId(credential).ifPresent(id -> event.detail("credential", id.toString()));
    if (heldBack) {
      event.detail("heldBack", "true");
    }
    if (leftOut.getAsLong() > 0) {
      event.detail("leftOut", Long.toString(leftOut.getAsLong()));
    }
    environment
        .audit()
        .appendPatiently(event.build(), Deadline.after(AUDIT_WAIT, environment.nanoClock()));
  }

  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // goes through as it came
  private static Optional<UUID> claimedId(Optional<String> credential) {
    Optional<BearerCredentials.Claim> read = credential.flatMap(BearerCredentials::read);
    read.ifPresent(BearerCredentials.Claim::close);
    return read.map(BearerCredentials.Claim::id);
  }

  /**
   * Refuses whoever has a verb for nothing at all, before anything of the request is looked at. For
   * {@link AdminVerb#BLOCK} the permission only to block suffices here.
   *
   * @param action for the audit
   * @throws AdminException FORBIDDEN, UNAVAILABLE
   */
  public void requireSomewhere(AdminContext context, AdminVerb verb, String action) {
    Act act = verb == AdminVerb.BLOCK ? Act.blocking(action) : new Act(action, verb);
    Act passed = desk.view(context, act, act::somewhere);
    passed.requirePermission();
  }

  /**
   * Refuses whoever lacks a verb for a vault.
   *
   * @param action for the audit
   * @throws AdminException FORBIDDEN, NOT_FOUND, UNAVAILABLE
   */
  public void requireForVault(AdminContext context, AdminVerb verb, String action, String vault) {
    Act act = new Act(action, verb);
    Object unused = desk.view(context, act, now -> Lookup.vaultOf(act, now, vault));
  }

  /**
   * Refuses whoever lacks a verb for a key's vault.
   *
   * @param action for the audit
   * @param key its id or {@code VAULT/NAME}
   * @throws AdminException FORBIDDEN, NOT_FOUND, UNAVAILABLE
   */
  public void requireForKey(AdminContext context, AdminVerb verb, String action, String key) {
    Act act = new Act(action, verb);
    Object unused = desk.view(context, act, now -> Lookup.keyOf(act, now, key));
  }

  /**
   * Refuses whoever lacks a verb for all vaults; for what an embedder or server offers beside the
   * use cases of this package.
   *
   * @param action for the audit
   * @throws AdminException FORBIDDEN, UNAVAILABLE
   */
  public void requireEverywhere(AdminContext context, AdminVerb verb, String action) {
    Act act = new Act(action, verb);
    Act passed = desk.view(context, act, act::everything);
    passed.requirePermission();
  }

  private record Found(AdministratorRecord administrator, Credential credential) {

    AdminIdentity identity() {
      return new AdminIdentity.Administrator(
          administrator.id(), credential.id(), administrator.name());
    }
  }

  private Optional<Found> find(Predicate<Credential> wanted) {
    CatalogSnapshot now = desk.read();
    return now.administrators().stream()
        .flatMap(
            one ->
                one.credentials().stream()
                    .filter(wanted)
                    .map(credential -> new Found(one, credential)))
        .findFirst();
  }

  private boolean isValid(Credential credential) {
    return credential.validAt(environment.clock().instant());
  }
}
