// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;
import org.openekm.api.SecretBytes;
import org.openekm.spi.SecretResolver;
import org.openekm.spi.SecretUnavailableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes TLS contexts from files, anew whenever a file has changed: certificates are replaced while
 * the server runs. As long as changed files can't be used, the last good ones are. Thread-safe.
 */
public final class TlsContexts {

  private static final Logger LOG = LoggerFactory.getLogger(TlsContexts.class);
  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([^-]+)-----END PRIVATE KEY-----");
  private static final List<String> KEY_TYPES = List.of("EC", "RSA", "EdDSA");

  /** A resumed session does not look at certificates again, so it must not last. */
  private static final int SESSION_SECONDS = 600;

  private final KmipClientConfig.Files files;
  private final SecretResolver secrets;
  private @Nullable Made last;
  private byte[] refused = new byte[0];

  private record Made(List<Byte> digest, SSLContext context, Instant until) {}

  /** Makes a maker for these files; reads none yet. */
  public TlsContexts(KmipClientConfig.Files files, SecretResolver secrets) {
    this.files = files;
    this.secrets = secrets;
  }

  /**
   * Returns the context for the files as they are now.
   *
   * @throws TransportException if they never could be used
   */
  public synchronized SSLContext current() {
    return made().context();
  }

  /** Returns when our certificate ends. */
  public synchronized Instant validUntil() {
    return made().until();
  }

  private Made made() {
    byte[] digest = new byte[0];
    try {
      digest = digest();
      Made known = last;
      if (known != null && known.digest().equals(boxed(digest))) {
        return known;
      }
      Made fresh = make(digest);
      if (known != null) {
        LOG.info("TLS files for the key manager have changed and are used from now on");
      }
      last = fresh;
      return fresh;
    } catch (IOException | GeneralSecurityException | SecretUnavailableException e) {
      return lastGood(digest, e);
    }
  }

  private Made lastGood(byte[] digest, Exception why) {
    Made known = last;
    if (known == null) {
      throw new TransportException(
          TransportException.Kind.SETTINGS, "TLS files can't be used: " + why.getMessage(), why);
    }
    if (!Arrays.equals(refused, digest)) {
      refused = digest;
      LOG.warn(
          "changed TLS files for the key manager can't be used; the last good ones are: {}",
          why.getMessage());
    }
    return known;
  }

  private byte[] digest() throws IOException, GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    List<Path> all = new ArrayList<>(List.of(files.trusted()));
    files.certificate().ifPresent(all::add);
    files.privateKey().ifPresent(all::add);
    files.keyStore().ifPresent(all::add);
    for (Path file : all) {
      byte[] content = Files.readAllBytes(file);
      digest.update(content);
      digest.update((byte) 0);
      Arrays.fill(content, (byte) 0);
    }
    return digest.digest();
  }

  private static List<Byte> boxed(byte[] bytes) {
    List<Byte> boxed = new ArrayList<>(bytes.length);
    for (byte b : bytes) {
      boxed.add(b);
    }
    return boxed;
  }

  private Made make(byte[] digest) throws IOException, GeneralSecurityException {
    char[] inMemory = "only in memory".toCharArray();
    KeyStore own = files.keyStore().isPresent() ? keyStore(inMemory) : pemKeys(inMemory);
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, inMemory);
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
    return new Made(boxed(digest), context, until(own));
  }

  private static Instant until(KeyStore own) throws GeneralSecurityException {
    Instant until = Instant.MAX;
    for (String alias : Collections.list(own.aliases())) {
      if (own.getCertificate(alias) instanceof X509Certificate one) {
        Instant end = one.getNotAfter().toInstant();
        until = end.isBefore(until) ? end : until;
      }
    }
    return until;
  }

  private KeyStore trusted() throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    int number = 0;
    for (Certificate one : certificates(files.trusted())) {
      store.setCertificateEntry("ca-" + number++, one);
    }
    return store;
  }

  private KeyStore pemKeys(char[] inMemory) throws IOException, GeneralSecurityException {
    Path certificate = files.certificate().orElseThrow();
    Path key = files.privateKey().orElseThrow();
    KeyStore store = empty();
    store.setKeyEntry(
        "client", privateKey(key), inMemory, certificates(certificate).toArray(Certificate[]::new));
    return store;
  }

  private KeyStore keyStore(char[] inMemory) throws IOException, GeneralSecurityException {
    Path file = files.keyStore().orElseThrow();
    char[] password = password();
    try {
      KeyStore theirs = KeyStore.getInstance("PKCS12");
      theirs.load(new ByteArrayInputStream(Files.readAllBytes(file)), password);
      KeyStore ours = empty();
      for (String alias : Collections.list(theirs.aliases())) {
        if (theirs.isKeyEntry(alias)) {
          ours.setKeyEntry(
              alias, theirs.getKey(alias, password), inMemory, theirs.getCertificateChain(alias));
        }
      }
      if (ours.size() == 0) {
        throw new GeneralSecurityException(file + " holds no private key");
      }
      return ours;
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private char[] password() {
    return files
        .password()
        .map(
            reference -> {
              try (SecretBytes secret = secrets.resolve(reference)) {
                return secret.read(
                    bytes -> {
                      CharBuffer text = UTF_8.decode(java.nio.ByteBuffer.wrap(bytes));
                      char[] password = new char[text.remaining()];
                      text.get(password);
                      Arrays.fill(text.array(), '\0');
                      return password;
                    });
              }
            })
        .orElseGet(() -> new char[0]);
  }

  private static List<Certificate> certificates(Path file)
      throws IOException, GeneralSecurityException {
    List<Certificate> all =
        List.copyOf(
            CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))));
    if (all.isEmpty()) {
      throw new GeneralSecurityException(file + " holds no certificate");
    }
    return all;
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    byte[] content = Files.readAllBytes(file);
    byte[] der = new byte[0];
    try {
      Matcher pem = PRIVATE_KEY.matcher(ISO_8859_1.decode(java.nio.ByteBuffer.wrap(content)));
      if (!pem.find()) {
        throw new GeneralSecurityException(
            file
                + " is no private key in PEM of PKCS#8, not encrypted"
                + " (openssl pkcs8 -topk8 -nocrypt makes one)");
      }
      der = Base64.getMimeDecoder().decode(pem.group(1));
      return privateKey(file, der);
    } catch (IllegalArgumentException e) {
      throw new GeneralSecurityException(file + " is damaged", e);
    } finally {
      Arrays.fill(content, (byte) 0);
      Arrays.fill(der, (byte) 0);
    }
  }

  private static PrivateKey privateKey(Path file, byte[] der) throws GeneralSecurityException {
    Optional<InvalidKeySpecException> failure = Optional.empty();
    for (String type : KEY_TYPES) {
      try {
        return KeyFactory.getInstance(type).generatePrivate(new PKCS8EncodedKeySpec(der));
      } catch (InvalidKeySpecException e) {
        failure = Optional.of(e);
      }
    }
    throw new GeneralSecurityException(
        file + " is no key of " + String.join(", ", KEY_TYPES), failure.orElse(null));
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
