// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.testserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.hsm.kmip.KmipKeyBackendProvider;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.testkit.fake.TestSecrets;
import org.openekm.testkit.kmip.KmipAuthority;

/** A client's files and settings, and backends made of them as the server makes them. */
public final class TestClient {

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Path folder;
  private final Map<String, String> settings = new HashMap<>();
  private final TestSecrets secrets = new TestSecrets();

  /** Makes the files of a client of this name. */
  public TestClient(KmipAuthority authority, String name) {
    try {
      folder = Files.createTempDirectory("ekm-kmip-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    KmipAuthority.PemFiles files = KmipAuthority.write(authority.client(name), folder, "client");
    settings.put("host", "localhost");
    // The machine may be busy with other things.
    settings.put("connect-timeout", "10s");
    settings.put("handshake-timeout", "10s");
    settings.put("request-timeout", "10s");
    settings.put("tls.trusted-certificates", authority.writeCa(folder.resolve("ca.pem")) + "");
    settings.put("tls.certificate", files.certificate().toString());
    settings.put("tls.private-key", files.privateKey().toString());
  }

  /** Returns where the files are. */
  public Path folder() {
    return folder;
  }

  /** Returns the secrets that settings may refer to. */
  public TestSecrets secrets() {
    return secrets;
  }

  /** Sets settings for all backends from now on: names and values by turns. */
  public TestClient with(String... more) {
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return this;
  }

  /** Returns the settings. */
  public Map<String, String> settings() {
    return Map.copyOf(settings);
  }

  /** Opens a backend on the server at this port, with more settings. */
  public KeyBackend open(int port, String... more) {
    return new KmipKeyBackendProvider().create(context(port, more));
  }

  /** Returns what a provider gets. */
  public ComponentContext context(int port, String... more) {
    Map<String, String> all = new HashMap<>(settings);
    if (port > 0) {
      all.put("port", Integer.toString(port));
    }
    for (int i = 0; i < more.length; i += 2) {
      all.put(more[i], more[i + 1]);
    }
    return contextOf(all);
  }

  /** Returns what a provider gets with these settings and no others. */
  public ComponentContext contextOf(Map<String, String> all) {
    return new ComponentContext(
        "test",
        Settings.of(all),
        secrets,
        InstantSource.system(),
        NanoClock.system(),
        RANDOM,
        TestClient::daemon);
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "kmip-client");
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns a deadline that is far enough on any machine. */
  public static Deadline soon() {
    return in(Duration.ofSeconds(20));
  }

  /** Returns a deadline after this time. */
  public static Deadline in(Duration time) {
    return Deadline.after(time, NanoClock.system());
  }
}
