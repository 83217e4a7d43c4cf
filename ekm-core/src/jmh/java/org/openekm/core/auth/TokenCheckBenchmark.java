// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openekm.api.Bytes;
import org.openekm.api.VerifiedClient;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.VaultRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What the token check costs of a request: remembered, and in full. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class TokenCheckBenchmark {

  private static final String CLIENT = "d3adb33fcafe4a5f9d8c7b6a59483726";
  private static final String AUDIENCE = "https://203.0.113.7/";

  private final IssuerRecord issuer =
      new IssuerRecord(
          new IssuerId(new UUID(1, 2)),
          "benchmark",
          List.of(),
          List.of(URI.create("https://idcs-1.identity.oraclecloud.com/admin/v1/SigningCert/jwk")),
          Set.of(),
          Optional.empty(),
          Instant.EPOCH);
  private final VaultRecord.Access access =
      new VaultRecord.Access(issuer.id(), CLIENT, Set.of(AUDIENCE), Set.of("oci_ekms"));
  private final ClientCheck clientCheck = new ClientCheck();
  private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
  private String token = "";
  private String header = "";
  private JwtTokenVerifier remembering = verifier(1000, Bytes.empty());
  private JwtTokenVerifier forgetting = remembering;

  /**
   * Makes a token of the usual size, about 1,300 characters, and two verifiers that know its key.
   */
  @Setup
  public void prepare() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    token = sign(keys);
    header = "Bearer " + token;
    RSAPublicKey key = (RSAPublicKey) keys.getPublic();
    String jwks =
        "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"SIGNING_KEY\",\"e\":\"AQAB\",\"n\":\""
            + encode(key.getModulus().toByteArray())
            + "\"}]}";
    Bytes document = Bytes.adopt(jwks.getBytes(UTF_8));
    remembering = verifier(1000, document);
    forgetting = verifier(0, document);
  }

  /** Stops the timer. */
  @TearDown
  public void stop() {
    remembering.close();
    forgetting.close();
    scheduler.shutdownNow();
  }

  private JwtTokenVerifier verifier(int cacheSize, Bytes jwks) {
    JwtTokenVerifier verifier =
        JwtTokenVerifier.builder()
            .config(TokenCheckConfig.builder().cacheSize(cacheSize).build())
            .clock(InstantSource.system())
            .executor(Runnable::run)
            .scheduler(scheduler)
            .secrets(
                reference -> {
                  throw new SecretUnavailableException(reference, "is not needed", null);
                })
            .fetcher(request -> jwks)
            .build();
    verifier.issuers(jwks.isEmpty() ? List.of() : List.of(issuer));
    return verifier;
  }

  private static String sign(KeyPair keys) throws GeneralSecurityException {
    long now = Instant.now().getEpochSecond();
    String claims =
        String.format(
            "{\"iss\":\"https://identity.oraclecloud.com/\",\"aud\":\"%s\",\"sub\":\"%s\","
                + "\"client_id\":\"%s\",\"sub_type\":\"client\",\"tok_type\":\"AT\","
                + "\"scope\":\"oci_ekms\",\"iat\":%d,\"exp\":%d,\"jti\":\"1\",\"other\":\"%s\"}",
            AUDIENCE, CLIENT, CLIENT, now, now + 36_000, "x".repeat(400));
    String input =
        encode("{\"alg\":\"RS256\",\"kid\":\"SIGNING_KEY\"}".getBytes(UTF_8))
            + "."
            + encode(claims.getBytes(UTF_8));
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initSign(keys.getPrivate());
    signature.update(input.getBytes(US_ASCII));
    return input + "." + encode(signature.sign());
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** A token that has been seen before: header, cache, client check. */
  @Benchmark
  public VerifiedClient remembered() {
    VerifiedClient client = remembering.verify(issuer, BearerHeader.token(header));
    clientCheck.check(client, access);
    return client;
  }

  /** A token that has not been seen before: everything, with the RSA-2048 signature. */
  @Benchmark
  public VerifiedClient full() {
    return forgetting.verify(issuer, token);
  }
}
