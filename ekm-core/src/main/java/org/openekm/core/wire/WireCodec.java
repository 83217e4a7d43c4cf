// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptResult;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.KeyMetadata;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.KeyVersionMetadata;
import org.openekm.api.Operation;
import org.openekm.api.RandomBytesRequest;
import org.openekm.api.RandomBytesResult;
import org.openekm.api.SecretBytes;
import org.openekm.api.VaultMetadata;

/**
 * Turns request bodies into records and records into answers, as a profile says. Reading throws
 * {@link EkmException} and nothing else, whatever the bytes are: {@link
 * EkmErrorCode#MALFORMED_REQUEST}, {@link EkmErrorCode#BAD_BASE64}, {@link EkmErrorCode#TOO_LARGE},
 * and at the very end {@link EkmErrorCode#KEY_VERSION_NOT_FOUND}.
 *
 * <p>Plaintext is decoded from the body straight into a {@link SecretBytes}, which the caller owns.
 * The body itself stays the caller's to wipe, as do the arrays that {@code write} returns.
 * Thread-safe.
 */
public final class WireCodec {

  static final int IV_LENGTH = 12;
  static final int TAG_LENGTH = 16;

  private static final String ALGORITHM = "AES";
  private static final int BITS = 8;

  private final WireProfile profile;
  private final WireLimits limits;
  private final BodyReader bodies;
  private final QueryReader queries;

  /** Makes a codec. */
  public WireCodec(WireProfile profile, WireLimits limits) {
    this.profile = profile;
    this.limits = limits;
    this.bodies = new BodyReader(profile, limits);
    this.queries = new QueryReader(profile.rules().ignoreUnknownFields());
  }

  /** Reads an encryption request; the receiver destroys the plaintext. */
  public EncryptRequest readEncrypt(Route route, byte[] body) {
    try (RequestFields fields = read(Operation.ENCRYPT, route, body)) {
      if (fields.plaintextLength() == 0) {
        throw fields.broken(RequestField.PLAINTEXT, "must be at least 1 byte");
      }
      if (fields.find(RequestField.IV).isPresent() && !profile.rules().ignoreCallerIv()) {
        throw fields.broken(
            RequestField.IV, "must not be given: it is chosen here; leave the field out");
      }
      return new EncryptRequest(
          route.requireVault(),
          route.requireKey(),
          fields.version(),
          fields.takePlaintext(),
          aad(fields));
    }
  }

  /** Reads a decryption request. */
  public DecryptRequest readDecrypt(Route route, byte[] body) {
    try (RequestFields fields = read(Operation.DECRYPT, route, body)) {
      DecryptRequest.Sealed parts = sealedParts(fields);
      return new DecryptRequest(
          route.requireVault(), route.requireKey(), fields.version(), parts, aad(fields));
    }
  }

  /** Reads a request for random bytes; an empty body asks for the profile's default length. */
  public RandomBytesRequest readRandomBytes(Route route, byte[] body) {
    try (RequestFields fields = read(Operation.GENERATE_RANDOM_BYTES, route, body)) {
      int length = fields.lengthOr(profile.rules().defaultRandomLength());
      if (length < 1 || length > limits.maxRandomBytes()) {
        throw fields.broken(
            RequestField.LENGTH, "must be 1 to " + limits.maxRandomBytes() + " bytes");
      }
      return new RandomBytesRequest(
          route.requireVault(), route.requireKey(), fields.version(), length, aad(fields));
    }
  }

  private RequestFields read(Operation operation, Route route, byte[] body) {
    OperationProfile operationProfile = profile.operation(operation);
    RequestFields fields = new RequestFields(operationProfile.request());
    try {
      if (route.versionInPath()) {
        fields.putVersion(route.version().map(KeyVersionId::toString).orElse(""));
      }
      queries.read(route.query(), operationProfile.query(), fields);
      bodies.read(body, operationProfile.request(), fields);
      return fields;
    } catch (EkmException e) {
      fields.close();
      throw e;
    }
  }

  private static Bytes aad(RequestFields fields) {
    return fields.find(RequestField.AAD).orElse(Bytes.empty());
  }

  private DecryptRequest.Sealed sealedParts(RequestFields fields) {
    Bytes ciphertext = fields.require(RequestField.CIPHERTEXT);
    Bytes iv = fields.require(RequestField.IV);
    if (iv.length() != IV_LENGTH) {
      throw fields.broken(RequestField.IV, "must be " + IV_LENGTH + " bytes");
    }
    boolean split =
        profile.rules().appendedTag()
            && fields.find(RequestField.TAG).isEmpty()
            && ciphertext.length() >= TAG_LENGTH;
    int length = ciphertext.length() - (split ? TAG_LENGTH : 0);
    Bytes tag = split ? ciphertext.slice(length, TAG_LENGTH) : fields.require(RequestField.TAG);
    if (tag.length() != TAG_LENGTH) {
      throw fields.broken(RequestField.TAG, "must be " + TAG_LENGTH + " bytes");
    }
    if (length == 0) {
      throw fields.broken(RequestField.CIPHERTEXT, "must be at least 1 byte without the tag");
    }
    if (length > limits.maxPlaintextBytes()) {
      throw EkmException.tooLarge(
          profile.operation(Operation.DECRYPT).request().primary(RequestField.CIPHERTEXT),
          "must be at most " + limits.maxPlaintextBytes() + " bytes");
    }
    return new DecryptRequest.Sealed(iv, split ? ciphertext.slice(0, length) : ciphertext, tag);
  }

  /** Writes what OCI may know of a vault. A vault that answers at all is active. */
  public byte[] write(VaultMetadata vault) {
    Map<ResponseValue, Object> values = new EnumMap<>(ResponseValue.class);
    values.put(ResponseValue.VAULT_ID, vault.vault());
    values.put(ResponseValue.NAME, vault.name());
    values.put(ResponseValue.STATE, profile.state(KeyState.ACTIVE));
    values.put(ResponseValue.VENDOR, profile.vendor());
    values.put(ResponseValue.TIME_CREATED, time(vault.createdAt()));
    return render(Operation.GET_VAULT_METADATA, values);
  }

  /** Writes what OCI may know of a key. */
  public byte[] write(KeyMetadata key) {
    return render(Operation.GET_KEY_METADATA, valuesOf(key));
  }

  /** Writes what OCI may know of a key version. */
  public byte[] write(KeyVersionMetadata version) {
    Map<ResponseValue, Object> values = valuesOf(version.key());
    values.put(ResponseValue.KEY_VERSION_ID, version.version());
    values.put(ResponseValue.STATE, profile.state(version.state()));
    values.put(ResponseValue.IS_CURRENT, version.current());
    values.put(ResponseValue.TIME_CREATED, time(version.createdAt()));
    return render(Operation.GET_KEY_VERSION_METADATA, values);
  }

  /** Writes an encryption. */
  public byte[] write(EncryptRequest request, EncryptResult result) {
    Map<ResponseValue, Object> values = new EnumMap<>(ResponseValue.class);
    values.put(ResponseValue.VAULT_ID, request.vault());
    values.put(ResponseValue.KEY_ID, request.key());
    values.put(ResponseValue.KEY_VERSION_ID, result.version());
    putSealed(values, result, Operation.ENCRYPT);
    values.put(ResponseValue.MODE, profile.modes().output());
    return render(Operation.ENCRYPT, values);
  }

  /** Writes a decryption. The answer holds the plaintext: wipe it once it is sent. */
  public byte[] write(DecryptRequest request, DecryptResult result) {
    Map<ResponseValue, Object> values = new EnumMap<>(ResponseValue.class);
    values.put(ResponseValue.VAULT_ID, request.vault());
    values.put(ResponseValue.KEY_ID, request.key());
    values.put(ResponseValue.KEY_VERSION_ID, result.version());
    values.put(ResponseValue.PLAINTEXT, result.plaintext());
    values.put(ResponseValue.MODE, profile.modes().output());
    return render(Operation.DECRYPT, values);
  }

  /** Writes random bytes. The answer holds them in the clear: wipe it once it is sent. */
  public byte[] write(RandomBytesRequest request, RandomBytesResult result) {
    Map<ResponseValue, Object> values = new EnumMap<>(ResponseValue.class);
    values.put(ResponseValue.VAULT_ID, request.vault());
    values.put(ResponseValue.KEY_ID, request.key());
    values.put(ResponseValue.KEY_VERSION_ID, result.version());
    values.put(ResponseValue.PLAINTEXT, result.randomBytes());
    if (profile.sealsRandomBytes()) {
      result.sealed().ifPresent(parts -> putSealed(values, parts, Operation.GENERATE_RANDOM_BYTES));
    }
    values.put(ResponseValue.MODE, profile.modes().output());
    return render(Operation.GENERATE_RANDOM_BYTES, values);
  }

  private Map<ResponseValue, Object> valuesOf(KeyMetadata key) {
    Map<ResponseValue, Object> values = new EnumMap<>(ResponseValue.class);
    values.put(ResponseValue.VAULT_ID, key.vault());
    values.put(ResponseValue.KEY_ID, key.key());
    values.put(ResponseValue.KEY_VERSION_ID, key.currentVersion());
    values.put(ResponseValue.CURRENT_KEY_VERSION_ID, key.currentVersion());
    values.put(ResponseValue.NAME, key.name());
    values.put(ResponseValue.STATE, profile.state(key.state()));
    values.put(ResponseValue.VENDOR, profile.vendor());
    values.put(ResponseValue.TIME_CREATED, time(key.createdAt()));
    values.put(ResponseValue.ALGORITHM, ALGORITHM);
    values.put(ResponseValue.LENGTH_BYTES, key.lengthBytes());
    values.put(ResponseValue.LENGTH_BITS, key.lengthBytes() * BITS);
    return values;
  }

  private void putSealed(
      Map<ResponseValue, Object> values, EncryptResult parts, Operation operation) {
    values.put(ResponseValue.IV, parts.iv());
    values.put(ResponseValue.CIPHERTEXT, parts.ciphertext());
    values.put(ResponseValue.TAG, parts.tag());
    if (profile.operation(operation).response().uses(ResponseValue.CIPHERTEXT_AND_TAG)) {
      byte[] joined = new byte[parts.ciphertext().length() + parts.tag().length()];
      parts.ciphertext().copyTo(joined, 0);
      parts.tag().copyTo(joined, parts.ciphertext().length());
      values.put(ResponseValue.CIPHERTEXT_AND_TAG, Bytes.adopt(joined));
    }
  }

  private byte[] render(Operation operation, Map<ResponseValue, Object> values) {
    return profile.operation(operation).response().render(values);
  }

  private static Instant time(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }
}
