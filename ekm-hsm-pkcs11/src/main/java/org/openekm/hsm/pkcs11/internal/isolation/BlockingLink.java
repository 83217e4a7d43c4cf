// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The process's end of a connection: waits for as long as it takes. */
final class BlockingLink {

  private final SocketChannel socket;

  BlockingLink(SocketChannel socket) {
    this.socket = socket;
  }

  /** Sends a message that was begun, and wipes it. */
  void send(Frame frame) throws IOException {
    try {
      ByteBuffer bytes = frame.finish();
      while (bytes.hasRemaining()) {
        socket.write(bytes);
      }
    } finally {
      frame.wipe();
    }
  }

  /**
   * Receives a message.
   *
   * @throws EOFException if the server has closed the connection
   */
  void receive(Frame frame) throws IOException {
    fill(frame.room(Integer.BYTES));
    int rest = frame.restLength();
    fill(frame.room(rest));
  }

  private void fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (socket.read(buffer) < 0) {
        throw new EOFException("the server has closed the connection");
      }
    }
  }
}
