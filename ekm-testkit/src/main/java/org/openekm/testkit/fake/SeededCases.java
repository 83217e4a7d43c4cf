// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Runs a property over many random cases and, when one fails, says the seed with which exactly that
 * case runs again.
 *
 * <pre>{@code
 * SeededCases.run(1_000, random -> {
 *   byte[] data = SeededCases.bytes(random, 200);
 *   assertThat(decode(encode(data))).isEqualTo(data);
 * });
 * }</pre>
 *
 * <p>With the system property {@value #SEED_PROPERTY} set, only the case of that seed is run. With
 * {@value #SECONDS_PROPERTY} set, each property goes on for that many seconds and says how many
 * cases it has seen.
 */
public final class SeededCases {

  /** The system property that holds the seed of the one case to run. */
  public static final String SEED_PROPERTY = "ekm.test.seed";

  /** The system property that holds for how many seconds to go on. */
  public static final String SECONDS_PROPERTY = "ekm.test.seconds";

  /** One property, looked at with one random generator. */
  @FunctionalInterface
  public interface Case {
    /** Draws its data from the generator and throws if the property doesn't hold. */
    void run(Random random) throws Exception;
  }

  private static final System.Logger LOG = System.getLogger(SeededCases.class.getName());

  private SeededCases() {}

  /**
   * Runs the cases.
   *
   * @throws AssertionError at the first case that fails, with its seed in the message and its
   *     failure as the cause
   */
  public static void run(int cases, Case property) {
    Long only = Long.getLong(SEED_PROPERTY);
    if (only != null) {
      runOne(only, property);
      return;
    }
    Random seeds = new Random();
    for (int i = 0; i < cases; i++) {
      runOne(seeds.nextLong(), property);
    }
    Long seconds = Long.getLong(SECONDS_PROPERTY);
    if (seconds != null) {
      goOn(seeds, TimeUnit.SECONDS.toNanos(seconds), property);
    }
  }

  private static void goOn(Random seeds, long nanos, Case property) {
    long began = System.nanoTime();
    long cases = 0;
    while (System.nanoTime() - began < nanos) {
      runOne(seeds.nextLong(), property);
      cases++;
    }
    LOG.log(
        System.Logger.Level.INFO,
        cases + " more cases, none failed: " + property.getClass().getName());
  }

  /** Runs the one case of a seed. */
  public static void runOne(long seed, Case property) {
    try {
      property.run(new Random(seed));
    } catch (Exception | AssertionError e) {
      throw new AssertionError(
          "The case of seed "
              + seed
              + " failed; run it again with -D"
              + SEED_PROPERTY
              + "="
              + seed
              + ": "
              + e,
          e);
    }
  }

  /** Returns between 0 and {@code maxLength} random bytes. */
  public static byte[] bytes(Random random, int maxLength) {
    byte[] bytes = new byte[random.nextInt(maxLength + 1)];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Returns a text of 0 to {@code maxLength} characters out of the alphabet. */
  public static String text(Random random, String alphabet, int maxLength) {
    int length = random.nextInt(maxLength + 1);
    StringBuilder text = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
