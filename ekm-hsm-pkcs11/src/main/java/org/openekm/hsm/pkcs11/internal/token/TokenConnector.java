// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import java.util.ArrayList;
import java.util.List;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.cryptoki.Pkcs11Exception;
import org.openekm.spi.backend.BackendException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a token into use: starts the library, finds the slot, opens the keeper session, logs in.
 * Everything here runs while no call is in the library.
 */
final class TokenConnector {

  private static final Logger LOG = LoggerFactory.getLogger(TokenConnector.class);

  private final String name;
  private final TokenConfig config;
  private final SharedLibrary library;
  private final PinGuard pins;

  TokenConnector(String name, TokenConfig config, SharedLibrary library, PinGuard pins) {
    this.name = name;
    this.config = config;
    this.library = library;
    this.pins = pins;
  }

  /** Begins the first generation, or one after the library was restarted by another token. */
  Generation connect() {
    library.start();
    return login();
  }

  /** Ends the generation's sessions and logs in anew. */
  Generation reconnect(Generation old) {
    close(old);
    return login();
  }

  /** Restarts the library and logs in. */
  Generation restart() {
    library.restart();
    return login();
  }

  /** Closes the generation's sessions, which ends the log-in unless others share it. */
  void close(Generation old) {
    if (old.libraryEpoch() != library.epoch()) {
      return;
    }
    List<Long> handles = new ArrayList<>(old.sessions().end());
    handles.add(old.keeper());
    for (long handle : handles) {
      try {
        library.cryptoki().closeSession(handle);
      } catch (Pkcs11Exception e) {
        // Most often gone already, which is why they are closed.
        LOG.debug("{}: a session could not be closed: {}", name, e.getMessage());
      }
    }
  }

  private Generation login() {
    Cryptoki cryptoki = library.cryptoki();
    SlotFinder.Found found = SlotFinder.find(cryptoki, config.selector());
    long keeper =
        cryptoki.openSession(found.slot(), SessionPool.flags(config.sessions().readOnly()));
    boolean done = false;
    try {
      pins.login(cryptoki, keeper, found.token());
      done = true;
    } finally {
      if (!done) {
        closeQuietly(keeper);
      }
    }
    LOG.info(
        "{}: logged in to token '{}', serial number {}, slot {}",
        name,
        found.token().label(),
        found.token().serialNumber(),
        Long.toUnsignedString(found.slot()));
    return new Generation(
        library.epoch(),
        keeper,
        new SessionPool(cryptoki, found.slot(), config.sessions().readOnly()));
  }

  private void closeQuietly(long keeper) {
    try {
      library.cryptoki().closeSession(keeper);
    } catch (Pkcs11Exception e) {
      LOG.debug("{}: the keeper session could not be closed: {}", name, e.getMessage());
    }
  }

  /** Returns what the operator is told of a failed try. */
  static BackendException explain(Pkcs11Exception failure) {
    if (FaultTable.of(failure) == Fault.PIN) {
      return new BackendException.Misconfigured(
          "the token refuses the PIN: "
              + failure.getMessage()
              + "; it is not tried again until it changes",
          failure);
    }
    return new BackendException.Unavailable(String.valueOf(failure.getMessage()), true, failure);
  }
}
