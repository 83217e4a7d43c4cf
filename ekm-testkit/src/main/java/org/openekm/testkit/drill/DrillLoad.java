// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.oci.KeyReference;
import org.openekm.testkit.oci.OciCaller;
import org.openekm.testkit.oci.OciCiphertext;
import org.openekm.testkit.oci.OciResult;

/** Uses all keys on one node all the time, as OCI would, and records what succeeds. */
final class DrillLoad implements Callable<Void> {

  private static final byte[] TEXT =
      "a data key of thirty-two bytes..".getBytes(StandardCharsets.US_ASCII);
  private static final Bytes AAD = Bytes.copyOf("drill".getBytes(StandardCharsets.US_ASCII));
  private static final long PAUSE_MICROS = 10_000;
  private static final int ONE_DECRYPT_IN = 3;

  private final DrilledNode node;
  private final List<String> keys;
  private final DrillState state;
  private final Random random;
  private final Map<String, OciCiphertext> oldest = new HashMap<>();

  DrillLoad(DrilledNode node, List<String> keys, DrillState state, int seed) {
    this.node = node;
    this.keys = keys;
    this.state = state;
    this.random = new Random(seed);
  }

  @Override
  public @Nullable Void call() throws InterruptedException {
    OciCaller caller = node.callers().get();
    while (!state.isStopped()) {
      String key = keys.get(random.nextInt(keys.size()));
      OciCiphertext old = oldest.get(key);
      if (old != null && random.nextInt(ONE_DECRYPT_IN) == 0) {
        decrypt(caller, key, old);
      } else {
        encrypt(caller, key);
      }
      TimeUnit.MICROSECONDS.sleep(PAUSE_MICROS);
    }
    return null;
  }

  private void encrypt(OciCaller caller, String key) {
    long began = System.nanoTime();
    OciResult<OciCiphertext> result = encryptOnce(caller, key);
    boolean unused = state.answered(node, key, began, result.response());
    result.value().ifPresent(made -> oldest.putIfAbsent(key, made));
  }

  static OciResult<OciCiphertext> encryptOnce(OciCaller caller, String key) {
    try (SecretBytes text = SecretBytes.copyOf(TEXT)) {
      return caller.encrypt(KeyReference.latest(key), text, AAD);
    }
  }

  /** What was encrypted before any rotation must still come back, by the version that made it. */
  private void decrypt(OciCaller caller, String key, OciCiphertext old) {
    long began = System.nanoTime();
    OciResult<SecretBytes> result =
        caller.decrypt(KeyReference.latest(key).pinnedTo(old.keyVersionId()), old, AAD);
    boolean unused = state.answered(node, key, began, result.response());
    result
        .value()
        .ifPresent(
            text -> {
              if (!Arrays.equals(text.toByteArray(), TEXT)) {
                state.history.wrong(node.name() + " decrypted to another plaintext");
              }
              text.destroy();
            });
  }
}
