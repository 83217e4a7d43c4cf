// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openekm.api.VaultId;

/**
 * An external vault: what one OCI vault sees of us.
 *
 * @param id the id, part of the external vault URL
 * @param name the operator's name for it, unique
 * @param tenancy the OCI tenancy it belongs to
 * @param access who may call it
 * @param endpoint where OCI reaches it
 * @param backend the name of the backend instance that makes new keys of this vault
 * @param policy the policy's text; absent denies everything
 * @param blocked true while nothing may be served
 * @param auditSuccess false to leave successful calls out of the audit; failures are always kept
 * @param createdAt when the record was made
 * @param attributes what else is known of it
 */
public record VaultRecord(
    VaultId id,
    String name,
    TenancyId tenancy,
    Access access,
    Endpoint endpoint,
    String backend,
    Optional<String> policy,
    boolean blocked,
    boolean auditSuccess,
    Instant createdAt,
    Attributes attributes) {

  /**
   * What a vault has beside what it needs to serve.
   *
   * @param labels the operator's own names and values
   * @param linkedAt when OCI first used the vault with success; absent if it never did
   * @param backendLocked true if the vault's keys live in its present backend only, for good
   * @param deadMan blocks the vault unless somebody gives a sign of life; absent if nobody need
   */
  public record Attributes(
      Map<String, String> labels,
      Optional<Instant> linkedAt,
      boolean backendLocked,
      Optional<DeadManSwitch> deadMan) {

    private static final Attributes NONE =
        new Attributes(Map.of(), Optional.empty(), false, Optional.empty());

    /** Copies the labels. */
    public Attributes {
      labels = Map.copyOf(labels);
    }

    /** Returns the attributes of a vault that has none. */
    public static Attributes none() {
      return NONE;
    }

    /** Returns the same attributes with other labels. */
    public Attributes withLabels(Map<String, String> value) {
      return new Attributes(value, linkedAt, backendLocked, deadMan);
    }

    /** Returns the same attributes with a time of first use. */
    public Attributes withLinkedAt(Instant value) {
      return new Attributes(labels, Optional.of(value), backendLocked, deadMan);
    }

    /** Returns the same attributes with the vault's backend fixed for good. */
    public Attributes withBackendLocked() {
      return new Attributes(labels, linkedAt, true, deadMan);
    }

    /** Returns the same attributes with another dead-man switch, or none. */
    public Attributes withDeadMan(Optional<DeadManSwitch> value) {
      return new Attributes(labels, linkedAt, backendLocked, value);
    }

    /** Returns the same attributes with a sign of life at that time, if one is awaited. */
    public Attributes withHeartbeat(Instant at) {
      return withDeadMan(deadMan.map(each -> new DeadManSwitch(each.period(), at)));
    }
  }

  /**
   * The rule that a vault serves only as long as somebody gives signs of life.
   *
   * @param period how long the vault serves after a sign of life
   * @param lastHeartbeat when the last sign of life came
   */
  public record DeadManSwitch(Duration period, Instant lastHeartbeat) {

    /** Returns the first moment at which the vault must not serve any more. */
    public Instant blocksAt() {
      return lastHeartbeat.plus(period);
    }
  }

  /**
   * Who may call a vault.
   *
   * @param issuer the issuer of its tokens
   * @param clientId the OAuth client that OCI uses
   * @param audiences the accepted audiences; a token must name one of them
   * @param scopes the accepted scopes; a token must have one of them
   */
  public record Access(
      IssuerId issuer, String clientId, Set<String> audiences, Set<String> scopes) {

    /** Copies the sets. */
    public Access {
      audiences = Set.copyOf(audiences);
      scopes = Set.copyOf(scopes);
    }
  }

  /**
   * Where OCI reaches a vault.
   *
   * @param host an IP address or a host name, as in the external vault URL
   * @param port 1 to 65535; 443 is left out of the URL
   * @param path the path prefix up to and without {@code /vaults}, such as {@code /ekm/v1}
   */
  public record Endpoint(String host, int port, String path) {

    /** Returns the external vault URL to paste into OCI. */
    public String vaultUrl(VaultId vault) {
      return origin() + path + "/vaults/" + vault;
    }

    /** Returns scheme, host and port. */
    public String origin() {
      String shownHost = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
      return "https://" + shownHost + (port == 443 ? "" : ":" + port);
    }
  }

  /** Returns true if an awaited sign of life has not come by that time. */
  public boolean overdue(Instant now) {
    return attributes.deadMan().isPresent() && !now.isBefore(attributes.deadMan().get().blocksAt());
  }

  /** Returns the same vault, blocked or not. */
  public VaultRecord withBlocked(boolean value) {
    return new VaultRecord(
        id,
        name,
        tenancy,
        access,
        endpoint,
        backend,
        policy,
        value,
        auditSuccess,
        createdAt,
        attributes);
  }

  /** Returns the same vault with another policy. */
  public VaultRecord withPolicy(String value) {
    return new VaultRecord(
        id,
        name,
        tenancy,
        access,
        endpoint,
        backend,
        Optional.of(value),
        blocked,
        auditSuccess,
        createdAt,
        attributes);
  }

  /** Returns the same vault with another backend for new keys. */
  public VaultRecord withBackend(String value) {
    return new VaultRecord(
        id,
        name,
        tenancy,
        access,
        endpoint,
        value,
        policy,
        blocked,
        auditSuccess,
        createdAt,
        attributes);
  }

  /** Returns the same vault with successful calls in the audit or not. */
  public VaultRecord withAuditSuccess(boolean value) {
    return new VaultRecord(
        id,
        name,
        tenancy,
        access,
        endpoint,
        backend,
        policy,
        blocked,
        value,
        createdAt,
        attributes);
  }

  /** Returns the same vault with other attributes. */
  public VaultRecord withAttributes(Attributes value) {
    return new VaultRecord(
        id,
        name,
        tenancy,
        access,
        endpoint,
        backend,
        policy,
        blocked,
        auditSuccess,
        createdAt,
        value);
  }
}
