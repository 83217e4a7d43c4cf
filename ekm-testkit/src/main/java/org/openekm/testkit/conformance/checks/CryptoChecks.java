// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance.checks;

import static org.openekm.testkit.conformance.Check.must;
import static org.openekm.testkit.conformance.Check.should;
import static org.openekm.testkit.conformance.checks.WireChecks.AAD;
import static org.openekm.testkit.conformance.checks.WireChecks.NO_AAD;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.Evidence;
import org.openekm.testkit.conformance.Expect;
import org.openekm.testkit.conformance.Finding;
import org.openekm.testkit.conformance.Need;
import org.openekm.testkit.conformance.Sealed;
import org.openekm.testkit.conformance.Target;
import org.openekm.testkit.conformance.WireNames.Op;
import org.openekm.testkit.conformance.http.RawRequest;

/** AES-GCM done right: own computation, tampering with every field, IVs, random bytes. */
public final class CryptoChecks {

  private static final int IV_BYTES = 12;
  private static final int TAG_BYTES = 16;
  private static final int ENCRYPTIONS = 500;
  private static final int RANDOM_CALLS = 64;
  private static final byte[] PLAINTEXT = "sixteen bytes!!!".getBytes(StandardCharsets.US_ASCII);

  private CryptoChecks() {}

  /** Returns the checks. */
  public static List<Check> all() {
    return List.of(
        must(
                "crypto.lengths",
                "IV 12 bytes, tag 16 bytes, the ciphertext as long as the plaintext.")
            .by(Evidence.VENDOR, CryptoChecks::lengths),
        must(
                "crypto.own-decrypt",
                "AES-256-GCM under the known key gives the plaintext of an Encrypt.")
            .by(Evidence.STANDARD, CryptoChecks::ownDecrypt, Need.KNOWN_KEY),
        must("crypto.own-encrypt", "Decrypt reads what AES-256-GCM under the known key has made.")
            .by(Evidence.STANDARD, CryptoChecks::ownEncrypt, Need.KNOWN_KEY),
        must("crypto.iv-unique", "No IV repeats in 500 encryptions, nor counts up.")
            .by(Evidence.STANDARD, CryptoChecks::ivUnique),
        must(
                "crypto.tampered-ciphertext",
                "A ciphertext with one changed bit is refused, whichever byte it is in.")
            .by(
                Evidence.OFFICIAL,
                bench -> tampered(bench, Sealed::ciphertext, Sealed::withCiphertext)),
        must(
                "crypto.tampered-iv",
                "An IV with one changed bit is refused, whichever byte it is in.")
            .by(Evidence.OFFICIAL, bench -> tampered(bench, Sealed::iv, Sealed::withIv)),
        must(
                "crypto.tampered-tag",
                "A tag with one changed bit is refused, whichever byte it is in.")
            .by(Evidence.OFFICIAL, bench -> tampered(bench, Sealed::tag, Sealed::withTag)),
        must("crypto.other-aad", "Other, shorter, longer or missing AAD is refused.")
            .by(Evidence.OFFICIAL, CryptoChecks::otherAad),
        must(
                "crypto.short-tag",
                "A tag shorter than 16 bytes is refused, even if its bytes are right.")
            .by(Evidence.STANDARD, bench -> cutTag(bench)),
        must("crypto.iv-length", "An IV that does not have 12 bytes is refused.")
            .by(Evidence.INFERRED, CryptoChecks::ivLength),
        must("crypto.swapped", "Ciphertext of one message with IV and tag of another is refused.")
            .by(Evidence.STANDARD, CryptoChecks::swapped),
        must("crypto.caller-iv", "A caller can't choose the IV of an encryption.")
            .by(Evidence.STANDARD, CryptoChecks::callerIv),
        must("crypto.random-differs", "Random bytes never repeat.")
            .by(Evidence.STANDARD, CryptoChecks::randomDiffers),
        should("crypto.random-balanced", "Random bytes have about as many ones as zeros.")
            .by(Evidence.STANDARD, CryptoChecks::randomBalanced),
        must("crypto.other-key", "A ciphertext of another key is refused.")
            .by(Evidence.OFFICIAL, CryptoChecks::otherKey, Need.OTHER_KEY),
        must(
                "crypto.one-refusal",
                "Wrong ciphertext, IV, tag and AAD get the same answer, so that nothing can be learned from it.")
            .by(Evidence.STANDARD, CryptoChecks::oneRefusal));
  }

  private static void lengths(Bench bench) throws IOException {
    for (int length : new int[] {1, 16, 100}) {
      Sealed sealed = bench.encrypt(new byte[length], NO_AAD);
      Expect.that(sealed.iv().length == IV_BYTES, "the IV has " + sealed.iv().length + " bytes");
      Expect.that(
          sealed.tag().length == TAG_BYTES, "the tag has " + sealed.tag().length + " bytes");
      Expect.that(
          sealed.ciphertext().length == length,
          "the ciphertext of " + length + " bytes has " + sealed.ciphertext().length);
    }
  }

  private static void ownDecrypt(Bench bench) throws IOException {
    Target.KnownKey known = bench.target().keys().known().orElseThrow();
    Sealed sealed = bench.encrypt(known.id(), PLAINTEXT, AAD);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(sealed.ciphertext());
    all.writeBytes(sealed.tag());
    try {
      byte[] own = gcm(Cipher.DECRYPT_MODE, known, sealed.iv(), all.toByteArray());
      Expect.same(PLAINTEXT, own, "own decryption gave another plaintext");
    } catch (GeneralSecurityException e) {
      throw (Finding)
          new Finding("own decryption failed: this is not AES-256-GCM under the key").initCause(e);
    }
  }

  private static void ownEncrypt(Bench bench) throws IOException {
    Target.KnownKey known = bench.target().keys().known().orElseThrow();
    byte[] iv = new byte[IV_BYTES];
    new java.security.SecureRandom().nextBytes(iv);
    byte[] all;
    try {
      all = gcm(Cipher.ENCRYPT_MODE, known, iv, PLAINTEXT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM does not work here", e);
    }
    Sealed sealed =
        new Sealed(
            Arrays.copyOf(all, PLAINTEXT.length),
            iv,
            Arrays.copyOfRange(all, PLAINTEXT.length, all.length),
            "");
    byte[] plaintext = WireChecks.decrypted(bench, bench.decryption(known.id(), sealed, AAD));
    Expect.same(PLAINTEXT, plaintext, "Decrypt gave another plaintext");
  }

  private static byte[] gcm(int mode, Target.KnownKey key, byte[] iv, byte[] input)
      throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(
        mode,
        key.material().read(bytes -> new SecretKeySpec(bytes, "AES")),
        new GCMParameterSpec(8 * TAG_BYTES, iv));
    cipher.updateAAD(AAD.orElseThrow());
    return cipher.doFinal(input);
  }

  private static void ivUnique(Bench bench) throws IOException {
    byte[] last = new byte[0];
    int near = 0;
    for (int i = 0; i < ENCRYPTIONS; i++) {
      byte[] iv = bench.encrypt(PLAINTEXT, NO_AAD).iv();
      near += last.length == iv.length && Arrays.equals(last, 0, 8, iv, 0, 8) ? 1 : 0;
      last = iv;
    }
    Expect.that(
        near < 3,
        near
            + " of "
            + ENCRYPTIONS
            + " IVs began with the 8 bytes of the one before: they are not random");
  }

  @FunctionalInterface
  private interface Part {
    byte[] of(Sealed sealed);
  }

  @FunctionalInterface
  private interface Change {
    Sealed with(Sealed sealed, byte[] part);
  }

  private static void tampered(Bench bench, Part part, Change change) throws IOException {
    Sealed sealed = bench.encrypt(PLAINTEXT, AAD);
    byte[] good = part.of(sealed);
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= (byte) (1 << (i % 8));
      Expect.refusal(400, bench.send(bench.decryption(change.with(sealed, bad), AAD)));
    }
  }

  private static void otherAad(Bench bench) throws IOException {
    Sealed sealed = bench.encrypt(PLAINTEXT, AAD);
    byte[] right = AAD.orElseThrow();
    byte[] longer = Arrays.copyOf(right, right.length + 1);
    byte[] shorter = Arrays.copyOf(right, right.length - 1);
    for (Optional<byte[]> aad :
        List.of(NO_AAD, Optional.of(longer), Optional.of(shorter), Optional.of(PLAINTEXT))) {
      Expect.refusal(400, bench.send(bench.decryption(sealed, aad)));
    }
    Sealed without = bench.encrypt(PLAINTEXT, NO_AAD);
    Expect.refusal(400, bench.send(bench.decryption(without, AAD)));
  }

  private static void cutTag(Bench bench) throws IOException {
    Sealed sealed = bench.encrypt(PLAINTEXT, AAD);
    for (int length : new int[] {15, 12, 8, 4, 1, 0}) {
      Sealed bad = sealed.withTag(Arrays.copyOf(sealed.tag(), length));
      Expect.refusal(400, bench.send(bench.decryption(bad, AAD)));
    }
  }

  private static void ivLength(Bench bench) throws IOException {
    Sealed sealed = bench.encrypt(PLAINTEXT, AAD);
    for (int length : new int[] {0, 8, 11, 13, 16}) {
      Sealed bad = sealed.withIv(Arrays.copyOf(sealed.iv(), length));
      Expect.refusal(400, bench.send(bench.decryption(bad, AAD)));
    }
  }

  private static void swapped(Bench bench) throws IOException {
    Sealed one = bench.encrypt(PLAINTEXT, AAD);
    Sealed two = bench.encrypt(PLAINTEXT, AAD);
    for (Sealed bad :
        List.of(
            one.withIv(two.iv()), one.withTag(two.tag()), one.withCiphertext(two.ciphertext()))) {
      Expect.refusal(400, bench.send(bench.decryption(bad, AAD)));
    }
  }

  private static void callerIv(Bench bench) throws IOException {
    byte[] iv = "caller's own".getBytes(StandardCharsets.US_ASCII);
    Map<String, Object> fields =
        org.openekm.testkit.conformance.Fields.of("plaintext", PLAINTEXT)
            .and("iv", org.openekm.testkit.conformance.Fields.base64(iv))
            .map();
    var answer = bench.send(bench.operation(Op.ENCRYPT, bench.key(), fields));
    if (answer.status() == 200) {
      Sealed sealed =
          Sealed.read(bench, Op.ENCRYPT, org.openekm.testkit.conformance.JsonAnswer.of(answer));
      Expect.that(!Arrays.equals(iv, sealed.iv()), "the caller's IV was used");
    } else {
      Expect.anyRefusal(answer);
    }
  }

  private static byte[] random(Bench bench, int length) throws IOException {
    RawRequest request = bench.operation(Op.RANDOM, bench.key(), Map.of("length", length));
    return bench
        .ok(request)
        .bytes(bench.names().response(Op.RANDOM, "plaintext").orElse("plaintext"));
  }

  private static void randomDiffers(Bench bench) throws IOException {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < RANDOM_CALLS; i++) {
      Expect.that(seen.add(Arrays.toString(random(bench, 16))), "the same random bytes came twice");
    }
  }

  private static void randomBalanced(Bench bench) throws IOException {
    int ones = 0;
    int bits = 0;
    for (int i = 0; i < 8; i++) {
      for (byte b : random(bench, 1024)) {
        ones += Integer.bitCount(b & 0xFF);
        bits += 8;
      }
    }
    // Six standard deviations: a right server fails once in half a thousand million runs.
    double deviations = Math.abs(ones - bits / 2.0) / (Math.sqrt(bits) / 2);
    Expect.that(deviations < 6, ones + " of " + bits + " bits are ones");
  }

  private static void otherKey(Bench bench) throws IOException {
    Sealed sealed = bench.encrypt(PLAINTEXT, AAD);
    String other = bench.target().keys().other().orElseThrow();
    Expect.refusal(400, bench.send(bench.decryption(other, sealed, AAD)));
  }

  private static void oneRefusal(Bench bench) throws IOException {
    Sealed sealed = bench.encrypt(PLAINTEXT, AAD);
    byte[] tag = sealed.tag().clone();
    tag[0] ^= 1;
    byte[] iv = sealed.iv().clone();
    iv[0] ^= 1;
    byte[] ciphertext = sealed.ciphertext().clone();
    ciphertext[0] ^= 1;
    Set<String> answers = new HashSet<>();
    for (RawRequest request :
        List.of(
            bench.decryption(sealed.withTag(tag), AAD),
            bench.decryption(sealed.withIv(iv), AAD),
            bench.decryption(sealed.withCiphertext(ciphertext), AAD),
            bench.decryption(sealed, NO_AAD))) {
      answers.add(bench.send(request).text());
    }
    Expect.that(answers.size() == 1, "there are " + answers.size() + " different answers");
  }
}
