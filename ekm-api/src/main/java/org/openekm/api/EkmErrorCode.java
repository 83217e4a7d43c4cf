// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

/**
 * Every way in which a request can fail. The HTTP status is what the caller gets; the text comes
 * from the wire profile.
 *
 * <p>Sources of the statuses: Oracle's "External KMS Vendor API Reference" for 400, 403 and 404;
 * the others are our choice and marked as inferred in the wire contract.
 */
public enum EkmErrorCode {
  /** No bearer token came with the request. */
  TOKEN_MISSING(401, Kind.AUTHENTICATION, false),
  /** The token is not valid for this vault: signature, issuer, audience, lifetime or form. */
  TOKEN_INVALID(401, Kind.AUTHENTICATION, false),
  /** The token is good, but its client or scope is not the one the vault was made for. */
  CLIENT_NOT_ALLOWED(403, Kind.AUTHORIZATION, false),
  /** The policy of the vault or key refuses. */
  POLICY_DENIED(403, Kind.AUTHORIZATION, false),
  /** The vault is blocked. */
  VAULT_BLOCKED(403, Kind.STATE, false),
  /** The key or the asked version is not in the active state. */
  KEY_NOT_ACTIVE(403, Kind.STATE, false),
  /** The key is blocked. */
  KEY_BLOCKED(403, Kind.STATE, false),
  /** The key version has encrypted as often as AES-GCM allows with random IVs; rotate the key. */
  KEY_USAGE_EXHAUSTED(403, Kind.STATE, false),
  /** No such path. */
  ROUTE_NOT_FOUND(404, Kind.REQUEST, false),
  /** No such vault. */
  VAULT_NOT_FOUND(404, Kind.REQUEST, false),
  /** No such key in this vault, or it has been destroyed. */
  KEY_NOT_FOUND(404, Kind.REQUEST, false),
  /** No such version of this key. */
  KEY_VERSION_NOT_FOUND(404, Kind.REQUEST, false),
  /** The path exists, but not with this method. */
  METHOD_NOT_ALLOWED(405, Kind.REQUEST, false),
  /** The body is not what the operation takes. */
  MALFORMED_REQUEST(400, Kind.REQUEST, false),
  /** A field is not base64. */
  BAD_BASE64(400, Kind.REQUEST, false),
  /** The authentication tag does not fit: other key, other data, other IV, other AAD. */
  DECRYPTION_FAILED(400, Kind.REQUEST, false),
  /** Body or field over its limit. */
  TOO_LARGE(413, Kind.REQUEST, false),
  /** The body is not JSON by its content type. */
  UNSUPPORTED_MEDIA_TYPE(415, Kind.REQUEST, false),
  /** This caller sends faster than it may. */
  RATE_LIMITED(429, Kind.CAPACITY, true),
  /** More work is waiting than can be done in time. */
  TOO_BUSY(503, Kind.CAPACITY, true),
  /** The backend that holds the key can't be reached or is failing. */
  BACKEND_UNAVAILABLE(503, Kind.AVAILABILITY, true),
  /** The answer would have come too late. */
  DEADLINE_EXCEEDED(503, Kind.AVAILABILITY, true),
  /** The audit record could not be written in time, so nothing is answered. */
  AUDIT_UNAVAILABLE(503, Kind.AVAILABILITY, true),
  /** The metadata store can't confirm that our view is fresh, so nothing is answered. */
  STORE_UNAVAILABLE(503, Kind.AVAILABILITY, true),
  /** A fault of ours. */
  INTERNAL(500, Kind.FAULT, true);

  /** What sort of failure it is. */
  public enum Kind {
    /** Who calls is not known. */
    AUTHENTICATION,
    /** Who calls may not. */
    AUTHORIZATION,
    /** The vault or key is not in a state to serve. */
    STATE,
    /** The request is wrong. */
    REQUEST,
    /** Too much at once. */
    CAPACITY,
    /** Something that we need is down. */
    AVAILABILITY,
    /** Our own fault. */
    FAULT
  }

  private final int httpStatus;
  private final Kind kind;
  private final boolean retryable;

  EkmErrorCode(int httpStatus, Kind kind, boolean retryable) {
    this.httpStatus = httpStatus;
    this.kind = kind;
    this.retryable = retryable;
  }

  /** Returns the HTTP status, 400 to 599. */
  public int httpStatus() {
    return httpStatus;
  }

  /** Returns what sort of failure it is. */
  public Kind kind() {
    return kind;
  }

  /** Returns true if the same request may succeed a moment later. */
  public boolean retryable() {
    return retryable;
  }
}
