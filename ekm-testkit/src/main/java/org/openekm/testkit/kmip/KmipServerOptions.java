// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * What a server is like.
 *
 * @param versions the versions of KMIP that it speaks, such as {@code 1.4}
 * @param tlsProtocols such as {@code TLSv1.3}
 * @param without numbers of operations that it lacks
 * @param habits where it differs from the standard or from what most do
 * @param idleLimit how long it keeps a connection on which nothing is asked
 * @param batchItems the most items of one message
 */
public record KmipServerOptions(
    List<String> versions,
    List<String> tlsProtocols,
    Set<Integer> without,
    Set<Habit> habits,
    Duration idleLimit,
    int batchItems) {

  /** The number of the operation RNG Retrieve. */
  public static final int RNG_RETRIEVE = 0x25;

  private static final int MANY = 100;

  /** What real servers do. */
  public enum Habit {
    /** A tag that does not fit ends in General Failure. */
    GENERAL_FAILURE_FOR_BAD_TAG,
    /** The tag stands behind the ciphertext; there is no AAD. */
    TAG_APPENDED,
    /** AAD is ignored: a dangerous server. */
    IGNORES_AAD,
    /** Whatever is the matter with a key, the reason is Permission Denied. */
    PERMISSION_DENIED_FOR_ALL,
    /** A Client Correlation Value makes a message invalid. */
    NO_CORRELATION_VALUE,
    /** It does not know Discover Versions. */
    NO_DISCOVER,
    /** Random bytes come in pieces of 16. */
    SHORT_RANDOM,
    /** The attributes Sensitive and Extractable are unknown. */
    NO_PROTECTION_ATTRIBUTES,
    /** Keys can be extracted whatever was asked for. */
    EXTRACTABLE_KEYS
  }

  /** Copies the collections. */
  public KmipServerOptions {
    versions = List.copyOf(versions);
    tlsProtocols = List.copyOf(tlsProtocols);
    without = Set.copyOf(without);
    habits = Set.copyOf(habits);
  }

  /** Returns a server that does everything right. */
  public static KmipServerOptions right() {
    return new KmipServerOptions(
        List.of("2.1", "2.0", "1.4", "1.3", "1.2"),
        List.of("TLSv1.3", "TLSv1.2"),
        Set.of(),
        Set.of(),
        Duration.ofMinutes(5),
        MANY);
  }

  /** Returns the same with these versions, best first. */
  public KmipServerOptions withVersions(String... some) {
    return new KmipServerOptions(
        List.of(some), tlsProtocols, without, habits, idleLimit, batchItems);
  }

  /** Returns the same with this version of TLS alone. */
  public KmipServerOptions withTls(String protocol) {
    return new KmipServerOptions(
        versions, List.of(protocol), without, habits, idleLimit, batchItems);
  }

  /** Returns the same without these operations. */
  public KmipServerOptions lacking(Integer... operations) {
    return new KmipServerOptions(
        versions, tlsProtocols, Set.of(operations), habits, idleLimit, batchItems);
  }

  /** Returns the same with these habits. */
  public KmipServerOptions withHabits(Habit first, Habit... more) {
    return new KmipServerOptions(
        versions, tlsProtocols, without, EnumSet.of(first, more), idleLimit, batchItems);
  }

  /** Returns the same that closes connections after so long without a request. */
  public KmipServerOptions closingIdleAfter(Duration limit) {
    return new KmipServerOptions(versions, tlsProtocols, without, habits, limit, batchItems);
  }

  /** Returns the same that takes no more items in one message. */
  public KmipServerOptions withBatchItems(int most) {
    return new KmipServerOptions(versions, tlsProtocols, without, habits, idleLimit, most);
  }

  boolean has(Habit habit) {
    return habits.contains(habit);
  }
}
