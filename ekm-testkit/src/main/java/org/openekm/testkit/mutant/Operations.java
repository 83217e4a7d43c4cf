// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** The six operations on a vault, right but for the flaw. Thread-safe. */
final class Operations {

  private static final int RANDOM_USUAL = 32;
  private static final int RANDOM_MOST = 1024;
  private static final int MAX_PLAINTEXT = 64 * 1024;
  private static final byte[] NOTHING = {};
  private static final int SLOW_ONE_OF = 40;
  private static final long SLOW_NANOS = 1_200_000_000;
  private static final String NOT_ACTIVE =
      "OCI key is not in Active state to perform the operation.";

  private final Vault vault;
  private final Cryptor cryptor;
  private final Flaws flaws;
  private final AtomicLong encryptions = new AtomicLong();

  Operations(Vault vault, Cryptor cryptor, Flaws flaws) {
    this.vault = vault;
    this.cryptor = cryptor;
    this.flaws = flaws;
  }

  /** Answers a request whose path below the vault is split at its slashes. */
  Map<String, Object> answer(Request request, List<String> path) throws Refused {
    if (vault.isBlocked()) {
      throw new Refused(403, "OCI vault is blocked.");
    }
    if (path.equals(List.of("metadata"))) {
      method(request, "GET");
      return Map.of("vaultId", vault.id, "name", "vault", "state", "ACTIVE", "vendor", "Mutant");
    }
    if (path.size() < 3 || !path.get(0).equals("keys")) {
      throw new Refused(404, "Resource not found.");
    }
    String last = path.get(path.size() - 1);
    boolean versioned = path.size() == 5 && path.get(2).equals("keyVersions");
    if (path.size() != 3 && !versioned) {
      throw new Refused(404, "Resource not found.");
    }
    Optional<String> version = versioned ? Optional.of(path.get(3)) : request.query("keyVersionId");
    return switch (last) {
      case "metadata" -> metadata(request, path.get(1), versioned ? version : Optional.empty());
      case "encrypt" -> encrypt(request, path.get(1), version);
      case "decrypt" -> decrypt(request, path.get(1), version);
      case "generateRandomBytes" -> random(request, path.get(1));
      default -> throw new Refused(404, "Resource not found.");
    };
  }

  private void method(Request request, String right) throws Refused {
    if (!request.method().equals(right) && !flaws.has(Mutation.ANY_METHOD)) {
      throw new Refused(405, "Method not allowed for this resource.");
    }
  }

  private VendorKey key(Request request, String id, Mutation spare, String disabledText)
      throws Refused {
    Optional<VendorKey> found = vault.key(id);
    if (found.isEmpty() && flaws.has(Mutation.UNKNOWN_KEY_500)) {
      throw new Refused(500, "Internal error.");
    }
    VendorKey key = found.orElseThrow(() -> new Refused(404, "Invalid key details provided"));
    if (key.destroyed && !flaws.has(Mutation.DESTROYED_SERVES)) {
      throw new Refused(404, "Invalid key details provided");
    }
    if (vault.isKeyBlocked(key, request.connectedAt()) && !flaws.has(spare)) {
      throw new Refused(403, "OCI key is blocked.");
    }
    if (key.disabled && !flaws.has(Mutation.DISABLED_SERVES)) {
      boolean missing = flaws.has(Mutation.DISABLED_IS_404);
      throw new Refused(
          missing ? 404 : 403, missing ? "Invalid key details provided" : disabledText);
    }
    return key;
  }

  private Map<String, Object> metadata(Request request, String id, Optional<String> asked)
      throws Refused {
    method(request, "GET");
    VendorKey key =
        key(request, id, Mutation.BLOCK_SPARES_METADATA, "OCI key is not in Active state.");
    String version = asked.map(String::toLowerCase).orElse(key.current);
    if (!key.versions.containsKey(version)) {
      if (!flaws.has(Mutation.UNKNOWN_VERSION_200)) {
        throw new Refused(404, "Invalid Key details");
      }
      version = key.current;
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("keyId", key.id);
    answer.put("vaultId", vault.id);
    answer.put("state", "ACTIVE");
    answer.put("algorithm", "AES");
    answer.put("length", 32);
    if (!flaws.has(Mutation.VERSION_NOT_NAMED)) {
      answer.put("keyVersionId", flaws.has(Mutation.OLD_VERSION_NAMED) ? key.first : version);
    }
    return answer;
  }

  private Map<String, Object> encrypt(Request request, String id, Optional<String> version)
      throws Refused {
    method(request, "POST");
    if (flaws.has(Mutation.SLOW_ANSWERS) && encryptions.incrementAndGet() % SLOW_ONE_OF == 0) {
      LockSupport.parkNanos(SLOW_NANOS);
    }
    VendorKey key = key(request, id, Mutation.BLOCK_SPARES_ENCRYPT, NOT_ACTIVE);
    Body body = body(request, false);
    byte[] plaintext =
        flaws.has(Mutation.MISSING_PLAINTEXT_TAKEN)
            ? body.bytes("plaintext").orElse(NOTHING)
            : body.required("plaintext");
    if (plaintext.length > MAX_PLAINTEXT && !flaws.has(Mutation.LARGE_BODY_TAKEN)) {
      throw new Refused(413, "Request too large");
    }
    byte[] iv = body.bytes("iv").orElse(NOTHING);
    if (iv.length > 0 && !flaws.has(Mutation.CALLER_IV_USED)) {
      throw new Refused(400, "Bad Request: iv must not be given");
    }
    String used = encryptionVersion(key, version(body, version));
    Cryptor.Sealed sealed =
        cryptor.encrypt(material(key, used), plaintext, body.bytes("aad").orElse(NOTHING), iv);
    Map<String, Object> answer = sealed(sealed);
    answer.put("keyId", key.id);
    answer.put("keyVersionId", used);
    return answer;
  }

  private String encryptionVersion(VendorKey key, Optional<String> named) {
    String current = flaws.has(Mutation.ROTATION_IGNORED) ? key.first : key.current;
    return flaws.has(Mutation.PINNED_VERSION_IGNORED) ? current : named.orElse(current);
  }

  private static byte[] material(VendorKey key, String version) throws Refused {
    byte[] material = key.versions.get(version);
    if (material == null) {
      throw new Refused(404, "Invalid Key details");
    }
    return material;
  }

  private Map<String, Object> decrypt(Request request, String id, Optional<String> version)
      throws Refused {
    method(request, "POST");
    VendorKey key = key(request, id, Mutation.BLOCK_SPARES_DECRYPT, NOT_ACTIVE);
    Body body = body(request, false);
    Cryptor.Sealed sealed =
        new Cryptor.Sealed(body.required("ciphertext"), body.required("iv"), body.required("tag"));
    boolean anyIv = flaws.has(Mutation.IV_16_BYTES) || flaws.has(Mutation.ANY_IV_LENGTH);
    boolean anyTag = flaws.has(Mutation.SHORT_TAG_TAKEN) || flaws.has(Mutation.TAG_UNCHECKED);
    if ((sealed.iv.length != 12 && !anyIv) || (sealed.tag.length != 16 && !anyTag)) {
      throw new Refused(400, "Bad Request: iv must have 12 bytes and tag 16");
    }
    Optional<byte[]> aad = body.bytes("aad");
    for (byte[] material : candidates(key, version(body, version))) {
      Optional<byte[]> plaintext = cryptor.decrypt(material, sealed, aad.orElse(NOTHING));
      if (plaintext.isPresent()) {
        return Map.of("plaintext", base64(plaintext.get()), "keyId", key.id);
      }
    }
    boolean telling = flaws.has(Mutation.TELLING_REFUSAL) && aad.isEmpty();
    throw new Refused(
        400, telling ? "Cipher failed, aad missing?" : "Cryptographic operation failed");
  }

  private List<byte[]> candidates(VendorKey key, Optional<String> named) throws Refused {
    List<byte[]> all = new ArrayList<>();
    if (named.isPresent() && !flaws.has(Mutation.NAMED_VERSION_IGNORED)) {
      all.add(material(key, named.get()));
    } else {
      all.addAll(key.versions.values());
      Collections.reverse(all);
    }
    if (flaws.has(Mutation.OTHER_KEYS_TRIED)) {
      vault.allKeys().forEach(other -> all.addAll(other.versions.values()));
    }
    return all;
  }

  private Map<String, Object> random(Request request, String id) throws Refused {
    method(request, "POST");
    VendorKey key = key(request, id, Mutation.BLOCK_SPARES_RANDOM, "Key is in disabled state.");
    Body body = body(request, true);
    int most = flaws.has(Mutation.RANDOM_UNCAPPED) ? Integer.MAX_VALUE : RANDOM_MOST;
    int asked = body.length(RANDOM_USUAL, most);
    byte[] bytes = cryptor.random(flaws.has(Mutation.RANDOM_LENGTH_IGNORED) ? RANDOM_USUAL : asked);
    byte[] aad =
        flaws.has(Mutation.RANDOM_AAD_IGNORED) ? NOTHING : body.bytes("aad").orElse(NOTHING);
    Map<String, Object> answer =
        sealed(cryptor.encrypt(material(key, key.current), bytes, aad, NOTHING));
    answer.put("plaintext", base64(bytes));
    answer.put("keyVersionId", key.current);
    return answer;
  }

  private Body body(Request request, boolean mayBeEmpty) throws Refused {
    String type = request.header("content-type").orElse("application/json");
    if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw new Refused(415, "Content-Type must be application/json.");
    }
    Body body = Body.read(request.body(), flaws, mayBeEmpty);
    String mode = body.text("mode").orElse("AES_GCM");
    if (!mode.equals("AES_GCM") && !flaws.has(Mutation.MODE_IGNORED)) {
      throw new Refused(400, "Bad Request: mode must be AES_GCM");
    }
    return body;
  }

  private static Optional<String> version(Body body, Optional<String> elsewhere) throws Refused {
    Optional<String> named = body.text("keyVersionId");
    return named.isPresent() ? named : elsewhere;
  }

  private static Map<String, Object> sealed(Cryptor.Sealed sealed) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ciphertext", base64(sealed.ciphertext));
    answer.put("iv", base64(sealed.iv));
    answer.put("tag", base64(sealed.tag));
    return answer;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
