// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openekm.api.NanoClock;

/**
 * Counts wrong credentials per source address, and has an address that sent too many wait for the
 * rest of its minute. Other addresses don't notice. Of an IPv6 address the first 64 bits count: the
 * rest is everybody's own to choose.
 *
 * <p>Thread-safe. Remembers a bounded number of addresses and forgets the oldest first.
 */
final class LoginFailures {

  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int MAX_ADDRESSES = 10_000;
  private static final int PREFIX_BYTES = 8;

  private final int perMinute;
  private final NanoClock clock;
  private final Map<ByteBuffer, Window> windows =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Window> eldest) {
          return size() > MAX_ADDRESSES;
        }
      };

  /** A minute that began with a failure. */
  private record Window(long began, int failures) {}

  /**
   * Makes a count.
   *
   * @param perMinute how many failures an address has per minute; 0 for no limit
   */
  LoginFailures(int perMinute, NanoClock clock) {
    this.perMinute = perMinute;
    this.clock = clock;
  }

  /** Returns how long the address has to wait; zero if it may try. */
  synchronized Duration waitOf(InetAddress address) {
    Window window = windows.get(key(address));
    if (perMinute == 0 || window == null || window.failures() < perMinute) {
      return Duration.ZERO;
    }
    long left = WINDOW_NANOS - (clock.nanos() - window.began());
    return left > 0 ? Duration.ofNanos(left) : Duration.ZERO;
  }

  /** Notes a wrong credential. */
  synchronized void failed(InetAddress address) {
    long now = clock.nanos();
    ByteBuffer key = key(address);
    Window window = windows.remove(key);
    if (window != null && now - window.began() < WINDOW_NANOS) {
      windows.put(key, new Window(window.began(), window.failures() + 1));
    } else {
      windows.put(key, new Window(now, 1));
    }
  }

  private static ByteBuffer key(InetAddress address) {
    byte[] bytes = address.getAddress();
    return ByteBuffer.wrap(
        address instanceof Inet6Address ? Arrays.copyOf(bytes, PREFIX_BYTES) : bytes);
  }
}
