// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.api.NanoClock;
import org.openekm.hsm.kmip.internal.client.KmipClientConfig.Times;
import org.openekm.hsm.kmip.internal.client.TransportException.Kind;

/**
 * One connection, with at most one request under way: KMIP answers by their order only. A thread
 * reads all the time, so that the server's end of the connection is noticed at once; the callers
 * write. When a deadline passes the connection is closed, for nobody could tell the late answer
 * from the next one.
 */
final class Connection {

  private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");
  private static final int HEADER = 8;

  /**
   * A request of so many bytes fits the socket's buffer, which is empty when the last one has been
   * answered. Only longer ones need somebody else to end a write that nobody takes: a timer costs
   * as much as the rest of a call.
   */
  private static final int NEVER_BLOCKS = 4096;

  private static final int RESPONSE_TAG = 0x42007B01;

  private final String label;
  private final Socket raw;
  private final SSLSocket tls;
  private final NanoClock clock;
  private final int maxResponse;
  private final AtomicReference<@Nullable CompletableFuture<byte[]>> pending =
      new AtomicReference<>();
  private volatile boolean closed;
  private volatile boolean used;
  private volatile long idleSince;
  private volatile @Nullable IOException end;

  private Connection(Address address, Socket raw, SSLSocket tls, Limits limits) {
    this.label = address.label();
    this.raw = raw;
    this.tls = tls;
    this.clock = limits.clock();
    this.maxResponse = limits.maxResponse();
    this.idleSince = clock.nanos();
  }

  /** What every connection keeps to. */
  record Limits(Times times, int maxResponse, NanoClock clock) {}

  /**
   * Connects; blocks for no longer than both limits.
   *
   * @throws TransportException if it can't be done
   */
  static Connection open(Address address, SSLContext context, Limits limits) {
    Socket raw = connect(address, limits.times().connect());
    CompletableFuture<Boolean> handshake = new CompletableFuture<>();
    onTimeout(handshake, limits.times().handshake().toNanos(), () -> closeQuietly(raw));
    try {
      SSLSocket tls =
          (SSLSocket)
              context
                  .getSocketFactory()
                  .createSocket(raw, address.serverName(), address.port(), true);
      tls.setSSLParameters(parameters(tls.getSSLParameters(), address.quirks().anySuite()));
      tls.startHandshake();
      raw.setSoTimeout((int) limits.times().idle().toMillis());
      if (!handshake.complete(true)) {
        throw new IOException("the handshake took too long");
      }
      return new Connection(address, raw, tls, limits);
    } catch (IOException e) {
      boolean late = !handshake.complete(true) && handshake.isCompletedExceptionally();
      closeQuietly(raw);
      if (late) {
        throw new TransportException(
            Kind.CONNECT, "no TLS handshake with " + address.label() + " in time", e);
      }
      throw new TransportException(
          Kind.TLS, "no TLS with " + address.label() + ": " + reason(e), e);
    }
  }

  private static Socket connect(Address address, Duration limit) {
    IOException last = new IOException("the name has no address");
    try {
      for (InetAddress each : InetAddress.getAllByName(address.host())) {
        Socket socket = new Socket();
        try {
          socket.setTcpNoDelay(true);
          socket.connect(
              new InetSocketAddress(each, address.port()), Math.max(1, (int) limit.toMillis()));
          return socket;
        } catch (IOException e) {
          closeQuietly(socket);
          last = e;
        }
      }
    } catch (IOException e) {
      last = e;
    }
    throw new TransportException(
        Kind.CONNECT, "can't connect to " + address.label() + ": " + reason(last), last);
  }

  private static SSLParameters parameters(SSLParameters parameters, boolean anySuite) {
    parameters.setProtocols(PROTOCOLS.toArray(String[]::new));
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (!anySuite) {
      parameters.setCipherSuites(
          Arrays.stream(parameters.getCipherSuites())
              .filter(Connection::isModern)
              .toArray(String[]::new));
    }
    return parameters;
  }

  private static boolean isModern(String suite) {
    return suite.startsWith("TLS_AES_")
        || suite.startsWith("TLS_CHACHA20_")
        || (suite.startsWith("TLS_ECDHE_") && !suite.contains("_CBC_"));
  }

  /** Reads until the connection ends. Runs on a thread of its own. */
  void readUntilEnd() {
    try {
      InputStream in = tls.getInputStream();
      boolean more = true;
      while (more) {
        more = readOne(in);
      }
    } catch (IOException e) {
      end = e;
    }
    close();
  }

  /** Reads one answer; returns false if the connection has ended in good order or for idleness. */
  private boolean readOne(InputStream in) throws IOException {
    int first = firstByte(in);
    if (first < 0) {
      return false;
    }
    CompletableFuture<byte[]> waiting = pending.get();
    if (waiting == null) {
      throw new IOException("the server sent what nobody had asked for");
    }
    byte[] header = new byte[HEADER];
    header[0] = (byte) first;
    if (in.readNBytes(header, 1, HEADER - 1) < HEADER - 1) {
      throw new IOException("half an answer");
    }
    byte[] message = read(in, header);
    // Whoever takes the answer may use the connection at once.
    if (!pending.compareAndSet(waiting, null) || !waiting.complete(message)) {
      Arrays.fill(message, (byte) 0);
      throw new IOException("the answer came too late");
    }
    return true;
  }

  private byte[] read(InputStream in, byte[] header) throws IOException {
    ByteBuffer head = ByteBuffer.wrap(header);
    int tagAndType = head.getInt();
    int length = head.getInt();
    if (tagAndType != RESPONSE_TAG) {
      throw new IOException("the answer is no KMIP message");
    }
    if (length < 0 || length > maxResponse - HEADER) {
      throw new IOException("the answer is longer than " + maxResponse + " bytes");
    }
    byte[] message = Arrays.copyOf(header, HEADER + length);
    if (in.readNBytes(message, HEADER, length) < length) {
      Arrays.fill(message, (byte) 0);
      throw new IOException("half an answer");
    }
    return message;
  }

  private int firstByte(InputStream in) throws IOException {
    while (true) {
      try {
        return in.read();
      } catch (SocketTimeoutException e) {
        // With a request under way, its own deadline ends the wait.
        if (pending.get() == null) {
          return -1;
        }
      }
    }
  }

  /**
   * Sends a request and waits for the answer, which the caller wipes.
   *
   * @throws TransportException if there is none before the deadline
   */
  byte[] exchange(byte[] request, Deadline deadline) {
    used = true;
    CompletableFuture<byte[]> reply = new CompletableFuture<>();
    pending.set(reply);
    if (closed) {
      throw closedEarly();
    }
    if (request.length > NEVER_BLOCKS) {
      onTimeout(reply, Math.max(1, deadline.remainingNanos()), this::close);
    }
    try {
      OutputStream out = tls.getOutputStream();
      out.write(request);
      out.flush();
    } catch (IOException e) {
      end = end == null ? e : end;
      close();
    }
    return await(reply, deadline);
  }

  // What happens then is all that is wanted; the future itself is awaited elsewhere.
  @SuppressWarnings("FutureReturnValueIgnored")
  private static void onTimeout(CompletableFuture<?> future, long nanos, Runnable action) {
    future
        .orTimeout(nanos, NANOSECONDS)
        .whenComplete(
            (done, late) -> {
              if (late instanceof TimeoutException) {
                action.run();
              }
            });
  }

  private byte[] await(CompletableFuture<byte[]> reply, Deadline deadline) {
    try {
      return reply.get(Math.max(1, deadline.remainingNanos()), NANOSECONDS);
    } catch (TimeoutException e) {
      TransportException late = late(e);
      if (!reply.completeExceptionally(late)) {
        wipe(reply);
      }
      close();
      throw late;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TimeoutException ? late(e) : closedEarly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      close();
      throw new TransportException(Kind.CLOSED, "interrupted while waiting for " + label, e);
    }
  }

  /** The answer came between the deadline and now: nobody will read it. */
  private static void wipe(CompletableFuture<byte[]> reply) {
    if (!reply.isCompletedExceptionally()) {
      Arrays.fill(reply.join(), (byte) 0);
    }
  }

  private TransportException late(Exception cause) {
    return new TransportException(Kind.TIMEOUT, label + " did not answer in time", cause);
  }

  private TransportException closedEarly() {
    IOException why = end;
    Kind kind = why instanceof SSLException ? Kind.TLS : Kind.CLOSED;
    String text = why == null ? "the server closed the connection" : reason(why);
    return new TransportException(kind, "no answer from " + label + ": " + text, why);
  }

  boolean alive() {
    return !closed;
  }

  /** Returns true if a request has been sent on it before. */
  boolean used() {
    return used;
  }

  void idleFromNow() {
    idleSince = clock.nanos();
  }

  Duration idleTime() {
    return Duration.ofNanos(clock.nanos() - idleSince);
  }

  /** Ends it, without waiting for anything: a TLS farewell could block. */
  void close() {
    closed = true;
    closeQuietly(raw);
    CompletableFuture<byte[]> waiting = pending.getAndSet(null);
    if (waiting != null) {
      waiting.completeExceptionally(new IOException("closed"));
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way, and nothing was to be sent.
      Thread.onSpinWait();
    }
  }

  private static String reason(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String text = String.valueOf(root.getMessage()).replaceAll("[^ -~]", " ");
    return root.getClass().getSimpleName() + ": " + text;
  }
}
