// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.policy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.stream.Collectors;

/** A span of the day on some days of the week. The end is not part of it. */
final class TimeWindow {

  static final int DAY_SECONDS = 86_400;

  private static final int DAYS_A_WEEK = 7;
  // 1 January 1970 was a Thursday; with Monday as 0 that is day 3.
  private static final int EPOCH_WEEKDAY = 3;

  private final int days;
  private final int from;
  private final int to;
  private final ZoneId zone;

  /**
   * Makes a window.
   *
   * @param days the days on which it begins; empty for all
   * @param fromSecond the second of the day with which it begins, 0 to 86399
   * @param toSecond the second of the day before which it ends, 1 to 86400; smaller than {@code
   *     fromSecond} to run over midnight
   */
  TimeWindow(Set<DayOfWeek> days, int fromSecond, int toSecond, ZoneId zone) {
    Set<DayOfWeek> chosen = days.isEmpty() ? Set.of(DayOfWeek.values()) : days;
    this.days = chosen.stream().collect(Collectors.summingInt(day -> 1 << (day.getValue() - 1)));
    this.from = fromSecond;
    this.to = toSecond;
    this.zone = zone;
  }

  boolean contains(long epochSecond) {
    long local =
        epochSecond
            + zone.getRules().getOffset(Instant.ofEpochSecond(epochSecond)).getTotalSeconds();
    long day = Math.floorDiv(local, (long) DAY_SECONDS);
    int second = (int) Math.floorMod(local, (long) DAY_SECONDS);
    if (from < to) {
      return begins(day) && second >= from && second < to;
    }
    return (begins(day) && second >= from) || (begins(day - 1) && second < to);
  }

  private boolean begins(long epochDay) {
    return (days & (1 << Math.floorMod(epochDay + EPOCH_WEEKDAY, DAYS_A_WEEK))) != 0;
  }
}
