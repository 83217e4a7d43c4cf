// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmBuffers;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one worker calls the token with: memory of its own, and for the length of a call a session.
 * Used by one thread at a time.
 */
final class TokenSession {

  private static final Logger LOG = LoggerFactory.getLogger(TokenSession.class);

  /** More than the room for a tag and the longest IV. */
  private static final int OVERHEAD = 64;

  private static final int IV_BYTES = 12;
  private static final int IVS_AT_ONCE = 64;

  private final SharedLibrary library;
  private final GcmBuffers buffers;
  private final byte[] output;
  private final byte[] ivs = new byte[IV_BYTES * IVS_AT_ONCE];
  private int ivsUsed = IVS_AT_ONCE;
  private byte[] lastIv = new byte[0];
  private @Nullable Generation generation;
  private long handle;

  TokenSession(SharedLibrary library, TokenConfig config) {
    this.library = library;
    int largest = config.gcm().maxPlaintext() + OVERHEAD;
    this.buffers = library.cryptoki().newGcmBuffers(largest, config.gcm().maxAad());
    this.output = new byte[largest];
  }

  Cryptoki cryptoki() {
    return library.cryptoki();
  }

  long handle() {
    return handle;
  }

  GcmBuffers buffers() {
    return buffers;
  }

  /** Room for the result of one call; whoever puts a secret there wipes it. */
  byte[] output() {
    return output;
  }

  /** Takes a session of this generation for one call. */
  void attach(Generation wanted, Deadline deadline) {
    handle = wanted.sessions().borrow(deadline);
    generation = wanted;
  }

  /** Gives the session back after a call that has left it in order. */
  void release() {
    Generation mine = generation;
    generation = null;
    if (mine != null) {
      mine.sessions().giveBack(handle);
    }
  }

  /** Closes the session: its state is not known any more. To be called inside the library. */
  void discard() {
    Generation old = generation;
    generation = null;
    // After a restart the same number may be the handle of somebody else's session.
    if (old == null || old.libraryEpoch() != library.epoch() || !old.sessions().remove(handle)) {
      return;
    }
    try {
      cryptoki().closeSession(handle);
    } catch (Pkcs11Exception e) {
      // The usual case: it was discarded because it is gone.
      LOG.debug("a discarded session could not be closed: {}", e.getMessage());
    }
  }

  /** Returns a fresh IV from the token's generator, which is asked for many at a time. */
  byte[] nextIv() {
    if (ivsUsed == IVS_AT_ONCE) {
      cryptoki().generateRandom(handle, ivs);
      ivsUsed = 0;
    }
    int from = ivsUsed * IV_BYTES;
    ivsUsed++;
    return Arrays.copyOfRange(ivs, from, from + IV_BYTES);
  }

  /** Says whether this IV differs from the one that this worker has used before. */
  boolean isNewIv(byte[] iv) {
    boolean isNew = !Arrays.equals(iv, lastIv);
    lastIv = iv;
    return isNew;
  }

  /** Frees the memory; no call may be under way. */
  void free() {
    buffers.close();
  }
}
