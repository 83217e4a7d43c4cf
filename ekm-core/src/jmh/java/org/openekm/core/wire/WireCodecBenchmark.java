// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.openekm.api.Bytes;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptResult;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.KeyVersionId;
import org.openekm.api.SecretBytes;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the wire costs of a request: route, read and write, without the cipher. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class WireCodecBenchmark {

  private static final String KEY_PATH =
      "/vaults/0a1b2c3d-0000-4000-8000-00000000000a/keys/0a1b2c3d-0000-4000-8000-00000000000b/";
  private static final KeyVersionId VERSION =
      KeyVersionId.parse("0a1b2c3d-0000-4000-8000-00000000000c");

  /** How many bytes of plaintext; 32 is a data encryption key. */
  @Param({"32", "4096"})
  public int length;

  private final WireProfile profile = WireProfile.builtIn("oci-default");
  private final WireRoutes routes = new WireRoutes(profile);
  private final WireCodec codec = new WireCodec(profile, profile.limits());
  private final Bytes iv = Bytes.copyOf(new byte[12]);
  private final Bytes tag = Bytes.copyOf(new byte[16]);
  private Bytes data = Bytes.empty();
  private byte[] encryptBody = new byte[0];
  private byte[] decryptBody = new byte[0];

  /** Makes the bodies. */
  @Setup
  public void prepare() {
    byte[] bytes = new byte[length];
    String text = Base64.getEncoder().encodeToString(bytes);
    data = Bytes.copyOf(bytes);
    encryptBody =
        ("{\"plaintext\":\"" + text + "\",\"mode\":\"AES_GCM\",\"aad\":\"AQIDBAUGBwg=\"}")
            .getBytes(US_ASCII);
    decryptBody =
        ("{\"ciphertext\":\""
                + text
                + "\",\"iv\":\"AAAAAAAAAAAAAAAA\",\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\","
                + "\"aad\":\"AQIDBAUGBwg=\",\"mode\":\"AES_GCM\",\"keyVersionId\":\""
                + VERSION
                + "\"}")
            .getBytes(US_ASCII);
  }

  /** Route, read and write of an encryption. */
  @Benchmark
  public byte[] encrypt() {
    EncryptRequest request =
        codec.readEncrypt(routes.match("POST", KEY_PATH + "encrypt", ""), encryptBody);
    request.plaintext().destroy();
    return codec.write(request, new EncryptResult(VERSION, iv, data, tag));
  }

  /** Route, read and write of a decryption. */
  @Benchmark
  public byte[] decrypt() {
    DecryptRequest request =
        codec.readDecrypt(routes.match("POST", KEY_PATH + "decrypt", ""), decryptBody);
    return codec.write(request, new DecryptResult(VERSION, SecretBytes.adopt(data.toByteArray())));
  }
}
