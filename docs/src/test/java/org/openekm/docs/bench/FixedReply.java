// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.bench;

import io.undertow.Undertow;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.openekm.server.http.TlsConfig;
import org.openekm.server.http.TlsContext;
import org.openekm.spi.SecretUnavailableException;
import org.openekm.spi.event.EkmListener;

/**
 * Bare Undertow that reads a body and gives one and the same reply, over the TLS that the server
 * uses too: the least that any HTTPS server on this library costs. Arguments: port, certificate,
 * private key.
 */
public final class FixedReply {

  /** As long as the answer to an encryption of 32 bytes. */
  private static final String REPLY =
      "{\"ciphertext\":\""
          + "A".repeat(44)
          + "\",\"iv\":\"AAAAAAAAAAAAAAAA\",\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA==\",\"keyId\":\""
          + "0".repeat(36)
          + "\",\"keyVersionId\":\""
          + "0".repeat(36)
          + "\",\"mode\":\"AES_GCM\"}";

  private FixedReply() {}

  /** Runs until the process is killed. */
  public static void main(String[] arguments) {
    TlsConfig config =
        new TlsConfig(
            new TlsConfig.Pem(Path.of(arguments[1]), Path.of(arguments[2]), Optional.empty()),
            Duration.ofDays(1));
    TlsContext tls =
        new TlsContext(
            config,
            List.of(),
            reference -> {
              throw new SecretUnavailableException(reference, "is not needed", null);
            },
            InstantSource.system(),
            new EkmListener() {});
    Undertow.builder()
        .addHttpsListener(Integer.parseInt(arguments[0]), "127.0.0.1", tls.sslContext())
        .setHandler(
            exchange ->
                exchange
                    .getRequestReceiver()
                    .receiveFullBytes(
                        (received, body) -> {
                          received
                              .getResponseHeaders()
                              .put(Headers.CONTENT_TYPE, "application/json");
                          received.getResponseSender().send(REPLY, StandardCharsets.US_ASCII);
                        }))
        .build()
        .start();
  }
}
