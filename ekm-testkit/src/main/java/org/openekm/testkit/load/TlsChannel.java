// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLParameters;
import org.openekm.testkit.conformance.http.Endpoint;

/** A TLS client connection without blocking. Used by one thread. */
final class TlsChannel {

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SelectionKey key;
  private final SSLEngine engine;
  private final ByteBuffer netIn;
  private final ByteBuffer netOut;
  private final ByteBuffer appIn;
  private boolean ready;

  TlsChannel(Endpoint endpoint, InetSocketAddress address, Selector selector, Object owner)
      throws IOException {
    this.engine = endpoint.tls().createSSLEngine(endpoint.host(), endpoint.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    int packet = engine.getSession().getPacketBufferSize();
    this.netIn = ByteBuffer.allocateDirect(packet);
    this.netOut = ByteBuffer.allocateDirect(2 * packet);
    this.appIn = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    this.channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.socket().setTcpNoDelay(true);
    boolean connected = channel.connect(address);
    this.key =
        channel.register(
            selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT, owner);
    if (connected) {
      begin();
    }
  }

  /** Returns true once requests can be sent. */
  boolean isReady() {
    return ready;
  }

  /** Goes on after the selector has found something to do; true if the handshake has ended now. */
  boolean advanceHandshake() throws IOException {
    if (key.isConnectable()) {
      channel.finishConnect();
      begin();
    }
    return handshake();
  }

  private void begin() throws IOException {
    engine.beginHandshake();
    key.interestOps(SelectionKey.OP_READ);
    handshake();
  }

  private boolean handshake() throws IOException {
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
      } else if (status == HandshakeStatus.NEED_WRAP) {
        engine.wrap(NOTHING, netOut);
        flush();
      } else if (status == HandshakeStatus.NEED_UNWRAP) {
        if (!unwrapMore()) {
          return false;
        }
      } else {
        flush();
        ready = true;
        return true;
      }
    }
  }

  /** Returns false if more bytes are needed from the network. */
  private boolean unwrapMore() throws IOException {
    if (unwrap() != SSLEngineResult.Status.BUFFER_UNDERFLOW) {
      return true;
    }
    return fill() > 0;
  }

  private SSLEngineResult.Status unwrap() throws IOException {
    netIn.flip();
    try {
      return engine.unwrap(netIn, appIn).getStatus();
    } finally {
      netIn.compact();
    }
  }

  private int fill() throws IOException {
    int count = channel.read(netIn);
    if (count < 0) {
      throw new EOFException("closed by the server");
    }
    return count;
  }

  /** Sends a request; what the network does not take at once goes when it is ready. */
  void send(byte[] request) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(request);
    while (source.hasRemaining()) {
      if (engine.wrap(source, netOut).getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
        flush();
      }
    }
    flush();
  }

  /** Sends what is left over. */
  void flush() throws IOException {
    netOut.flip();
    channel.write(netOut);
    boolean rest = netOut.hasRemaining();
    netOut.compact();
    key.interestOps(rest ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
  }

  boolean isWritable() {
    return key.isWritable();
  }

  /** Reads what is there and feeds it to the parser; true if an answer is whole. */
  boolean receive(AnswerParser parser) throws IOException {
    boolean whole = false;
    while (fill() > 0 || netIn.position() > 0) {
      SSLEngineResult.Status status = unwrap();
      appIn.flip();
      whole |= parser.feed(appIn);
      appIn.compact();
      if (status == SSLEngineResult.Status.CLOSED && !whole) {
        throw new EOFException("closed by the server");
      }
      if (whole || status != SSLEngineResult.Status.OK) {
        return whole;
      }
    }
    return whole;
  }

  void close() throws IOException {
    key.cancel();
    channel.close();
  }
}
