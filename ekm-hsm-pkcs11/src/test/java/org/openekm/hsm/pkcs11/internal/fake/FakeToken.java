// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.fake;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckf;
import org.openekm.hsm.pkcs11.internal.cryptoki.Template;
import org.openekm.hsm.pkcs11.internal.cryptoki.TokenInfo;

/** The device behind a {@link FakeCryptoki}: it outlives initializations of the library. */
public final class FakeToken {

  private final String label;
  private final Map<Long, Map<Long, byte[]>> objects = new ConcurrentHashMap<>();
  private final AtomicLong lastObject = new AtomicLong(100);
  private volatile String pin = "1234";
  private volatile int wrongPins;
  private volatile boolean present = true;
  private volatile long maxSessions;

  FakeToken(String label) {
    this.label = label;
  }

  /** Changes the PIN. */
  public void pin(String value) {
    pin = value;
    wrongPins = 0;
  }

  /** Takes the token out of its slot, or puts it back. */
  public void present(boolean value) {
    present = value;
  }

  /** Limits the sessions; 0 for no limit. */
  public void maxSessions(long value) {
    maxSessions = value;
  }

  /** Returns how many wrong PINs it was given. */
  public int wrongPins() {
    return wrongPins;
  }

  /** Removes all objects, as making the token anew does. */
  public void erase() {
    objects.clear();
  }

  boolean isPresent() {
    return present;
  }

  long maxSessions() {
    return maxSessions;
  }

  boolean takesPin(byte[] given) {
    boolean right = Arrays.equals(given, pin.getBytes(StandardCharsets.UTF_8));
    wrongPins = right ? 0 : wrongPins + 1;
    return right;
  }

  TokenInfo info() {
    return new TokenInfo(
        label, "OpenEKM", "fake", "42", Ckf.LOGIN_REQUIRED | Ckf.RNG, maxSessions, 0, "1.0");
  }

  /** The objects by their own numbers, which are not the handles that a log-in gives them. */
  Map<Long, Map<Long, byte[]>> objects() {
    return objects;
  }

  long add(Template template, Map<Long, byte[]> more) {
    Map<Long, byte[]> attributes = new ConcurrentHashMap<>(more);
    template.attributes().forEach(a -> attributes.put(a.type(), a.value().clone()));
    long number = lastObject.incrementAndGet();
    objects.put(number, attributes);
    return number;
  }
}
