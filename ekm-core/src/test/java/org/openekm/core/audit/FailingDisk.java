// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.openekm.core.internal.io.DurableFiles;

/**
 * Opens real files whose disk fails at the n-th step (open, write, force, truncate, size) from now
 * on, until it is mended.
 */
final class FailingDisk implements FileAuditSink.Opener {

  private final AtomicInteger stepsLeft = new AtomicInteger(Integer.MAX_VALUE);
  private volatile int failures;

  /**
   * Lets the n-th step from now and all after it fail; a write keeps half its bytes, as a full disk
   * does.
   */
  void failFrom(int step) {
    stepsLeft.set(step - 1);
  }

  void mend() {
    stepsLeft.set(Integer.MAX_VALUE);
  }

  int failures() {
    return failures;
  }

  @Override
  public FileChannel open(Path file, StandardOpenOption... options) throws IOException {
    step();
    return new Channel(DurableFiles.open(file, options));
  }

  private void step() throws IOException {
    if (stepsLeft.getAndUpdate(left -> left == Integer.MAX_VALUE ? left : Math.max(0, left - 1))
        == 0) {
      failures++;
      throw new IOException("No space left on device");
    }
  }

  private final class Channel extends FileChannel {

    private final FileChannel real;

    private Channel(FileChannel real) {
      this.real = real;
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
      try {
        step();
      } catch (IOException e) {
        ByteBuffer half = source.duplicate();
        half.limit(half.position() + half.remaining() / 2);
        real.write(half, position);
        throw e;
      }
      return real.write(source, position);
    }

    @Override
    public void force(boolean metaData) throws IOException {
      step();
      real.force(metaData);
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      step();
      real.truncate(size);
      return this;
    }

    @Override
    public long size() throws IOException {
      step();
      return real.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      real.close();
    }

    @Override
    public int read(ByteBuffer target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer source) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long newPosition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer target, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }
  }
}
