// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * Makes the RSA keys and certificates of a new server. RSA, because OCI has refused ECDSA
 * certificates; the address is in the subject alternative name, because OCI connects by IP address.
 */
final class ServerCertificate {

  private static final int SERVER_KEY_BITS = 2048;
  private static final int AUTHORITY_KEY_BITS = 3072;
  private static final Duration SERVER_LIFETIME = Duration.ofDays(397);
  private static final Duration AUTHORITY_LIFETIME = Duration.ofDays(3650);
  // The clock of the other side may be a little behind.
  private static final Duration BACKDATED = Duration.ofMinutes(5);
  private static final int SERIAL_BITS = 127;

  private final SecureRandom random;
  private final Instant now;

  ServerCertificate(SecureRandom random, Instant now) {
    this.random = random;
    this.now = now;
  }

  /**
   * A key with its certificate.
   *
   * @param keys the key pair
   * @param certificate the certificate of its public key
   */
  record Identity(KeyPair keys, X509Certificate certificate) {}

  /** Makes a certificate authority for one server. */
  Identity authority(String name) throws GeneralSecurityException {
    KeyPair keys = keys(AUTHORITY_KEY_BITS);
    X500Name subject = commonName(name);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject, serial(), from(), until(AUTHORITY_LIFETIME), subject, keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      return new Identity(keys, signed(builder, keys));
    } catch (CertIOException e) {
      throw new GeneralSecurityException("the authority's certificate can't be encoded", e);
    }
  }

  /** Makes a server certificate for a host name or IP address, signed by the authority. */
  Identity server(String host, Identity authority) throws GeneralSecurityException {
    KeyPair keys = keys(SERVER_KEY_BITS);
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            authority.certificate(),
            serial(),
            from(),
            until(SERVER_LIFETIME),
            new javax.security.auth.x500.X500Principal(commonName(host).toString()),
            keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(
          Extension.keyUsage,
          true,
          new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
      builder.addExtension(
          Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
      builder.addExtension(Extension.subjectAlternativeName, false, names(host));
      JcaX509ExtensionUtils utils = new JcaX509ExtensionUtils();
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          utils.createAuthorityKeyIdentifier(authority.certificate()));
      return new Identity(keys, signed(builder, authority.keys()));
    } catch (CertIOException e) {
      throw new GeneralSecurityException("the server's certificate can't be encoded", e);
    }
  }

  /** Makes a key and the request for its certificate, for a company's own certificate authority. */
  KeyAndRequest request(String host) throws GeneralSecurityException {
    KeyPair keys = keys(SERVER_KEY_BITS);
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    try {
      extensions.addExtension(Extension.subjectAlternativeName, false, names(host));
      var builder = new JcaPKCS10CertificationRequestBuilder(commonName(host), keys.getPublic());
      builder.addAttribute(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
      return new KeyAndRequest(keys, pem(builder.build(signer(keys))));
    } catch (IOException e) {
      throw new GeneralSecurityException("the certificate request can't be encoded", e);
    }
  }

  /**
   * A key and the request for its certificate.
   *
   * @param keys the key pair
   * @param requestPem the PKCS#10 request as PEM
   */
  record KeyAndRequest(KeyPair keys, String requestPem) {}

  /** Returns certificates, or other things that PEM knows, one behind the other. */
  static String pem(Object... objects) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      for (Object object : objects) {
        writer.writeObject(object);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Returns the private key as unencrypted PKCS#8 PEM; the caller wipes the array. */
  static byte[] privateKeyPem(KeyPair keys) throws GeneralSecurityException {
    try {
      return pem(new JcaPKCS8Generator(keys.getPrivate(), null))
          .getBytes(StandardCharsets.US_ASCII);
    } catch (org.bouncycastle.util.io.pem.PemGenerationException e) {
      throw new GeneralSecurityException("the private key can't be encoded", e);
    }
  }

  private KeyPair keys(int bits) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(bits, random);
    return generator.generateKeyPair();
  }

  private static GeneralNames names(String host) {
    int kind = HostNames.isIpAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName;
    List<GeneralName> names = List.of(new GeneralName(kind, host));
    return new GeneralNames(names.toArray(GeneralName[]::new));
  }

  private static X500Name commonName(String name) {
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, name).build();
  }

  private BigInteger serial() {
    return new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS - 1);
  }

  private Date from() {
    return Date.from(now.minus(BACKDATED));
  }

  private Date until(Duration lifetime) {
    return Date.from(now.plus(lifetime));
  }

  private static X509Certificate signed(X509v3CertificateBuilder builder, KeyPair signerKeys)
      throws GeneralSecurityException {
    return new JcaX509CertificateConverter().getCertificate(builder.build(signer(signerKeys)));
  }

  private static ContentSigner signer(KeyPair keys) throws GeneralSecurityException {
    try {
      return new JcaContentSignerBuilder("SHA256withRSA").build(keys.getPrivate());
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("no signer for RSA with SHA-256", e);
    }
  }
}
