// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.List;
import java.util.Optional;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.ProtocolVersion;
import org.openekm.hsm.kmip.internal.client.RefusedException;
import org.openekm.hsm.kmip.internal.client.RequestItem;
import org.openekm.hsm.kmip.internal.client.ResultReason;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.NewKey;

/**
 * Makes and ends keys so that a second try after a lost answer finds what the first has done: a new
 * key bears the name of its key version, which is looked for first. Later it goes by its Unique
 * Identifier only. Thread-safe.
 */
final class KeyMaker {

  private static final int BITS_OF_A_BYTE = 8;

  private final String namePrefix;

  KeyMaker(String namePrefix) {
    this.namePrefix = namePrefix;
  }

  BackendKeyRef generate(Session session, NewKey newKey, boolean isProtected) {
    return make(
        session,
        newKey,
        name ->
            Requests.create(
                session.info().version(),
                Attributes.ofNewKey(name, newKey.lengthBytes() * BITS_OF_A_BYTE, isProtected)));
  }

  BackendKeyRef take(Session session, NewKey newKey, SecretBytes material, boolean isProtected) {
    byte[] bytes = material.toByteArray();
    try {
      return make(
          session,
          newKey,
          name ->
              Requests.register(
                  session.info().version(),
                  Attributes.ofNewKey(name, newKey.lengthBytes() * BITS_OF_A_BYTE, isProtected),
                  bytes));
    } finally {
      java.util.Arrays.fill(bytes, (byte) 0);
    }
  }

  /** Makes the request of a name. */
  private interface ByName {
    RequestItem request(String name);
  }

  private BackendKeyRef make(Session session, NewKey newKey, ByName how) {
    String name = namePrefix + newKey.version();
    Optional<String> found = find(session, name);
    String key = found.isPresent() ? found.get() : create(session, name, how);
    ProtocolVersion version = session.info().version();
    KeyFacts facts =
        Attributes.facts(version, session.send(Requests.getAttributes(version, key, false)));
    if (facts.lengthBytes() != newKey.lengthBytes()) {
      throw new BackendException.KeyUnusable(
          "key " + key + " of the name " + name + " has another length than asked for", null);
    }
    if (facts.state().filter(state -> state == KeyState.PRE_ACTIVE).isPresent()) {
      session.send(Requests.activate(key));
    } else {
      FaultTable.requireUsable(key, facts);
    }
    return new BackendKeyRef(key);
  }

  private static String create(Session session, String name, ByName how) {
    try {
      return identifier(session.send(how.request(name)));
    } catch (RefusedException e) {
      if (!e.is(ResultReason.NON_UNIQUE_NAME_ATTRIBUTE)) {
        throw e;
      }
      // Another node has made it since we looked.
      return find(session, name).orElseThrow(() -> e);
    }
  }

  private static Optional<String> find(Session session, String name) {
    List<Ttlv> found =
        session.send(Requests.locate(session.info().version(), name)).all(Tag.UNIQUE_IDENTIFIER);
    if (found.size() > 1) {
      throw new BackendException.Misconfigured(
          session.server() + " has several objects of the name " + name + "; remove all but one",
          null);
    }
    return found.stream().map(Ttlv::asText).findFirst();
  }

  private static String identifier(Ttlv payload) {
    return payload.get(Tag.UNIQUE_IDENTIFIER).asText();
  }

  /** Destroys a key; one that is not there is a success. */
  void destroy(Session session, String key) {
    try {
      revoke(session, key);
      session.send(Requests.destroy(key));
    } catch (RefusedException e) {
      if (FaultTable.of(e, false) != FaultTable.Meaning.MISSING && !isDestroyed(session, key, e)) {
        throw e;
      }
    }
  }

  /** An active key is not destroyed by any server; one that is not active need not be revoked. */
  private static void revoke(Session session, String key) {
    ProtocolVersion version = session.info().version();
    KeyFacts facts =
        Attributes.facts(version, session.send(Requests.getAttributes(version, key, false)));
    if (facts.state().map(state -> state == KeyState.ACTIVE).orElse(true)) {
      session.send(Requests.revoke(key));
    }
  }

  /** A second Destroy is refused by some servers with another reason than that the key is gone. */
  private static boolean isDestroyed(Session session, String key, RefusedException refused) {
    if (refused.operation() != KmipOperation.DESTROY
        && refused.operation() != KmipOperation.REVOKE) {
      return false;
    }
    ProtocolVersion version = session.info().version();
    try {
      return Attributes.facts(version, session.send(Requests.getAttributes(version, key, false)))
          .isDestroyed();
    } catch (RefusedException e) {
      return FaultTable.of(e, false) == FaultTable.Meaning.MISSING;
    }
  }
}
