// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.isolation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.util.concurrent.locks.LockSupport;
import org.openekm.api.Deadline;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets connections in that begin with the one-time key. The directory of the socket is closed to
 * other users; the key keeps out other processes of the same user as well.
 */
final class Doorkeeper {

  private static final Logger LOG = LoggerFactory.getLogger(Doorkeeper.class);
  private static final long PAUSE_NANOS = 500_000;

  private final ServerSocketChannel server;
  private final Process process;
  private final byte[] key;

  Doorkeeper(ServerSocketChannel server, Process process, byte[] key) throws IOException {
    this.server = server;
    this.process = process;
    this.key = key;
    server.configureBlocking(false);
  }

  /** Waits for the next connection with the key. */
  SocketChannel admit(Deadline deadline) throws IOException {
    while (true) {
      SocketChannel socket = server.accept();
      if (socket == null) {
        pause(deadline);
      } else if (hasKey(socket, deadline)) {
        return socket;
      } else {
        LOG.warn("a connection without the key of process {} was refused", process.pid());
        socket.close();
      }
    }
  }

  private boolean hasKey(SocketChannel socket, Deadline deadline) throws IOException {
    socket.configureBlocking(false);
    ByteBuffer given = ByteBuffer.allocate(key.length);
    while (given.hasRemaining()) {
      int count = socket.read(given);
      if (count < 0) {
        return false;
      }
      if (count == 0) {
        pause(deadline);
      }
    }
    return MessageDigest.isEqual(given.array(), key);
  }

  private void pause(Deadline deadline) throws IOException {
    if (!process.isAlive()) {
      throw new IOException("it has ended with exit code " + process.exitValue());
    }
    if (deadline.expired()) {
      throw new IOException("it did not connect in time");
    }
    LockSupport.parkNanos(PAUSE_NANOS);
  }
}
