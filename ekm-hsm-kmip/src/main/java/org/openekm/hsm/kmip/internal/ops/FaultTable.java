// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.ops;

import java.util.Optional;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.RefusedException;
import org.openekm.hsm.kmip.internal.client.ResultReason;
import org.openekm.hsm.kmip.internal.client.TransportException;
import org.openekm.spi.backend.BackendException;

/** The one place that says what a server's refusal, or its silence, means to our callers. */
final class FaultTable {

  /** What a refusal means. */
  enum Meaning {
    /** There is no such key. */
    MISSING,
    /** The key is there but not to be used. */
    UNUSABLE,
    /** Either that, or this client may not use it: the key's state tells. */
    UNUSABLE_OR_DENIED,
    /** The tag does not fit. */
    BAD_TAG,
    /** The server can't do it at the moment. */
    TROUBLE,
    /** Somebody must change a setting, here or there. */
    SETTINGS
  }

  private FaultTable() {}

  /** Returns what a refusal means. */
  static Meaning of(RefusedException refused, boolean generalFailureIsBadTag) {
    boolean decrypts = refused.operation() == KmipOperation.DECRYPT;
    Optional<ResultReason> reason = refused.reason();
    if (reason.isEmpty()) {
      return Meaning.SETTINGS;
    }
    return switch (reason.get()) {
      case ITEM_NOT_FOUND, OBJECT_NOT_FOUND, OBJECT_DESTROYED -> Meaning.MISSING;
      case WRONG_KEY_LIFECYCLE_STATE,
          OBJECT_ARCHIVED,
          KEY_VALUE_NOT_PRESENT,
          SENSITIVE,
          NOT_EXTRACTABLE,
          ILLEGAL_OBJECT_TYPE,
          INVALID_OBJECT_TYPE,
          INCOMPATIBLE_CRYPTOGRAPHIC_USAGE_MASK,
          USAGE_LIMIT_EXCEEDED ->
          Meaning.UNUSABLE;
      case PERMISSION_DENIED, NOT_AUTHORISED -> Meaning.UNUSABLE_OR_DENIED;
      case CRYPTOGRAPHIC_FAILURE -> decrypts ? Meaning.BAD_TAG : Meaning.TROUBLE;
      case GENERAL_FAILURE ->
          decrypts && generalFailureIsBadTag ? Meaning.BAD_TAG : Meaning.TROUBLE;
      case SERVER_LIMIT_EXCEEDED,
          INTERNAL_SERVER_ERROR,
          PROTECTION_STORAGE_UNAVAILABLE,
          OPERATION_CANCELED_BY_REQUESTER ->
          Meaning.TROUBLE;
      default -> Meaning.SETTINGS;
    };
  }

  /**
   * Returns what a caller is told of a refusal.
   *
   * @param state the key's state, where that was looked up
   */
  static BackendException of(
      RefusedException refused, Meaning meaning, String key, Optional<KeyFacts> state) {
    String said = String.valueOf(refused.getMessage());
    String about = "key " + key + ": " + said;
    return switch (meaning) {
      case MISSING -> new BackendException.KeyMissing(about, refused);
      case UNUSABLE -> new BackendException.KeyUnusable(about, refused);
      case UNUSABLE_OR_DENIED ->
          state
              .flatMap(FaultTable::problem)
              .<BackendException>map(
                  problem ->
                      new BackendException.KeyUnusable("key " + key + " " + problem, refused))
              .orElseGet(
                  () ->
                      new BackendException.Misconfigured(
                          about + "; allow this client to use the key, in the key manager",
                          refused));
      case BAD_TAG ->
          new BackendException.AuthenticationTagMismatch("the tag does not fit", refused);
      case TROUBLE -> new BackendException.Unavailable(said, true, refused);
      case SETTINGS -> new BackendException.Misconfigured(said, refused);
    };
  }

  private static Optional<String> problem(KeyFacts facts) {
    return facts.problem();
  }

  /** Returns what a caller is told when there was no answer. */
  static BackendException of(TransportException failure) {
    String text = String.valueOf(failure.getMessage());
    return switch (failure.kind()) {
      case TIMEOUT -> new BackendException.TimedOut(text, failure);
      case SETTINGS -> new BackendException.Misconfigured(text, failure);
      case TLS, PROTOCOL -> new BackendException.Unavailable(text, false, failure);
      case BUSY, CONNECT, CLOSED -> new BackendException.Unavailable(text, true, failure);
    };
  }

  /**
   * Lets a usable key pass.
   *
   * @throws BackendException.KeyMissing if it is destroyed
   * @throws BackendException.KeyUnusable if it is no active AES key
   */
  static void requireUsable(String key, KeyFacts facts) {
    if (facts.isDestroyed()) {
      throw new BackendException.KeyMissing("key " + key + " is destroyed", null);
    }
    facts
        .problem()
        .ifPresent(
            problem -> {
              throw new BackendException.KeyUnusable("key " + key + " " + problem, null);
            });
  }
}
