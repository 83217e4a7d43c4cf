// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.bench;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.pkcs11.Pkcs11KeyBackendProvider;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/**
 * What isolation costs: encryptions of 32 bytes one after the other, by a backend in this process
 * and by one in a process of its own, in turns. Prints the median and the 99th percentile of each
 * and their differences.
 *
 * <p>Arguments: module, token label, PIN, profile, init-args.
 */
public final class BackendLoop {

  private static final int WARM_UP = 20_000;
  private static final int ROUND = 2_000;
  private static final int ROUNDS = 20;

  private final KeyBackend backend;
  private final BackendKeyRef key;
  private final long[] nanos = new long[ROUND * ROUNDS];
  private int count;

  private BackendLoop(Map<String, String> settings, String pin) {
    this.backend =
        new Pkcs11KeyBackendProvider()
            .create(
                new ComponentContext(
                    "bench",
                    Settings.of(settings),
                    reference -> SecretBytes.adopt(pin.getBytes(StandardCharsets.UTF_8)),
                    InstantSource.system(),
                    NanoClock.system(),
                    new SecureRandom(),
                    task -> {
                      Thread thread = new Thread(task);
                      thread.setDaemon(true);
                      thread.start();
                    }));
    this.key =
        backend.generateKey(
            new NewKey(new KeyVersionId(UUID.randomUUID()), "bench", 32), deadline());
  }

  /** Runs it. */
  public static void main(String[] arguments) {
    Map<String, String> settings = new HashMap<>();
    settings.put("module", arguments[0]);
    settings.put("token.label", arguments[1]);
    settings.put("profile", arguments[3]);
    settings.put("pin", "${env:PIN}");
    if (arguments.length > 4 && !arguments[4].isEmpty()) {
      settings.put("init-args", arguments[4]);
    }
    Map<String, String> isolated = new HashMap<>(settings);
    isolated.put("isolation", "process");
    BackendLoop here = new BackendLoop(settings, arguments[2]);
    BackendLoop apart = new BackendLoop(isolated, arguments[2]);
    here.run(WARM_UP, false);
    apart.run(WARM_UP, false);
    for (int round = 0; round < ROUNDS; round++) {
      here.run(ROUND, true);
      apart.run(ROUND, true);
    }
    here.print("in process");
    apart.print("isolated  ");
    System.out.printf(
        Locale.ROOT,
        "isolation adds %.1f us at the median, %.1f us at the 99th percentile%n",
        (apart.percentile(50) - here.percentile(50)) / 1e3,
        (apart.percentile(99) - here.percentile(99)) / 1e3);
    here.backend.close();
    apart.backend.close();
  }

  private void run(int times, boolean counted) {
    try (SecretBytes plaintext = SecretBytes.copyOf(new byte[32])) {
      Bytes aad = Bytes.copyOf(new byte[16]);
      for (int i = 0; i < times; i++) {
        long began = System.nanoTime();
        backend.encrypt(key, plaintext, aad, deadline());
        if (counted) {
          nanos[count++] = System.nanoTime() - began;
        }
      }
    }
    if (counted && count == nanos.length) {
      Arrays.sort(nanos);
    }
  }

  private long percentile(int percent) {
    return nanos[Math.min(nanos.length - 1, nanos.length * percent / 100)];
  }

  private void print(String what) {
    System.out.printf(
        Locale.ROOT,
        "%s  p50 %.1f us  p99 %.1f us%n",
        what,
        percentile(50) / 1e3,
        percentile(99) / 1e3);
  }

  private static Deadline deadline() {
    return Deadline.after(Duration.ofSeconds(5), NanoClock.system());
  }
}
