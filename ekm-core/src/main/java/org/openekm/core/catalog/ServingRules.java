// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.VaultId;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;

/**
 * What of a snapshot may serve a request. Call vault, key and version in this order, with the
 * policy after the key; a destroyed key or version can't be told from one that never existed.
 */
public final class ServingRules {

  private ServingRules() {}

  /**
   * Returns a vault that may serve. One that waits for a sign of life is blocked from the moment on
   * at which it should have come, whether that has been written down yet or not.
   *
   * @param now the time of the request
   * @throws EkmException VAULT_NOT_FOUND or VAULT_BLOCKED
   */
  public static VaultEntry vault(CatalogSnapshot snapshot, VaultId id, Instant now) {
    VaultEntry vault =
        snapshot
            .vault(id)
            .orElseThrow(() -> new EkmException(EkmErrorCode.VAULT_NOT_FOUND, "no vault " + id));
    if (vault.record().blocked()) {
      throw new EkmException(EkmErrorCode.VAULT_BLOCKED, "vault " + id + " is blocked");
    }
    if (vault.record().overdue(now)) {
      throw new EkmException(
          EkmErrorCode.VAULT_BLOCKED, "vault " + id + " has had no sign of life in time");
    }
    return vault;
  }

  /**
   * Returns a key that may serve.
   *
   * @throws EkmException KEY_NOT_FOUND, KEY_BLOCKED or KEY_NOT_ACTIVE
   */
  public static KeyEntry key(VaultEntry vault, KeyId id) {
    KeyEntry key =
        vault
            .key(id)
            .filter(entry -> entry.record().state() != KeyState.DESTROYED)
            .orElseThrow(
                () ->
                    new EkmException(
                        EkmErrorCode.KEY_NOT_FOUND,
                        "no key " + id + " in vault " + vault.record().id()));
    KeyRecord record = key.record();
    if (record.blocked()) {
      throw new EkmException(EkmErrorCode.KEY_BLOCKED, "key " + id + " is blocked");
    }
    if (record.state() != KeyState.ACTIVE) {
      throw new EkmException(EkmErrorCode.KEY_NOT_ACTIVE, "key " + id + " is " + record.state());
    }
    return key;
  }

  /**
   * Returns the current version if it may serve.
   *
   * @throws EkmException KEY_NOT_ACTIVE
   */
  public static KeyVersionRecord currentVersion(KeyEntry key) {
    return requireActive(key.current());
  }

  /**
   * Returns a version that may serve.
   *
   * @throws EkmException KEY_VERSION_NOT_FOUND or KEY_NOT_ACTIVE
   */
  public static KeyVersionRecord version(KeyEntry key, KeyVersionId id) {
    return requireActive(
        key.version(id)
            .filter(version -> !gone(version))
            .orElseThrow(
                () ->
                    new EkmException(
                        EkmErrorCode.KEY_VERSION_NOT_FOUND,
                        "no version " + id + " of key " + key.record().id())));
  }

  /**
   * Returns the versions to try for a decryption that names none: the current one, then the others,
   * newest first.
   */
  public static List<KeyVersionRecord> decryptionOrder(KeyEntry key) {
    List<KeyVersionRecord> order = new ArrayList<>(key.newestFirst().size());
    if (key.current().state() == KeyState.ACTIVE) {
      order.add(key.current());
    }
    for (KeyVersionRecord version : key.newestFirst()) {
      if (version.state() == KeyState.ACTIVE && !version.id().equals(key.current().id())) {
        order.add(version);
      }
    }
    return order;
  }

  private static boolean gone(KeyVersionRecord version) {
    return version.state() == KeyState.DESTROYED || version.state() == KeyState.PENDING_DELETION;
  }

  private static KeyVersionRecord requireActive(KeyVersionRecord version) {
    if (version.state() != KeyState.ACTIVE) {
      throw new EkmException(
          EkmErrorCode.KEY_NOT_ACTIVE, "key version " + version.id() + " is " + version.state());
    }
    return version;
  }
}
