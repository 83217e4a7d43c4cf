// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.openekm.testkit.conformance.Bench;
import org.openekm.testkit.conformance.Fields;
import org.openekm.testkit.conformance.Target;
import org.openekm.testkit.conformance.WireNames;
import org.openekm.testkit.conformance.WireNames.Op;
import org.openekm.testkit.conformance.http.Endpoint;
import org.openekm.testkit.conformance.http.RawRequest;

/**
 * Requests as bytes, made once before the load begins, in an order that follows the mix. Immutable
 * and thread-safe.
 */
public final class Ammunition {

  private static final int ROUND = 1_000;
  private static final int VARIANTS = 8;

  private final Endpoint endpoint;
  private final List<byte[]> requests;

  private Ammunition(Endpoint endpoint, List<byte[]> requests) {
    this.endpoint = endpoint;
    this.requests = List.copyOf(requests);
  }

  /**
   * Makes requests for a target: encrypts what is to be decrypted later, takes one token for all.
   *
   * @throws IOException if the target can't be talked to
   */
  public static Ammunition of(Target target, Mix mix) throws IOException {
    Bench bench = new Bench(target, WireNames.standard());
    Random random = new Random(20261125);
    List<List<byte[]>> variants = new ArrayList<>();
    List<Integer> order = new ArrayList<>();
    int weights = mix.shots().stream().mapToInt(Mix.Shot::weight).sum();
    for (Mix.Shot shot : mix.shots()) {
      variants.add(variants(bench, shot, random));
      int share = Math.max(1, ROUND * shot.weight() / weights);
      order.addAll(Collections.nCopies(share, variants.size() - 1));
    }
    Collections.shuffle(order, random);
    List<byte[]> requests = new ArrayList<>();
    for (int kind : order) {
      requests.add(variants.get(kind).get(requests.size() % VARIANTS));
    }
    return new Ammunition(bench.endpoint(), requests);
  }

  /** Returns the same GET again and again, for servers that are no key managers. */
  public static Ammunition plainGet(Endpoint endpoint, String path) {
    return new Ammunition(
        endpoint, List.of(RawRequest.of("GET", path, endpoint.authority()).bytes()));
  }

  private static List<byte[]> variants(Bench bench, Mix.Shot shot, Random random)
      throws IOException {
    List<byte[]> variants = new ArrayList<>();
    for (int i = 0; i < VARIANTS; i++) {
      byte[] data = new byte[Math.max(1, shot.bytes())];
      random.nextBytes(data);
      variants.add(request(bench, shot, data).bytes());
    }
    return variants;
  }

  private static RawRequest request(Bench bench, Mix.Shot shot, byte[] data) throws IOException {
    String key = bench.key();
    return switch (shot.kind()) {
      case ENCRYPT ->
          bench.operation(
              Op.ENCRYPT, key, Fields.of("plaintext", data).and("mode", "AES_GCM").map());
      case DECRYPT -> bench.decryption(bench.encrypt(data, Optional.empty()), Optional.empty());
      case RANDOM -> bench.operation(Op.RANDOM, key, Map.of("length", data.length));
      case KEY_METADATA -> bench.request("GET", Bench.keyPath(key, "metadata"));
      case VAULT_METADATA -> bench.request("GET", "/metadata");
    };
  }

  Endpoint endpoint() {
    return endpoint;
  }

  /** Returns the request with this number; the requests repeat. */
  byte[] request(long number) {
    return requests.get((int) (number % requests.size()));
  }
}
