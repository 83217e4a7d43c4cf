// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.EnumMap;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;

/**
 * What a request said so far, field by field, each at most once per place. Closing it destroys a
 * plaintext that nobody took. Used by one thread.
 */
final class RequestFields implements AutoCloseable {

  private final NameTable names;
  private final EnumMap<RequestField, Bytes> bytes = new EnumMap<>(RequestField.class);
  private @Nullable SecretBytes plaintext;
  private @Nullable Integer length;
  private @Nullable String version;

  /** Starts empty; the names are for error texts. */
  RequestFields(NameTable names) {
    this.names = names;
  }

  void put(RequestField field, Bytes value) {
    bytes.put(field, value);
  }

  void putPlaintext(SecretBytes value) {
    plaintext = value;
  }

  /** Takes a length from the body or the query; both may give it if they agree. */
  void putLength(int value) {
    if (length != null && length != value) {
      throw conflict(RequestField.LENGTH);
    }
    length = value;
  }

  /** Takes a key version from the path, the query or the body; all may give it if they agree. */
  void putVersion(String value) {
    if (version != null && !version.equalsIgnoreCase(value)) {
      throw conflict(RequestField.KEY_VERSION_ID);
    }
    version = value;
  }

  int plaintextLength() {
    return requirePlaintext().length();
  }

  /** Hands the plaintext over: from now on it is the receiver's to destroy. */
  SecretBytes takePlaintext() {
    SecretBytes taken = requirePlaintext();
    plaintext = null;
    return taken;
  }

  private SecretBytes requirePlaintext() {
    if (plaintext == null) {
      throw missing(RequestField.PLAINTEXT);
    }
    return plaintext;
  }

  Optional<Bytes> find(RequestField field) {
    return Optional.ofNullable(bytes.get(field));
  }

  Bytes require(RequestField field) {
    return find(field).orElseThrow(() -> missing(field));
  }

  int lengthOr(int fallback) {
    return length == null ? fallback : length;
  }

  /**
   * Returns the asked key version, which is looked at after everything else in the request.
   *
   * @throws EkmException with {@link EkmErrorCode#KEY_VERSION_NOT_FOUND} if it is no UUID: no
   *     version has such an id
   */
  Optional<KeyVersionId> version() {
    if (version == null) {
      return Optional.empty();
    }
    Optional<KeyVersionId> parsed = Ids.keyVersion(version);
    if (parsed.isEmpty()) {
      throw new EkmException(
          EkmErrorCode.KEY_VERSION_NOT_FOUND, "the asked key version id is no UUID");
    }
    return parsed;
  }

  EkmException broken(RequestField field, String rule) {
    return EkmException.malformed(names.primary(field), rule);
  }

  private EkmException missing(RequestField field) {
    return broken(field, "is required");
  }

  private EkmException conflict(RequestField field) {
    return broken(field, "is given twice with different values; give it once");
  }

  @Override
  public void close() {
    if (plaintext != null) {
      plaintext.destroy();
      plaintext = null;
    }
  }
}
