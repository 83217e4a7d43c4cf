// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListener;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/** The reading of one body. Runs on the exchange's I/O thread only. */
final class BodyRead implements ChannelListener<StreamSourceChannel>, Runnable {

  private static final int FIRST_BYTES = 8 * 1024;

  private enum Progress {
    COMPLETE,
    WAITING,
    REFUSED
  }

  private final Call call;
  private final Stage next;
  private final int maxBytes;
  private final StreamSourceChannel channel;
  private ByteBuffer buffer;
  private boolean over;
  private XnioExecutor.@Nullable Key timer;

  BodyRead(Call call, Stage next, int maxBytes) {
    this.call = call;
    this.next = next;
    this.maxBytes = maxBytes;
    this.channel = call.requestChannel();
    long announced = call.exchange().getRequestContentLength();
    this.buffer =
        ByteBuffer.allocate(announced > 0 ? (int) Math.min(announced, FIRST_BYTES) : FIRST_BYTES);
  }

  /** Reads what is there and comes back for the rest when it arrives. */
  void start() {
    if (advance() == Progress.WAITING) {
      channel.getReadSetter().set(this);
      channel.resumeReads();
      long millis = Math.max(1, call.deadline().remaining().toMillis());
      timer = call.exchange().getIoThread().executeAfter(this, millis, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void handleEvent(StreamSourceChannel readable) {
    if (!over) {
      advance();
    }
  }

  /** The deadline has come before the body. */
  @Override
  public void run() {
    if (!over) {
      refuse(Refusal.BODY_TOO_SLOW);
    }
  }

  private Progress advance() {
    Progress progress;
    try {
      progress = fill();
    } catch (RequestTooBigException e) {
      return refuse(Refusal.BODY_TOO_LARGE);
    } catch (IOException e) {
      // The chunks were malformed or the caller is gone; in the latter case the answer goes
      // nowhere.
      return refuse(Refusal.MALFORMED_HTTP);
    }
    if (progress == Progress.COMPLETE) {
      finish();
      call.body(content());
      next.handle(call);
    }
    return progress;
  }

  private Progress fill() throws IOException {
    HttpServerExchange exchange = call.exchange();
    while (true) {
      if (!buffer.hasRemaining()) {
        grow();
      }
      int count = channel.read(buffer);
      if (buffer.position() > maxBytes) {
        return refuse(Refusal.BODY_TOO_LARGE);
      }
      if (count < 0 || exchange.isRequestComplete()) {
        return Progress.COMPLETE;
      }
      if (count == 0) {
        return Progress.WAITING;
      }
    }
  }

  private Progress refuse(Refusal refusal) {
    finish();
    Arrays.fill(buffer.array(), (byte) 0);
    call.refuse(refusal);
    return Progress.REFUSED;
  }

  private void finish() {
    over = true;
    channel.getReadSetter().set(null);
    if (timer != null) {
      channel.suspendReads();
      timer.remove();
    }
  }

  /**
   * Grows to one byte more than is allowed at most, which is enough to see that the body is too
   * large.
   */
  private void grow() {
    byte[] old = buffer.array();
    byte[] larger = Arrays.copyOf(old, (int) Math.min(old.length * 4L, maxBytes + 1L));
    int length = buffer.position();
    Arrays.fill(old, (byte) 0);
    buffer = ByteBuffer.wrap(larger).position(length);
  }

  private byte[] content() {
    byte[] all = buffer.array();
    if (buffer.position() == all.length) {
      return all;
    }
    byte[] content = Arrays.copyOf(all, buffer.position());
    Arrays.fill(all, (byte) 0);
    return content;
  }
}
