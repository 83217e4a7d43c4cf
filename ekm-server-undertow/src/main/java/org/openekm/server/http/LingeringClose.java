// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.xnio.ChannelListener;
import org.xnio.IoUtils;
import org.xnio.channels.StreamSourceChannel;

/**
 * Closes a connection whose request body was not read to its end.
 *
 * <p>Closing at once would make the kernel reset the connection, and the caller might never see the
 * answer. So the rest of the body is read and thrown away for a moment, bounded in bytes and in
 * time.
 */
final class LingeringClose implements IoCallback, ChannelListener<StreamSourceChannel>, Runnable {

  static final long MAX_BYTES = 4L * 1024 * 1024;
  private static final int MAX_READS_AT_ONCE = 16;
  private static final int MILLIS = 1000;

  private final HttpServerExchange exchange;
  private final StreamSourceChannel channel;
  private long bytes;

  /** Takes the channel over from whoever read the body so far. */
  LingeringClose(HttpServerExchange exchange, StreamSourceChannel channel) {
    this.exchange = exchange;
    this.channel = channel;
  }

  @Override
  public void onComplete(HttpServerExchange completed, Sender sender) {
    // Dispatched, so that Undertow doesn't end the exchange when the present call returns.
    exchange.dispatch(exchange.getIoThread(), this::begin);
  }

  @Override
  public void onException(HttpServerExchange failed, Sender sender, IOException exception) {
    IoUtils.safeClose(exchange.getConnection());
  }

  @Override
  public void handleEvent(StreamSourceChannel readable) {
    drain();
  }

  @Override
  public void run() {
    IoUtils.safeClose(exchange.getConnection());
  }

  private void begin() {
    exchange.getIoThread().executeAfter(this, MILLIS, TimeUnit.MILLISECONDS);
    channel.getReadSetter().set(this);
    channel.resumeReads();
    drain();
  }

  private void drain() {
    try (PooledByteBuffer pooled = exchange.getConnection().getByteBufferPool().allocate()) {
      for (int i = 0; i < MAX_READS_AT_ONCE; i++) {
        ByteBuffer buffer = pooled.getBuffer();
        buffer.clear();
        int count = channel.read(buffer);
        if (count == 0) {
          return;
        }
        bytes += count;
        if (count < 0 || bytes > MAX_BYTES) {
          run();
          return;
        }
      }
      exchange.getIoThread().execute(this::drain);
    } catch (IOException e) {
      // Nothing is left to tell the caller: the answer is out.
      run();
    }
  }
}
