// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.openekm.testkit.fake.TestCertificate;

/**
 * An OCI identity domain on a loopback port: hands out client credentials tokens, and publishes
 * discovery and signing keys the way real domains do, with their oddities.
 *
 * <ul>
 *   <li>Discovery names the general issuer {@code https://identity.oraclecloud.com/}, not the
 *       domain's own URL.
 *   <li>Every signing key is called {@code SIGNING_KEY}, also the next one after a rotation.
 *   <li>The published key claims {@code key_ops} of {@code encrypt} and {@code sign}, never {@code
 *       verify}, and has no {@code use}.
 *   <li>A token is asked for with audience and scope as one word.
 *   <li>Signing keys may be protected: then only the resource application gets them, with a token
 *       of scope {@code urn:opc:idm:__myscopes__}.
 * </ul>
 *
 * <p>Thread-safe. Each test starts its own; {@link #close()} frees the port.
 */
public final class FakeIdentityDomain implements AutoCloseable {

  /** The issuer that real domains put into tokens and discovery. */
  public static final String GENERAL_ISSUER = "https://identity.oraclecloud.com/";

  /** The scope that OCI asks for. */
  public static final String EKMS_SCOPE = "oci_ekms";

  private final DomainState state;
  private final DomainEndpoints endpoints;
  private final WireMockServer server;
  private final URI url;

  private FakeIdentityDomain(Builder builder) {
    this.state = new DomainState(builder.clock, builder.issuer, builder.tokenLifetime);
    this.endpoints = new DomainEndpoints(state, builder.signingKeysProtected);
    WireMockConfiguration options =
        WireMockConfiguration.options()
            .bindAddress("127.0.0.1")
            .disableRequestJournal()
            .extensionScanningEnabled(false)
            .templatingEnabled(false)
            .http2PlainDisabled(true)
            .http2TlsDisabled(true)
            .extensions(endpoints);
    this.server = startServer(options, builder);
    server.stubFor(any(anyUrl()));
    this.url =
        URI.create(
            builder.certificate.isPresent()
                ? "https://127.0.0.1:" + server.httpsPort() + "/"
                : "http://127.0.0.1:" + server.port() + "/");
    state.locatedAt(url.toString().substring(0, url.toString().length() - 1));
  }

  private static WireMockServer startServer(WireMockConfiguration options, Builder builder) {
    if (builder.certificate.isEmpty()) {
      return started(options.port(builder.port));
    }
    String password = UUID.randomUUID().toString();
    Path file = builder.certificate.get().writePkcs12(temporaryFile(), password);
    try {
      return started(
          options
              .httpDisabled(true)
              .httpsPort(builder.port)
              .keystoreType("PKCS12")
              .keystorePath(file.toString())
              .keystorePassword(password)
              .keyManagerPassword(password));
    } finally {
      delete(file);
    }
  }

  private static WireMockServer started(WireMockConfiguration options) {
    WireMockServer server = new WireMockServer(options);
    server.start();
    return server;
  }

  private static Path temporaryFile() {
    try {
      return Files.createTempFile("identity-domain", ".p12");
    } catch (IOException e) {
      throw new UncheckedIOException("can't make a temporary key store", e);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException("can't delete the temporary key store", e);
    }
  }

  /** Starts a domain over plain HTTP on a free loopback port, with public signing keys. */
  public static FakeIdentityDomain start() {
    return builder().start();
  }

  /** Returns a builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the domain URL, with a slash at the end. */
  public URI url() {
    return url;
  }

  /** Returns where an endpoint is. */
  public URI url(DomainEndpoint endpoint) {
    return url.resolve(endpoint.path());
  }

  /** Returns where the OpenID configuration is. */
  public URI discoveryUrl() {
    return url(DomainEndpoint.DISCOVERY);
  }

  /** Returns where the signing keys are. */
  public URI jwksUrl() {
    return url(DomainEndpoint.JWKS);
  }

  /** Returns where tokens are handed out. */
  public URI tokenUrl() {
    return url(DomainEndpoint.TOKEN);
  }

  /** Returns the value of {@code iss} in tokens and of {@code issuer} in discovery. */
  public String issuer() {
    return state.issuer();
  }

  /** Returns the value of {@code tenant_iss} in tokens: this domain's own URL, without a slash. */
  public String tenantIssuer() {
    return state.tenantIssuer();
  }

  /** Returns the value of {@code tenant} in tokens. */
  public String tenant() {
    return state.tenant();
  }

  /**
   * Registers the application that stands for the key manager, with the scope {@code oci_ekms}.
   *
   * @param audience the primary audience, such as {@code https://172.16.1.103/}
   */
  public OAuthApp addResourceApp(String name, String audience) {
    return state.addResourceApp(name, audience, Set.of(EKMS_SCOPE));
  }

  /** Registers the application that stands for OCI and may call the resource application's. */
  public OAuthApp addClientApp(String name, OAuthApp resourceApp) {
    return state.addClientApp(name, resourceApp);
  }

  /** Gives an application a new secret; the old one is refused from now on. */
  public OAuthApp changeSecret(OAuthApp app) {
    OAuthApp changed = app.withSecret("idcscs-" + UUID.randomUUID());
    state.replace(changed);
    return changed;
  }

  /** Removes an application; tokens that it has stay valid. */
  public void remove(OAuthApp app) {
    state.remove(app);
  }

  /**
   * Returns a mint of tokens as this domain issues them to a client, signed by the current key and
   * with the scope {@code oci_ekms}. The client need not be registered.
   */
  public TokenMint token(String clientId, String audience) {
    return state.mint(clientId).audience(audience).scope(EKMS_SCOPE);
  }

  /** Returns a mint of tokens as this domain issues them to a registered client application. */
  public TokenMint token(OAuthApp clientApp) {
    return token(clientApp.clientId(), clientApp.audience()).claim("client_name", clientApp.name());
  }

  /** Makes a new signing key. The old ones stay published, all under the same name. */
  public void rotateKey() {
    state.rotateKey();
  }

  /** Publishes only the newest signing key from now on. */
  public void retireOldKeys() {
    state.retireOldKeys();
  }

  /** Returns the signer of the current key. */
  public TokenSigner signer() {
    return state.signingKey().signer();
  }

  /** Returns the current public key. */
  public RSAPublicKey publicKey() {
    return state.signingKey().publicKey();
  }

  /** Returns the published key set as JSON. */
  public String jwks() {
    return state.jwks();
  }

  /** Publishes this text in place of the key set, protected or not as before. */
  public void serveJwks(String text) {
    endpoints.serveJwks(Optional.of(text));
  }

  /** Publishes the real key set again. */
  public void serveJwks() {
    endpoints.serveJwks(Optional.empty());
  }

  /** Protects the signing keys or makes them public. */
  public void protectSigningKeys(boolean value) {
    endpoints.protectJwks(value);
  }

  /** Makes an endpoint go wrong until {@link #recover()}. */
  public void outage(DomainEndpoint endpoint, Outage outage) {
    endpoints.outage(endpoint, outage);
  }

  /** Makes all endpoints go wrong until {@link #recover()}. */
  public void outage(Outage outage) {
    for (DomainEndpoint endpoint : DomainEndpoint.values()) {
      endpoints.outage(endpoint, outage);
    }
  }

  /** Ends all outages. */
  public void recover() {
    endpoints.recover();
  }

  /** Returns how many requests an endpoint has had, outages included. */
  public int requests(DomainEndpoint endpoint) {
    return endpoints.requests(endpoint);
  }

  /** Frees the port. Calls that come later are refused a connection. */
  @Override
  public void close() {
    server.stop();
  }

  /** Settings of a domain. */
  public static final class Builder {

    private InstantSource clock = InstantSource.system();
    private String issuer = GENERAL_ISSUER;
    private Duration tokenLifetime = Duration.ofHours(1);
    private boolean signingKeysProtected;
    private int port;
    private Optional<TestCertificate> certificate = Optional.empty();

    private Builder() {}

    /** Sets the clock by which tokens are issued; the default is the system's. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /** Sets the issuer; the default is {@link #GENERAL_ISSUER}. */
    public Builder issuer(String value) {
      issuer = value;
      return this;
    }

    /** Sets how long tokens live; the default is an hour. */
    public Builder tokenLifetime(Duration value) {
      tokenLifetime = value;
      return this;
    }

    /** Protects the signing keys; by default they are public. */
    public Builder signingKeysProtected(boolean value) {
      signingKeysProtected = value;
      return this;
    }

    /** Sets the port; the default 0 takes a free one. */
    public Builder port(int value) {
      port = value;
      return this;
    }

    /** Serves HTTPS with a certificate for 127.0.0.1; the default is plain HTTP. */
    public Builder tls(TestCertificate value) {
      certificate = Optional.of(value);
      return this;
    }

    /** Starts the domain. */
    public FakeIdentityDomain start() {
      return new FakeIdentityDomain(this);
    }
  }
}
