// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMDecryptorProvider;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JceOpenSSLPKCS8DecryptorProviderBuilder;
import org.bouncycastle.openssl.jcajce.JcePEMDecryptorProviderBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.pkcs.PKCSException;
import org.openekm.api.SecretBytes;
import org.openekm.spi.SecretReference;
import org.openekm.spi.SecretResolver;

/** Reads keys and certificates from files. */
final class TlsFiles {

  private final TlsConfig.Source source;
  private final SecretResolver secrets;

  TlsFiles(TlsConfig.Source source, SecretResolver secrets) {
    this.source = source;
    this.secrets = secrets;
  }

  /**
   * Reads the key and the chain; doesn't judge them.
   *
   * @throws TlsException if a file can't be read or holds something else
   */
  TlsIdentity read() {
    if (source instanceof TlsConfig.Pem pem) {
      return new TlsIdentity(privateKey(pem), certificates(pem.certificate()));
    }
    return keystore((TlsConfig.Pkcs12) source);
  }

  /** Returns a text that changes whenever the content of the files does. */
  String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (Path file : files()) {
        digest.update(bytes(file));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private List<Path> files() {
    if (source instanceof TlsConfig.Pem pem) {
      return List.of(pem.certificate(), pem.key());
    }
    return List.of(((TlsConfig.Pkcs12) source).keystore());
  }

  static List<X509Certificate> certificates(Path file) {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Certificate each : factory.generateCertificates(new ByteArrayInputStream(bytes(file)))) {
        chain.add((X509Certificate) each);
      }
    } catch (GeneralSecurityException e) {
      throw new TlsException(file + " is not a PEM file with certificates", e);
    }
    if (chain.isEmpty()) {
      throw new TlsException(
          file + " holds no certificate; put the server's own first, then the chain");
    }
    return chain;
  }

  private static void requirePrivate(Path key) {
    try {
      if (!Files.getFileStore(key).supportsFileAttributeView("posix")) {
        return;
      }
      Set<PosixFilePermission> modes = Files.getPosixFilePermissions(key);
      if (modes.contains(PosixFilePermission.OTHERS_READ)
          || modes.contains(PosixFilePermission.OTHERS_WRITE)) {
        throw new TlsException(
            key
                + " may be read or changed by everybody on this machine; run chmod o-rwx on it, or set a mode of 0440 where"
                + " it is mounted");
      }
    } catch (IOException e) {
      throw unreadable(key, e);
    }
  }

  private PrivateKey privateKey(TlsConfig.Pem pem) {
    requirePrivate(pem.key());
    String text = new String(bytes(pem.key()), StandardCharsets.US_ASCII);
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      Object found = parser.readObject();
      if (found == null) {
        throw new TlsException(pem.key() + " holds no private key in PEM form");
      }
      return new JcaPEMKeyConverter().getPrivateKey(keyInfo(found, pem));
    } catch (IOException | OperatorCreationException | PKCSException e) {
      throw new TlsException(
          pem.key() + " holds no private key that can be read; check its format and its password",
          e);
    }
  }

  private PrivateKeyInfo keyInfo(Object found, TlsConfig.Pem pem)
      throws IOException, OperatorCreationException, PKCSException {
    if (found instanceof PrivateKeyInfo info) {
      return info;
    }
    if (found instanceof PEMKeyPair pair) {
      return pair.getPrivateKeyInfo();
    }
    SecretReference reference =
        pem.keyPassword()
            .orElseThrow(
                () ->
                    new TlsException(
                        pem.key()
                            + " is encrypted or holds no private key; give key-password if it is"));
    char[] password = password(reference);
    try {
      if (found instanceof PKCS8EncryptedPrivateKeyInfo encrypted) {
        return encrypted.decryptPrivateKeyInfo(
            new JceOpenSSLPKCS8DecryptorProviderBuilder()
                .setProvider(new BouncyCastleProvider())
                .build(password));
      }
      if (found instanceof PEMEncryptedKeyPair encrypted) {
        PEMDecryptorProvider decryptor =
            new JcePEMDecryptorProviderBuilder()
                .setProvider(new BouncyCastleProvider())
                .build(password);
        return encrypted.decryptKeyPair(decryptor).getPrivateKeyInfo();
      }
      throw new TlsException(pem.key() + " holds something else than a private key");
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private TlsIdentity keystore(TlsConfig.Pkcs12 config) {
    char[] password = password(config.password());
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes(config.keystore())), password);
      List<String> aliases = new ArrayList<>();
      for (String alias : Collections.list(store.aliases())) {
        if (store.isKeyEntry(alias)) {
          aliases.add(alias);
        }
      }
      if (aliases.size() != 1) {
        throw new TlsException(
            config.keystore() + " must hold exactly one private key, it has " + aliases.size());
      }
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate each : store.getCertificateChain(aliases.get(0))) {
        chain.add((X509Certificate) each);
      }
      return new TlsIdentity((PrivateKey) store.getKey(aliases.get(0), password), chain);
    } catch (IOException | GeneralSecurityException e) {
      throw new TlsException(
          config.keystore() + " can't be read as PKCS#12; check the file and its password", e);
    } finally {
      Arrays.fill(password, '\0');
    }
  }

  private char[] password(SecretReference reference) {
    try (SecretBytes secret = secrets.resolve(reference)) {
      return secret.read(
          bytes ->
              StandardCharsets.UTF_8
                  .decode(java.nio.ByteBuffer.wrap(bytes))
                  .toString()
                  .toCharArray());
    }
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static TlsException unreadable(Path file, IOException cause) {
    return new TlsException(
        file + " can't be read; check that it exists and that the server's user may read it",
        cause);
  }
}
