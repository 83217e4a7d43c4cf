// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import org.openekm.api.Deadline;

/**
 * The server's end of a connection: waits until a deadline only. A message that was received in
 * part goes on where it stopped. Used by one thread at a time.
 */
final class TimedLink implements Closeable {

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final SocketChannel socket;
  private final Selector selector;
  private final SelectionKey key;
  private boolean inside;
  private boolean lengthKnown;
  private ByteBuffer pending = ByteBuffer.allocate(0);

  TimedLink(SocketChannel socket) throws IOException {
    this.socket = socket;
    socket.configureBlocking(false);
    this.selector = Selector.open();
    this.key = socket.register(selector, SelectionKey.OP_READ);
  }

  /**
   * Sends a message that was begun.
   *
   * @return false if the deadline came first; the connection is of no use then
   */
  boolean send(Frame frame, Deadline deadline) throws IOException {
    ByteBuffer bytes = frame.finish();
    socket.write(bytes);
    while (bytes.hasRemaining()) {
      if (!await(SelectionKey.OP_WRITE, deadline)) {
        return false;
      }
      socket.write(bytes);
    }
    return true;
  }

  /**
   * Receives a message.
   *
   * @return false if the deadline came first; the next call goes on
   * @throws EOFException if the process has closed the connection
   */
  boolean receive(Frame frame, Deadline deadline) throws IOException {
    if (!inside) {
      inside = true;
      lengthKnown = false;
      pending = frame.room(Integer.BYTES);
    }
    while (true) {
      if (!fill(deadline)) {
        return false;
      }
      if (lengthKnown) {
        inside = false;
        return true;
      }
      lengthKnown = true;
      pending = frame.room(frame.restLength());
    }
  }

  private boolean fill(Deadline deadline) throws IOException {
    while (pending.hasRemaining()) {
      int count = socket.read(pending);
      if (count < 0) {
        throw new EOFException("the token's process has closed the connection");
      }
      if (count == 0 && !await(SelectionKey.OP_READ, deadline)) {
        return false;
      }
    }
    return true;
  }

  private boolean await(int operation, Deadline deadline) throws IOException {
    long nanos = deadline.remainingNanos();
    if (nanos <= 0) {
      return false;
    }
    try {
      key.interestOps(operation);
      selector.select(nanos / NANOS_PER_MILLI + 1);
      selector.selectedKeys().clear();
    } catch (ClosedSelectorException | CancelledKeyException e) {
      throw new IOException("the connection was closed", e);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted while waiting for the token's process");
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    try (socket) {
      selector.close();
    }
  }
}
