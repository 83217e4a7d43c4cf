// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend.software;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the cipher of the software backend costs, by itself. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SoftwareBackendBenchmark {

  /** How many bytes of plaintext; 32 is a data encryption key. */
  @Param({"32", "4096"})
  public int length;

  private Path folder;
  private KeyBackend backend;
  private BackendKeyRef key;
  private Deadline deadline;
  private SecretBytes plaintext;
  private Sealed sealed;

  /** Makes a keystore with one key in a temporary folder. */
  @Setup
  public void open() throws IOException {
    folder = Files.createTempDirectory("ekm-backend-benchmark");
    byte[] kek = Base64.getEncoder().encode(new byte[32]);
    Map<String, String> settings =
        Map.of("keystore", folder.resolve("keys").toString(), "kek", "${env:KEK}");
    backend =
        new SoftwareKeyBackendProvider()
            .create(
                new ComponentContext(
                    "main",
                    Settings.of(settings),
                    reference -> SecretBytes.copyOf(kek),
                    InstantSource.system(),
                    NanoClock.system(),
                    new SecureRandom(),
                    Runnable::run));
    deadline = Deadline.after(Duration.ofDays(1), NanoClock.system());
    key = backend.generateKey(new NewKey(new KeyVersionId(new UUID(1, 1)), "k", 32), deadline);
    plaintext = SecretBytes.adopt(new byte[length]);
    BackendCiphertext made = encrypt();
    sealed = new Sealed(made.iv(), made.ciphertext(), made.tag());
  }

  /** Closes and removes it. */
  @TearDown
  public void close() throws IOException {
    backend.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Encrypts. */
  @Benchmark
  public BackendCiphertext encrypt() {
    return backend.encrypt(key, plaintext, Bytes.empty(), deadline);
  }

  /** Decrypts. */
  @Benchmark
  public int decrypt() {
    try (SecretBytes opened = backend.decrypt(key, sealed, Bytes.empty(), deadline)) {
      return opened.length();
    }
  }
}
