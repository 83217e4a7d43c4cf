// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openekm.testkit.conformance.VendorHooks.Action;
import org.openekm.testkit.conformance.WireNames.Op;
import org.openekm.testkit.conformance.http.ConnectionEnded;
import org.openekm.testkit.conformance.http.Endpoint;
import org.openekm.testkit.conformance.http.Exchange;
import org.openekm.testkit.conformance.http.RawAnswer;
import org.openekm.testkit.conformance.http.RawConnection;
import org.openekm.testkit.conformance.http.RawRequest;

/**
 * What probes work with: the target, requests in the contract's names, and a record of what was
 * said. Used by one thread.
 */
public final class Bench {

  /** Longer than any server's own limit that a check waits for. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final int REMEMBERED = 4;

  private final Target target;
  private final WireNames names;
  private final Endpoint endpoint;
  private final Deque<Exchange> exchanges = new ArrayDeque<>();
  private final Set<String> ivs = new HashSet<>();
  private Optional<RawConnection> kept = Optional.empty();
  private int requests;

  /** Makes a bench; it connects when it is used. */
  public Bench(Target target, WireNames names) {
    this.target = target;
    this.names = names;
    this.endpoint = Endpoint.of(target.vaultUrl(), target.tls());
  }

  /** Returns the target. */
  public Target target() {
    return target;
  }

  /** Returns the contract's names. */
  public WireNames names() {
    return names;
  }

  /** Returns where the server listens. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Returns the external key id of the main key. */
  public String key() {
    return target.keys().main();
  }

  /** Returns the path of something below the vault. */
  public String path(String below) {
    return vaultPath(target.vaultUrl()) + below;
  }

  /** Returns the path of a vault URL, without a slash at the end. */
  public static String vaultPath(URI vaultUrl) {
    String path = vaultUrl.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** Returns the path of an operation with a key. */
  public static String keyPath(String key, String operation) {
    return "/keys/" + key + "/" + operation;
  }

  /** Returns a request below the vault, with a good token. */
  public RawRequest request(String method, String below) {
    RawRequest request =
        RawRequest.of(method, path(below), endpoint.authority())
            .header("Authorization", "Bearer " + target.tokens().token())
            .header("opc-request-id", "conformance-" + ++requests);
    return method.equals("POST") ? request.header("Content-Type", "application/json") : request;
  }

  /** Returns a request of an operation with a key, its fields under the contract's names. */
  public RawRequest operation(Op op, String key, Map<String, ?> fields) {
    return request("POST", keyPath(key, path(op))).body(names.body(op, fields));
  }

  private static String path(Op op) {
    return switch (op) {
      case ENCRYPT -> "encrypt";
      case DECRYPT -> "decrypt";
      case RANDOM -> "generateRandomBytes";
      default -> "metadata";
    };
  }

  /** Sends a request on a kept connection, a new one if the server has closed it. */
  public RawAnswer send(RawRequest request) throws IOException {
    return send(request.bytes());
  }

  /** Sends bytes on a kept connection, a new one if the server has closed it. */
  public RawAnswer send(byte[] request) throws IOException {
    boolean fresh = kept.isEmpty();
    RawConnection connection = fresh ? connect() : kept.get();
    kept = Optional.empty();
    boolean usable = false;
    try {
      connection.write(request);
      RawAnswer answer = connection.read();
      record(Exchange.of(request, answer));
      usable = !answer.closes();
      kept = usable ? Optional.of(connection) : Optional.empty();
      return answer;
    } catch (IOException e) {
      if (!fresh && !(e instanceof ConnectionEnded ended && ended.silent())) {
        connection.close();
        return send(request);
      }
      record(Exchange.withoutAnswer(request, Optional.ofNullable(e.getMessage())));
      throw e;
    } finally {
      if (!usable) {
        connection.close();
      }
    }
  }

  /** Sends bytes on a connection of their own and returns the first answer. */
  public RawAnswer sendAlone(byte[] request) throws IOException {
    try (RawConnection connection = connect()) {
      return exchange(connection, request);
    }
  }

  /** Sends bytes on this connection and returns the next answer. */
  public RawAnswer exchange(RawConnection connection, byte[] request) throws IOException {
    try {
      connection.write(request);
      RawAnswer answer = connection.read();
      record(Exchange.of(request, answer));
      return answer;
    } catch (IOException e) {
      record(Exchange.withoutAnswer(request, Optional.ofNullable(e.getMessage())));
      throw e;
    }
  }

  /** Opens a connection. */
  public RawConnection connect() throws IOException {
    return endpoint.connect(PATIENCE);
  }

  /** Sends a request and returns the answer's body; fails unless the status is 200. */
  public JsonAnswer ok(RawRequest request) throws IOException {
    return JsonAnswer.of(Expect.status(200, send(request)));
  }

  /** Encrypts under the main key. */
  public Sealed encrypt(byte[] plaintext, Optional<byte[]> aad) throws IOException {
    return encrypt(key(), plaintext, aad);
  }

  /** Encrypts under a key. */
  public Sealed encrypt(String key, byte[] plaintext, Optional<byte[]> aad) throws IOException {
    Sealed sealed = Sealed.read(this, Op.ENCRYPT, ok(encryption(key, plaintext, aad)));
    if (!ivs.add(key + " " + Fields.hex(sealed.iv()))) {
      throw new Finding("the same IV was used twice under one key");
    }
    return sealed;
  }

  /** Returns the request of an encryption. */
  public RawRequest encryption(String key, byte[] plaintext, Optional<byte[]> aad) {
    return operation(Op.ENCRYPT, key, Fields.of("plaintext", plaintext).aad(aad).map());
  }

  /** Returns the request of a decryption under the main key, without a version. */
  public RawRequest decryption(Sealed sealed, Optional<byte[]> aad) {
    return decryption(key(), sealed, aad);
  }

  /** Returns the request of a decryption, without a version. */
  public RawRequest decryption(String key, Sealed sealed, Optional<byte[]> aad) {
    return operation(Op.DECRYPT, key, sealed.fields().aad(aad).map());
  }

  /** Runs a hook for the main key. */
  public void hook(Action action) throws IOException {
    target.hooks().run(action, key());
  }

  /** Remembers an exchange for the report. */
  public void record(Exchange exchange) {
    exchanges.addLast(exchange);
    if (exchanges.size() > REMEMBERED) {
      exchanges.removeFirst();
    }
  }

  /** Returns what was said last and forgets it. */
  List<Exchange> takeExchanges() {
    List<Exchange> taken = List.copyOf(exchanges);
    exchanges.clear();
    return taken;
  }

  /** Gives the kept connection up. */
  void reset() throws IOException {
    Optional<RawConnection> old = kept;
    kept = Optional.empty();
    if (old.isPresent()) {
      old.get().close();
    }
  }
}
