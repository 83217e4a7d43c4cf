// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.UndertowOptions;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Sequence;
import org.xnio.SslClientAuthMode;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/**
 * One TCP listener with its own I/O threads: TLS, HTTP/1.1, limits.
 *
 * <p>It is put together by hand and not by Undertow's own builder because that has no place for a
 * limit of connections per address.
 */
public final class HttpListener implements AutoCloseable {

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int BACKLOG = 512;
  private static final int MAX_PARAMETERS = 32;

  private final String name;
  private final ListenerConfig config;
  private final Optional<TlsContext> tls;
  private final HttpOpenListener open;
  private final ConnectionCaps caps;
  private @Nullable XnioWorker worker;
  private @Nullable AcceptingChannel<? extends StreamConnection> accepting;

  /**
   * Makes a listener that is not yet started.
   *
   * @param name for the names of threads
   * @param config address and limits
   * @param tls the TLS context; absent for plain HTTP
   * @param root takes every request, on an I/O thread
   * @param maxBody the number of bytes of a body at which the connection is torn down
   */
  public HttpListener(
      String name,
      ListenerConfig config,
      Optional<TlsContext> tls,
      HttpHandler root,
      long maxBody) {
    this.name = name;
    this.config = config;
    this.tls = tls;
    this.open =
        new HttpOpenListener(
            new DefaultByteBufferPool(true, BUFFER_BYTES, -1, 4),
            httpOptions(config.limits(), maxBody));
    this.open.setRootHandler(root);
    this.caps = new ConnectionCaps(open, config.limits().connections());
  }

  /**
   * Binds and begins to accept.
   *
   * @throws UncheckedIOException if the address can't be bound; the message says which and what to
   *     do
   */
  public synchronized void start() {
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    try {
      XnioWorker started =
          Xnio.getInstance(HttpListener.class.getClassLoader()).createWorker(workerOptions());
      worker = started;
      AcceptingChannel<? extends StreamConnection> channel = bind(started, address);
      accepting = channel;
      channel.resumeAccepts();
    } catch (IOException | RuntimeException e) {
      close();
      throw new UncheckedIOException(
          "can't listen on "
              + config.host()
              + ":"
              + config.port()
              + ": "
              + e.getMessage()
              + "; choose a free port and an address of this machine",
          e instanceof IOException io ? io : new IOException(e));
    }
  }

  /** Returns the port that is listened on. */
  public synchronized int port() {
    AcceptingChannel<? extends StreamConnection> channel = accepting;
    if (channel == null) {
      throw new IllegalStateException("the listener is not started");
    }
    return channel.getLocalAddress(InetSocketAddress.class).getPort();
  }

  /** Returns how many connections are open. */
  public int openConnections() {
    return caps.open();
  }

  /** Returns how many connections were closed at once because a limit was reached. */
  public long refusedConnections() {
    return caps.refused();
  }

  /** Accepts no more connections; those that are open stay. */
  public synchronized void stopAccepting() {
    IoUtils.safeClose(accepting);
  }

  /** Closes all connections and ends the threads. May be called repeatedly. */
  @Override
  public synchronized void close() {
    stopAccepting();
    open.closeConnections();
    XnioWorker running = worker;
    if (running != null) {
      running.shutdown();
      worker = null;
    }
  }

  private AcceptingChannel<? extends StreamConnection> bind(
      XnioWorker running, InetSocketAddress address) throws IOException {
    OptionMap options = socketOptions();
    if (tls.isEmpty()) {
      return running.createStreamConnectionServer(
          address, ChannelListeners.<StreamConnection>openListenerAdapter(caps), options);
    }
    UndertowXnioSsl ssl =
        new UndertowXnioSsl(
            running.getXnio(),
            OptionMap.create(Options.USE_DIRECT_BUFFERS, true),
            tls.get().sslContext());
    return ssl.createSslConnectionServer(
        running, address, ChannelListeners.openListenerAdapter(caps), options);
  }

  private OptionMap workerOptions() {
    int threads = Math.max(2, Runtime.getRuntime().availableProcessors());
    return OptionMap.builder()
        .set(Options.WORKER_NAME, "ekm-" + name)
        .set(Options.WORKER_IO_THREADS, threads)
        .set(Options.WORKER_TASK_CORE_THREADS, threads)
        .set(Options.WORKER_TASK_MAX_THREADS, 2 * threads)
        .set(Options.THREAD_DAEMON, true)
        .set(Options.TCP_NODELAY, true)
        .getMap();
  }

  private OptionMap socketOptions() {
    return OptionMap.builder()
        .set(Options.TCP_NODELAY, true)
        .set(Options.REUSE_ADDRESSES, true)
        .set(Options.BACKLOG, BACKLOG)
        .set(Options.BALANCING_TOKENS, 1)
        .set(Options.BALANCING_CONNECTIONS, 2)
        .set(Options.SSL_ENABLED_PROTOCOLS, Sequence.of(TlsContext.PROTOCOLS))
        .set(Options.SSL_ENABLED_CIPHER_SUITES, Sequence.of(TlsContext.CIPHER_SUITES))
        .set(UndertowOptions.SSL_USER_CIPHER_SUITES_ORDER, true)
        .set(
            Options.SSL_CLIENT_AUTH_MODE,
            tls.map(TlsContext::clientAuthMode).orElse(SslClientAuthMode.NOT_REQUESTED))
        .getMap();
  }

  private static OptionMap httpOptions(HttpLimits limits, long maxBody) {
    HttpLimits.Connections connections = limits.connections();
    return OptionMap.builder()
        .set(UndertowOptions.MAX_HEADER_SIZE, limits.request().headerBytes())
        .set(UndertowOptions.MAX_HEADERS, limits.request().headers())
        .set(UndertowOptions.MAX_ENTITY_SIZE, maxBody)
        .set(UndertowOptions.MAX_PARAMETERS, MAX_PARAMETERS)
        .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, (int) connections.headerTimeout().toMillis())
        .set(UndertowOptions.NO_REQUEST_TIMEOUT, (int) connections.idleTimeout().toMillis())
        .set(UndertowOptions.IDLE_TIMEOUT, (int) connections.idleTimeout().toMillis())
        .set(UndertowOptions.REQUIRE_HOST_HTTP11, true)
        .set(UndertowOptions.DECODE_SLASH, false)
        .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, false)
        .set(UndertowOptions.ALLOW_UNKNOWN_PROTOCOLS, false)
        .set(UndertowOptions.ENABLE_HTTP2, false)
        .set(UndertowOptions.BUFFER_PIPELINED_DATA, false)
        .getMap();
  }
}
