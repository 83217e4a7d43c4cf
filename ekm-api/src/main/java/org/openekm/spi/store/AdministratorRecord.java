// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.openekm.api.Bytes;
import org.openekm.api.VaultId;

/**
 * Somebody who may administer, what proves that it is them, and what they may do. Holds no secret:
 * of a bearer credential only the salted hash is here.
 *
 * @param id the id
 * @param name the operator's name for them, unique; goes to the audit
 * @param credentials what proves that it is them; any one of them suffices while it is valid
 * @param grants what they may do; whatever is not granted is refused
 * @param createdAt when the record was made
 */
public record AdministratorRecord(
    AdministratorId id,
    String name,
    List<Credential> credentials,
    Set<Grant> grants,
    Instant createdAt) {

  /** Copies the collections. */
  public AdministratorRecord {
    requireNonNull(id, "id");
    requireNonNull(name, "name");
    credentials = List.copyOf(credentials);
    grants = Set.copyOf(grants);
    requireNonNull(createdAt, "createdAt");
  }

  /** How an administrator proves who they are. */
  public enum Proof {
    /** By a text with a random secret in it. */
    BEARER,
    /** By the private key of a TLS client certificate. */
    CERTIFICATE
  }

  /**
   * One proof of who somebody is.
   *
   * @param id the id; part of a bearer credential's text
   * @param proof what sort of proof it is
   * @param salt random bytes that are hashed before the secret; empty for a certificate
   * @param hash SHA-256 of salt and secret, or of the certificate's public key as
   *     SubjectPublicKeyInfo
   * @param createdAt when it was made
   * @param validUntil when it stops being accepted; absent for no end
   */
  public record Credential(
      UUID id,
      Proof proof,
      Bytes salt,
      Bytes hash,
      Instant createdAt,
      Optional<Instant> validUntil) {

    /** Checks that nothing is null. */
    public Credential {
      requireNonNull(id, "id");
      requireNonNull(proof, "proof");
      requireNonNull(salt, "salt");
      requireNonNull(hash, "hash");
      requireNonNull(createdAt, "createdAt");
      requireNonNull(validUntil, "validUntil");
    }

    /** Returns true if it is accepted at that time. */
    public boolean validAt(Instant time) {
      return validUntil.map(time::isBefore).orElse(true);
    }

    /** Returns the same credential that ends at a time, or earlier if it did before. */
    public Credential endingAt(Instant time) {
      Instant end = validUntil.filter(time::isAfter).orElse(time);
      return new Credential(id, proof, salt, hash, createdAt, Optional.of(end));
    }
  }

  /** What can be granted. */
  public enum Permission {
    /** To see what there is. */
    VIEW,
    /** To add. */
    CREATE,
    /** To change. */
    UPDATE,
    /** To remove and to destroy. */
    DELETE,
    /** To make new key versions and new credentials. */
    ROTATE,
    /** To block and to unblock. */
    BLOCK,
    /** To block, and never to unblock: for a credential that lies in a safe. */
    BLOCK_ONLY
  }

  /**
   * Something that an administrator may do.
   *
   * @param permission what
   * @param vault to which vault and its keys; absent for everything there is and will be
   */
  public record Grant(Permission permission, Optional<VaultId> vault) {

    /** Checks that nothing is null. */
    public Grant {
      requireNonNull(permission, "permission");
      requireNonNull(vault, "vault");
    }
  }

  /** Returns the same administrator with other credentials. */
  public AdministratorRecord withCredentials(List<Credential> value) {
    return new AdministratorRecord(id, name, value, grants, createdAt);
  }

  /** Returns the same administrator with other grants. */
  public AdministratorRecord withGrants(Set<Grant> value) {
    return new AdministratorRecord(id, name, credentials, value, createdAt);
  }
}
