// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.openekm.testkit.fake.TestCertificate;
import org.openekm.testkit.kmip.KmipFault.Kind;

/**
 * A key manager on a loopback port that speaks KMIP over TLS and knows its clients by their
 * certificates. It makes, takes in, finds, activates, revokes and destroys AES keys, encrypts and
 * decrypts with AES-GCM, and draws random bytes.
 *
 * <pre>{@code
 * KmipAuthority authority = new KmipAuthority();
 * try (FakeKmipServer server = FakeKmipServer.start(authority, KmipServerOptions.right())) {
 *   server.failNext(0x1F, KmipFault.of(KmipFault.Kind.HALF));   // the next Encrypt
 *   ...
 * }
 * }</pre>
 *
 * <p>Thread-safe. Keys stay when it is stopped and started again; {@link #close()} ends it.
 */
public final class FakeKmipServer implements AutoCloseable {

  private static final int BACKLOG = 100;
  private static final int LARGEST_REQUEST = 1 << 20;
  private static final int HEADER = 8;
  private static final Duration HANG_LIMIT = Duration.ofMinutes(2);
  private static final Duration BIND_LIMIT = Duration.ofSeconds(10);
  private static final Duration BIND_AGAIN = Duration.ofMillis(20);

  private final KmipAuthority authority;
  private final KmipServerOptions options;
  private final KeyShelf shelf;
  private final Answerer answerer;
  private final Deque<Cue> cues = new ConcurrentLinkedDeque<>();
  private final Queue<Integer> operations = new ConcurrentLinkedQueue<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private volatile Optional<Cue> always = Optional.empty();
  private volatile TestCertificate certificate;
  private volatile boolean deaf;
  private volatile int accepted;
  private volatile int port;
  private @Nullable ServerSocket listener;

  /** A fault for the next message that asks for the operation; 0 for any. */
  private record Cue(int operation, KmipFault fault) {}

  private FakeKmipServer(KmipAuthority authority, KmipServerOptions options) {
    this.authority = authority;
    this.options = options;
    this.certificate = authority.server();
    this.shelf = new KeyShelf(options);
    this.answerer = new Answerer(options, new Handlers(options, shelf));
  }

  /** Starts a server on a free port, which trusts the authority's clients. */
  public static FakeKmipServer start(KmipAuthority authority, KmipServerOptions options) {
    FakeKmipServer server = new FakeKmipServer(authority, options);
    server.start();
    return server;
  }

  /** Starts it again, on the port that it had. */
  public synchronized void start() {
    ServerSocket fresh = bound();
    port = fresh.getLocalPort();
    listener = fresh;
    daemon(() -> accept(fresh));
  }

  /** The port may be taken for a moment by what is left of connections to it. */
  private ServerSocket bound() {
    long end = System.nanoTime() + BIND_LIMIT.toNanos();
    while (true) {
      try {
        ServerSocket fresh = new ServerSocket();
        fresh.setReuseAddress(true);
        fresh.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        return fresh;
      } catch (IOException e) {
        if (System.nanoTime() - end > 0) {
          throw new UncheckedIOException(e);
        }
        LockSupport.parkNanos(BIND_AGAIN.toNanos());
      }
    }
  }

  /** Ends all connections and frees the port; keys stay. */
  public synchronized void stop() {
    ServerSocket old = listener;
    if (old != null) {
      closeQuietly(old);
    }
    killConnections();
  }

  @Override
  public void close() {
    stop();
  }

  /** Returns the port. */
  public int port() {
    return port;
  }

  /** Ends all connections, as a restart of something in between would. */
  public void killConnections() {
    connections.forEach(FakeKmipServer::closeQuietly);
  }

  /** Shows another certificate to new connections. */
  public void show(TestCertificate other) {
    certificate = other;
  }

  /** Takes connections without ever saying a word on new ones, or stops doing so. */
  public void setDeaf(boolean silent) {
    deaf = silent;
  }

  /** Lets the next message that asks for the operation come out like this; 0 for any. */
  public void failNext(int operation, KmipFault fault) {
    cues.add(new Cue(operation, fault));
  }

  /** Lets all messages that ask for the operation come out like this; 0 for any. */
  public void failAlways(int operation, KmipFault fault) {
    always = Optional.of(new Cue(operation, fault));
  }

  /** Forgets all faults that have not happened yet. */
  public void failNoMore() {
    always = Optional.empty();
    cues.clear();
  }

  /** Returns the numbers of all operations that were asked for so far. */
  public List<Integer> operations() {
    return List.copyOf(operations);
  }

  /** Returns how many connections were made so far. */
  public int accepted() {
    return accepted;
  }

  /** Returns how many connections there are. */
  public int connections() {
    return connections.size();
  }

  /** Puts a key into a state, by its number: 1 pre-active, 2 active, 3 deactivated and so on. */
  public void setState(String key, int state) {
    shelf.setState(key, state);
  }

  /** Returns how many keys are in a state. */
  public long keysIn(int state) {
    return shelf.count(state);
  }

  private void accept(ServerSocket from) {
    try {
      while (true) {
        Socket raw = from.accept();
        synchronized (this) {
          accepted++;
        }
        connections.add(raw);
        daemon(() -> serve(raw));
      }
    } catch (IOException e) {
      closeQuietly(from);
    }
  }

  private void serve(Socket raw) {
    try (raw) {
      raw.setTcpNoDelay(true);
      if (deaf) {
        raw.getInputStream().transferTo(OutputStream.nullOutputStream());
        return;
      }
      SSLSocket tls = tls(raw);
      tls.startHandshake();
      raw.setSoTimeout((int) options.idleLimit().toMillis());
      X509Certificate client = (X509Certificate) tls.getSession().getPeerCertificates()[0];
      String name = client.getSubjectX500Principal().getName().replace("CN=", "");
      DataInputStream in = new DataInputStream(tls.getInputStream());
      boolean more = true;
      while (more) {
        more = answerOne(in, tls.getOutputStream(), name);
      }
    } catch (IOException e) {
      // The client has left, or has been silent for too long; nobody is there to be told.
      closeQuietly(raw);
    } finally {
      connections.remove(raw);
    }
  }

  private SSLSocket tls(Socket raw) throws IOException {
    SSLSocket tls =
        (SSLSocket)
            context()
                .getSocketFactory()
                .createSocket(raw, new ByteArrayInputStream(new byte[0]), true);
    tls.setEnabledProtocols(options.tlsProtocols().toArray(String[]::new));
    tls.setNeedClientAuth(true);
    return tls;
  }

  private SSLContext context() {
    char[] password = "only in memory".toCharArray();
    TestCertificate shown = certificate;
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      own.setKeyEntry(
          "server",
          shown.keys().getPrivate(),
          password,
          shown.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, password);
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry("ca", authority.certificate());
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("can't make a TLS context", e);
    }
  }

  /** Answers one request; returns false when the connection shall end. */
  private boolean answerOne(InputStream in, OutputStream out, String client) throws IOException {
    byte[] header = in.readNBytes(HEADER);
    if (header.length < HEADER) {
      return false;
    }
    int length = ByteBuffer.wrap(header).getInt(4);
    if (length < 0 || length > LARGEST_REQUEST) {
      return false;
    }
    byte[] request = Arrays.copyOf(header, HEADER + length);
    if (in.readNBytes(request, HEADER, length) < length) {
      return false;
    }
    List<Integer> asked = Answerer.operations(request);
    operations.addAll(asked);
    Optional<KmipFault> fault = cued(asked);
    if (fault.filter(one -> one.kind() == Kind.CLOSE_BEFORE).isPresent()) {
      return false;
    }
    return send(out, answerer.answer(request, client, fault), fault);
  }

  private Optional<KmipFault> cued(List<Integer> asked) {
    for (Cue cue : List.copyOf(cues)) {
      if (fits(cue, asked) && cues.removeFirstOccurrence(cue)) {
        return Optional.of(cue.fault());
      }
    }
    return always.filter(cue -> fits(cue, asked)).map(Cue::fault);
  }

  private static boolean fits(Cue cue, List<Integer> asked) {
    return cue.operation() == 0 || asked.contains(cue.operation());
  }

  private static boolean send(OutputStream out, byte[] answer, Optional<KmipFault> fault)
      throws IOException {
    if (fault.isEmpty()) {
      out.write(answer);
      return true;
    }
    byte[] half = Arrays.copyOf(answer, answer.length / 2);
    switch (fault.get().kind()) {
      case CLOSE_AFTER -> {
        return false;
      }
      case HALF -> {
        out.write(half);
        return false;
      }
      case HALF_AND_HANG -> {
        out.write(half);
        pause(HANG_LIMIT);
        return false;
      }
      case HANG -> {
        pause(HANG_LIMIT);
        return false;
      }
      case OVERSIZED -> {
        ByteBuffer.wrap(answer).putInt(4, Integer.MAX_VALUE - 7);
        out.write(answer);
        return true;
      }
      case GARBAGE -> {
        out.write(
            "HTTP/1.1 400 Bad Request\r\n\r\n"
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        return true;
      }
      case TWICE -> {
        out.write(answer);
        out.write(answer);
        return true;
      }
      case SLOW -> {
        dribble(out, answer, Duration.ofMillis(fault.get().value()));
        return true;
      }
      case LATE -> pause(Duration.ofMillis(fault.get().value()));
      default -> out.flush();
    }
    out.write(answer);
    return true;
  }

  private static void dribble(OutputStream out, byte[] answer, Duration each) throws IOException {
    for (byte one : answer) {
      out.write(one);
      pause(each);
    }
  }

  private static void pause(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() - end < 0) {
      LockSupport.parkNanos(end - System.nanoTime());
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "fake-kmip");
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(java.io.Closeable one) {
    try {
      one.close();
    } catch (IOException e) {
      // It is gone either way.
      Thread.onSpinWait();
    }
  }
}
