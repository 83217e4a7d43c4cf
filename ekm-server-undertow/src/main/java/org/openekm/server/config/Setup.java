// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a set-up file says there shall be. What it leaves out is absent here: it is left alone where
 * it is there already, and gets the server's default where it is new.
 *
 * @param issuers the issuers
 * @param tenancies the tenancies
 * @param vaults the vaults with their keys
 * @param administrators the administrators
 */
public record Setup(
    List<Issuer> issuers,
    List<Tenancy> tenancies,
    List<Vault> vaults,
    List<Administrator> administrators) {

  /** Copies the lists. */
  public Setup {
    issuers = List.copyOf(issuers);
    tenancies = List.copyOf(tenancies);
    vaults = List.copyOf(vaults);
    administrators = List.copyOf(administrators);
  }

  /**
   * Somebody who administers.
   *
   * @param name their name
   * @param grants what they may do, each as {@code VERB} or {@code VERB@VAULT}
   */
  public record Administrator(String name, List<String> grants) {

    /** Copies the list. */
    public Administrator {
      grants = List.copyOf(grants);
    }
  }

  /**
   * An identity domain.
   *
   * @param name its name
   * @param discoveryUrls where its OpenID configuration is
   * @param jwksUrls where its signing keys are
   * @param acceptedIssuers values of {@code iss} to believe
   * @param client how to get at protected signing keys
   */
  public record Issuer(
      String name,
      List<String> discoveryUrls,
      List<String> jwksUrls,
      List<String> acceptedIssuers,
      Client client) {

    /** Copies the lists. */
    public Issuer {
      discoveryUrls = List.copyOf(discoveryUrls);
      jwksUrls = List.copyOf(jwksUrls);
      acceptedIssuers = List.copyOf(acceptedIssuers);
    }
  }

  /**
   * The OAuth client that may read protected signing keys.
   *
   * @param id its id
   * @param secret where its secret is, as the server sees it
   * @param tokenUrl where it gets its token
   */
  public record Client(Optional<String> id, Optional<String> secret, Optional<String> tokenUrl) {}

  /**
   * An OCI tenancy.
   *
   * @param name its name
   * @param ocid its OCID
   */
  public record Tenancy(String name, String ocid) {}

  /**
   * An external vault.
   *
   * @param name its name
   * @param access who may call it
   * @param place where it is
   * @param policy its policy
   * @param options what else it has
   * @param auditSuccess false to leave successful calls out of the audit
   * @param blocked true if it shall be blocked; false says nothing
   * @param keys its keys
   */
  public record Vault(
      String name,
      Access access,
      Place place,
      Optional<String> policy,
      VaultOptions options,
      Optional<Boolean> auditSuccess,
      boolean blocked,
      List<Key> keys) {

    /** Copies the list. */
    public Vault {
      keys = List.copyOf(keys);
    }
  }

  /**
   * What a vault may have besides.
   *
   * @param labels all its labels
   * @param backendLocked true if it shall be locked to its backend; false says nothing
   * @param deadMan how long it shall serve after a heartbeat
   */
  public record VaultOptions(
      Optional<Map<String, String>> labels, boolean backendLocked, Optional<Duration> deadMan) {

    /** Copies the labels. */
    public VaultOptions {
      labels = labels.map(Map::copyOf);
    }
  }

  /**
   * Who may call a vault.
   *
   * @param tenancy the name of its tenancy
   * @param issuer the name of its issuer
   * @param clientId the client application that OCI uses
   * @param audiences accepted audiences; empty if left out
   * @param scopes accepted scopes; empty if left out
   */
  public record Access(
      String tenancy, String issuer, String clientId, List<String> audiences, List<String> scopes) {

    /** Copies the lists. */
    public Access {
      audiences = List.copyOf(audiences);
      scopes = List.copyOf(scopes);
    }
  }

  /**
   * Where a vault is.
   *
   * @param url the external vault URL up to and without {@code /vaults}
   * @param backend the backend that makes its keys
   */
  public record Place(Optional<String> url, Optional<String> backend) {}

  /** In which state a key shall be. */
  public enum State {
    /** In use. */
    ACTIVE,
    /** Made, not released for use. */
    PRE_ACTIVE,
    /** Out of use. */
    DISABLED
  }

  /**
   * An external key.
   *
   * @param name its name
   * @param length the length of its AES key in bytes
   * @param state its state
   * @param blocked true if it shall be blocked; false says nothing
   * @param policy its own policy
   * @param labels all its labels
   * @param rotationPeriod after which time it shall be rotated
   */
  public record Key(
      String name,
      Optional<Integer> length,
      Optional<State> state,
      boolean blocked,
      Optional<String> policy,
      Optional<Map<String, String>> labels,
      Optional<Duration> rotationPeriod) {

    /** Copies the labels. */
    public Key {
      labels = labels.map(Map::copyOf);
    }
  }
}
