// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

/**
 * How tokens are checked.
 *
 * @param clockSkew by how much the identity domain's clock may differ from ours; 0 to 5 minutes
 * @param cacheSize how many checked tokens are remembered; 0 to 1,000,000
 * @param refreshInterval how often the keys of an issuer are fetched; up to 24 hours
 * @param staleBound for how long the last good keys serve while fetching fails; from the refresh
 *     interval to 7 days
 * @param unknownKeyInterval at most once in this time does a token with an unknown key make us
 *     fetch the keys at once; up to 1 hour
 * @param maxTokenLength the longest token, in characters; 1,024 to 65,536
 * @param fetchTimeout for one request to the identity domain; 10 ms to 60 s
 * @param allowLoopbackHttp true to allow plain http to this very host, for tests and demonstrations
 */
public record TokenCheckConfig(
    Duration clockSkew,
    int cacheSize,
    Duration refreshInterval,
    Duration staleBound,
    Duration unknownKeyInterval,
    int maxTokenLength,
    Duration fetchTimeout,
    boolean allowLoopbackHttp) {

  /** Returns the usual values. */
  public static TokenCheckConfig defaults() {
    return builder().build();
  }

  /** Returns a builder that begins with the usual values. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the values; see the record for their meaning and ranges. Not thread-safe. */
  public static final class Builder {

    private Duration clockSkew = Duration.ofSeconds(60);
    private int cacheSize = 10_000;
    private Duration refreshInterval = Duration.ofMinutes(5);
    private Duration staleBound = Duration.ofHours(24);
    private Duration unknownKeyInterval = Duration.ofSeconds(30);
    private int maxTokenLength = 16_384;
    private Duration fetchTimeout = Duration.ofSeconds(10);
    private boolean allowLoopbackHttp;

    private Builder() {}

    /** Sets the tolerated difference of clocks; 60 s unless set. */
    public Builder clockSkew(Duration value) {
      clockSkew = value;
      return this;
    }

    /** Sets the number of remembered tokens; 10,000 unless set. */
    public Builder cacheSize(int value) {
      cacheSize = value;
      return this;
    }

    /** Sets how often keys are fetched; 5 minutes unless set. */
    public Builder refreshInterval(Duration value) {
      refreshInterval = value;
      return this;
    }

    /** Sets how long the last good keys serve; 24 hours unless set. */
    public Builder staleBound(Duration value) {
      staleBound = value;
      return this;
    }

    /** Sets the least time between two fetches for unknown keys; 30 s unless set. */
    public Builder unknownKeyInterval(Duration value) {
      unknownKeyInterval = value;
      return this;
    }

    /** Sets the longest token; 16,384 characters unless set. */
    public Builder maxTokenLength(int value) {
      maxTokenLength = value;
      return this;
    }

    /** Sets the time for one request to the identity domain; 10 s unless set. */
    public Builder fetchTimeout(Duration value) {
      fetchTimeout = value;
      return this;
    }

    /** Allows plain http to this very host; not allowed unless set. */
    public Builder allowLoopbackHttp(boolean value) {
      allowLoopbackHttp = value;
      return this;
    }

    /**
     * Checks all values.
     *
     * @throws InvalidConfigurationException with every problem
     */
    public TokenCheckConfig build() {
      List<ConfigurationProblem> problems = new ArrayList<>();
      between(problems, "clock-skew", clockSkew, Duration.ZERO, Duration.ofMinutes(5));
      between(problems, "cache-size", cacheSize, 0, 1_000_000);
      between(
          problems, "refresh-interval", refreshInterval, Duration.ofMillis(1), Duration.ofDays(1));
      between(problems, "stale-bound", staleBound, refreshInterval, Duration.ofDays(7));
      between(
          problems,
          "unknown-key-interval",
          unknownKeyInterval,
          Duration.ofMillis(1),
          Duration.ofHours(1));
      between(problems, "max-token-length", maxTokenLength, 1024, 65_536);
      between(
          problems, "fetch-timeout", fetchTimeout, Duration.ofMillis(10), Duration.ofSeconds(60));
      if (!problems.isEmpty()) {
        throw new InvalidConfigurationException(problems);
      }
      return new TokenCheckConfig(
          clockSkew,
          cacheSize,
          refreshInterval,
          staleBound,
          unknownKeyInterval,
          maxTokenLength,
          fetchTimeout,
          allowLoopbackHttp);
    }

    private static <T extends Comparable<T>> void between(
        List<ConfigurationProblem> problems, String field, T value, T min, T max) {
      if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
        problems.add(
            new ConfigurationProblem(
                field, "is " + value, "choose a value from " + min + " to " + max));
      }
    }
  }
}
