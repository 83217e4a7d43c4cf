// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.bench;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.KmipKeyBackendProvider;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import org.openekm.testkit.fake.LoopbackTlsServer;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.fake.TestSecrets;
import org.openekm.testkit.kmip.FakeKmipServer;
import org.openekm.testkit.kmip.KmipAuthority;
import org.openekm.testkit.kmip.KmipServerOptions;

/**
 * What an Encrypt by KMIP costs the client beyond its bytes' way over TLS. {@code server FOLDER}
 * runs the kit's key manager and an echo of the same number of bytes until its input ends; {@code
 * client FOLDER ROUNDS SECONDS} measures both in turn and prints medians.
 */
public final class KmipBench {

  /** An Encrypt of 32 bytes with 16 bytes of additional data by KMIP 2.1, and its answer. */
  private static final int REQUEST_BYTES = 320;

  private static final int ANSWER_BYTES = 264;
  private static final int MANY = 8;

  private KmipBench() {}

  /** One call, to be repeated. */
  @FunctionalInterface
  private interface Work {
    void once() throws IOException;
  }

  /** Calls a second, and the CPU time of this process and of the server's per call. */
  private record Slice(double rate, double clientMicros, double serverMicros) {}

  /** Runs the server or the client. */
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    if (arguments[0].equals("server")) {
      serve(folder);
    } else {
      measure(folder, Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
    }
  }

  private static void serve(Path folder) throws IOException {
    KmipAuthority authority = new KmipAuthority();
    authority.writeCa(folder.resolve("ca.pem"));
    KmipAuthority.PemFiles unused = KmipAuthority.write(authority.client("ekm"), folder, "client");
    TestCertificates certificates = TestCertificates.create();
    TestCertificate echoCertificate = certificates.ecdsaServer();
    certificates.writeCaPem(folder.resolve("echo-ca.pem"));
    try (FakeKmipServer kmip = FakeKmipServer.start(authority, KmipServerOptions.right());
        LoopbackTlsServer echo =
            new LoopbackTlsServer(
                echoCertificate.serverContext(), socket -> echo((SSLSocket) socket))) {
      String text = kmip.port() + " " + echo.port() + " " + ProcessHandle.current().pid();
      Path ports = Files.writeString(folder.resolve("ports.new"), text);
      Files.move(ports, folder.resolve("ports"));
      int end = System.in.read();
      System.out.println("ended by " + end);
    }
  }

  private static void echo(SSLSocket socket) throws IOException {
    socket.setTcpNoDelay(true);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    byte[] request = new byte[REQUEST_BYTES];
    byte[] answer = new byte[ANSWER_BYTES];
    while (true) {
      in.readFully(request);
      out.write(answer);
    }
  }

  private static void measure(Path folder, int rounds, int seconds) throws Exception {
    String[] told = Files.readString(folder.resolve("ports")).split(" ", -1);
    ProcessHandle server = ProcessHandle.of(Long.parseLong(told[2])).orElseThrow();
    SSLContext tls = trusting(folder.resolve("echo-ca.pem"));
    try (KeyBackend backend = open(folder, told[0]);
        SSLSocket socket =
            (SSLSocket)
                tls.getSocketFactory().createSocket("127.0.0.1", Integer.parseInt(told[1]))) {
      BackendKeyRef key =
          backend.generateKey(new NewKey(new KeyVersionId(UUID.randomUUID()), "k", 32), soon());
      Work encrypt = () -> encrypt(backend, key);
      Work echo = echoing(socket);
      Slice unused = slice(encrypt, 1, 4 * seconds, server);
      unused = slice(echo, 1, 4 * seconds, server);
      List<Double> over = new ArrayList<>();
      List<Double> whole = new ArrayList<>();
      for (int i = 0; i < rounds; i++) {
        Slice kmip = slice(encrypt, 1, seconds, server);
        Slice bare = slice(echo, 1, seconds, server);
        whole.add(kmip.clientMicros());
        over.add(kmip.clientMicros() - bare.clientMicros());
        System.err.printf("%.1f us, of which TLS %.1f us%n", whole.get(i), bare.clientMicros());
      }
      Slice many = slice(encrypt, MANY, 4 * seconds, server);
      System.out.printf(
          "client, CPU per Encrypt:           %.1f us%n"
              + "  beyond its bytes' TLS:           %.1f us%n"
              + "%d callers, %d connections:         %.0f/s, client %.1f us, server %.1f us of CPU each%n",
          median(whole),
          median(over),
          MANY,
          MANY,
          many.rate(),
          many.clientMicros(),
          many.serverMicros());
    }
  }

  private static Work echoing(SSLSocket socket) throws IOException {
    socket.setTcpNoDelay(true);
    DataInputStream in = new DataInputStream(socket.getInputStream());
    OutputStream out = socket.getOutputStream();
    byte[] request = new byte[REQUEST_BYTES];
    byte[] answer = new byte[ANSWER_BYTES];
    return () -> {
      out.write(request);
      in.readFully(answer);
    };
  }

  private static void encrypt(KeyBackend backend, BackendKeyRef key) {
    try (SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      Object unused = backend.encrypt(key, text, Bytes.copyOf(new byte[16]), soon());
    }
  }

  private static Slice slice(Work work, int callers, int seconds, ProcessHandle server)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(callers);
    Duration clientCpu = cpuOf(ProcessHandle.current());
    Duration serverCpu = cpuOf(server);
    long began = System.nanoTime();
    long end = began + Duration.ofSeconds(seconds).toNanos();
    Callable<Long> caller =
        () -> {
          long calls = 0;
          while (System.nanoTime() - end < 0) {
            work.once();
            calls++;
          }
          return calls;
        };
    List<Callable<Long>> all = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      all.add(caller);
    }
    long calls = 0;
    for (Future<Long> each : threads.invokeAll(all)) {
      calls += each.get();
    }
    threads.shutdown();
    double nanos = System.nanoTime() - began;
    return new Slice(
        calls * 1e9 / nanos,
        micros(cpuOf(ProcessHandle.current()).minus(clientCpu), calls),
        micros(cpuOf(server).minus(serverCpu), calls));
  }

  private static Duration cpuOf(ProcessHandle process) {
    return process.info().totalCpuDuration().orElseThrow();
  }

  private static double micros(Duration used, long calls) {
    return used.toNanos() / 1e3 / calls;
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(each -> each).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static KeyBackend open(Path folder, String port) {
    Settings settings =
        Settings.of(
            Map.of(
                "host", "localhost",
                "port", port,
                "connections", Integer.toString(MANY),
                "tls.trusted-certificates", folder.resolve("ca.pem").toString(),
                "tls.certificate", folder.resolve("client.pem").toString(),
                "tls.private-key", folder.resolve("client.key").toString()));
    return new KmipKeyBackendProvider()
        .create(
            new ComponentContext(
                "bench",
                settings,
                new TestSecrets(),
                InstantSource.system(),
                NanoClock.system(),
                new SecureRandom(),
                task -> new Thread(task).start()));
  }

  private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    try (InputStream in = Files.newInputStream(authority)) {
      trusted.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(10), NanoClock.system());
  }
}
