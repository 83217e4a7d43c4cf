// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.fake;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate of {@link TestCertificates} with its private key. Immutable.
 *
 * @param keys the key pair
 * @param chain the certificate, then its authority's
 */
public record TestCertificate(KeyPair keys, List<X509Certificate> chain) {

  /** Where {@link #writePem} has put things. */
  public record PemFiles(Path certificate, Path privateKey) {}

  /** Copies the chain. */
  public TestCertificate {
    chain = List.copyOf(chain);
  }

  /** Returns the certificate itself. */
  public X509Certificate certificate() {
    return chain.get(0);
  }

  /** Returns the chain as PEM, the certificate first. */
  public String chainPem() {
    return chain.stream()
        .map(one -> pem("CERTIFICATE", encoded(one)))
        .collect(Collectors.joining());
  }

  /** Returns the private key as PEM (PKCS#8, not encrypted). */
  public String privateKeyPem() {
    return pem("PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  /**
   * Writes {@code server.crt} (the chain) and {@code server.key} into the directory, over what is
   * there.
   */
  public PemFiles writePem(Path directory) {
    try {
      Path key = Files.writeString(directory.resolve("server.key"), privateKeyPem());
      if (Files.getFileStore(key).supportsFileAttributeView("posix")) {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      }
      return new PemFiles(Files.writeString(directory.resolve("server.crt"), chainPem()), key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes key and chain to a PKCS#12 file under the alias {@code server}, over what is there, and
   * returns the path.
   */
  public Path writePkcs12(Path file, String password) {
    try (OutputStream out = Files.newOutputStream(file)) {
      keyStore(password).store(out, password.toCharArray());
      return file;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't write a PKCS#12 file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns a TLS context for a server that shows this certificate. */
  public SSLContext serverContext() {
    String password = "only-in-memory";
    try {
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(keyStore(password), password.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't make a TLS context", e);
    }
  }

  /**
   * Returns a TLS context for a client that trusts an authority, and shows this certificate to
   * every server that asks for any, whoever the server says must have signed it.
   */
  public SSLContext clientContext(TestCertificates trusted) {
    try {
      TrustManagerFactory trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(trusted.trustStore());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          new KeyManager[] {new EagerClient(this)}, trustManagers.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("can't make a TLS context", e);
    }
  }

  private KeyStore keyStore(String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "server",
          keys.getPrivate(),
          password.toCharArray(),
          chain.toArray(X509Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("can't make a key store", e);
    }
  }

  static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException("a certificate has no encoding", e);
    }
  }
}
