// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.store;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;

/**
 * An external key. Its id is what OCI calls the External Key ID.
 *
 * @param id the id
 * @param vault the vault it belongs to
 * @param name the operator's name for it, unique in its vault
 * @param lengthBytes the length of its AES keys: 16, 24 or 32
 * @param state where it stands in its life
 * @param blocked true while it may not be used, whatever its state
 * @param currentVersion the version that encrypts
 * @param policy the policy's text; absent to leave it to the vault's
 * @param destroyAfter when it will be destroyed; present only while its deletion is pending
 * @param createdAt when the record was made
 * @param attributes what else is known of it
 */
public record KeyRecord(
    KeyId id,
    VaultId vault,
    String name,
    int lengthBytes,
    KeyState state,
    boolean blocked,
    KeyVersionId currentVersion,
    Optional<String> policy,
    Optional<Instant> destroyAfter,
    Instant createdAt,
    Attributes attributes) {

  /**
   * What a key has beside what it needs to serve.
   *
   * @param labels the operator's own names and values
   * @param linkedAt when OCI first used the key with success; absent if it never did
   * @param rotationPeriod how old the current version may get before the server makes a new one;
   *     absent if only an operator does
   */
  public record Attributes(
      Map<String, String> labels, Optional<Instant> linkedAt, Optional<Duration> rotationPeriod) {

    private static final Attributes NONE =
        new Attributes(Map.of(), Optional.empty(), Optional.empty());

    /** Copies the labels. */
    public Attributes {
      labels = Map.copyOf(labels);
    }

    /** Returns the attributes of a key that has none. */
    public static Attributes none() {
      return NONE;
    }

    /** Returns the same attributes with other labels. */
    public Attributes withLabels(Map<String, String> value) {
      return new Attributes(value, linkedAt, rotationPeriod);
    }

    /** Returns the same attributes with a time of first use. */
    public Attributes withLinkedAt(Instant value) {
      return new Attributes(labels, Optional.of(value), rotationPeriod);
    }

    /** Returns the same attributes with another rotation period. */
    public Attributes withRotationPeriod(Optional<Duration> value) {
      return new Attributes(labels, linkedAt, value);
    }
  }

  /**
   * Returns the same key in another state; a time of destruction only goes with pending deletion.
   */
  public KeyRecord withState(KeyState newState, Optional<Instant> newDestroyAfter) {
    return new KeyRecord(
        id,
        vault,
        name,
        lengthBytes,
        newState,
        blocked,
        currentVersion,
        policy,
        newDestroyAfter,
        createdAt,
        attributes);
  }

  /** Returns the same key, blocked or not. */
  public KeyRecord withBlocked(boolean value) {
    return new KeyRecord(
        id,
        vault,
        name,
        lengthBytes,
        state,
        value,
        currentVersion,
        policy,
        destroyAfter,
        createdAt,
        attributes);
  }

  /** Returns the same key with another current version. */
  public KeyRecord withCurrentVersion(KeyVersionId value) {
    return new KeyRecord(
        id,
        vault,
        name,
        lengthBytes,
        state,
        blocked,
        value,
        policy,
        destroyAfter,
        createdAt,
        attributes);
  }

  /** Returns the same key with another policy. */
  public KeyRecord withPolicy(Optional<String> value) {
    return new KeyRecord(
        id,
        vault,
        name,
        lengthBytes,
        state,
        blocked,
        currentVersion,
        value,
        destroyAfter,
        createdAt,
        attributes);
  }

  /** Returns the same key with other attributes. */
  public KeyRecord withAttributes(Attributes value) {
    return new KeyRecord(
        id,
        vault,
        name,
        lengthBytes,
        state,
        blocked,
        currentVersion,
        policy,
        destroyAfter,
        createdAt,
        value);
  }
}
