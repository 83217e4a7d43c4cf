// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What kinds of requests there are and how often, as a service of OCI would send them. The shares
 * are guesses from what the services do with keys; no figures are published.
 *
 * @param name its name on the command line
 * @param story whom it looks like
 * @param shots the kinds
 */
public record Mix(String name, String story, List<Shot> shots) {

  /** A kind of request. */
  public enum Kind {
    /** Encrypt. */
    ENCRYPT,
    /** Decrypt. */
    DECRYPT,
    /** GenerateRandomBytes. */
    RANDOM,
    /** GetKeyMetadata. */
    KEY_METADATA,
    /** GetVaultMetadata. */
    VAULT_METADATA
  }

  /**
   * A kind of request with its share.
   *
   * @param weight its share, relative to the others
   * @param kind the operation
   * @param bytes the length of the plaintext or of the random bytes
   */
  public record Shot(int weight, Kind kind, int bytes) {}

  private static final List<Mix> ALL =
      List.of(
          new Mix(
              "encrypt",
              "Encrypt of a data key, nothing else",
              List.of(new Shot(1, Kind.ENCRYPT, 32))),
          new Mix(
              "object-storage",
              "a busy bucket: a data key made or read per object",
              List.of(
                  new Shot(40, Kind.ENCRYPT, 32),
                  new Shot(55, Kind.DECRYPT, 32),
                  new Shot(5, Kind.RANDOM, 32))),
          new Mix(
              "block-volume",
              "an attach storm after an outage: every volume's key is read",
              List.of(new Shot(90, Kind.DECRYPT, 32), new Shot(10, Kind.KEY_METADATA, 0))),
          new Mix(
              "database",
              "databases opening: the key is looked at, then the master key is read",
              List.of(
                  new Shot(30, Kind.KEY_METADATA, 0),
                  new Shot(60, Kind.DECRYPT, 48),
                  new Shot(10, Kind.ENCRYPT, 48))),
          new Mix(
              "all",
              "everything at once, with some large plaintexts",
              List.of(
                  new Shot(40, Kind.ENCRYPT, 32),
                  new Shot(40, Kind.DECRYPT, 32),
                  new Shot(5, Kind.ENCRYPT, 4096),
                  new Shot(5, Kind.DECRYPT, 4096),
                  new Shot(5, Kind.RANDOM, 32),
                  new Shot(3, Kind.KEY_METADATA, 0),
                  new Shot(2, Kind.VAULT_METADATA, 0))));

  /** Copies the shots. */
  public Mix {
    shots = List.copyOf(shots);
  }

  /** Returns all mixes by name. */
  public static Map<String, Mix> all() {
    Map<String, Mix> byName = new TreeMap<>();
    ALL.forEach(mix -> byName.put(mix.name(), mix));
    return byName;
  }

  /**
   * Returns the mix of this name.
   *
   * @throws IllegalArgumentException if there is none; the message lists the names
   */
  public static Mix named(String name) {
    Mix mix = all().get(name.toLowerCase(Locale.ROOT));
    if (mix == null) {
      throw new IllegalArgumentException("mix must be one of " + all().keySet());
    }
    return mix;
  }
}
