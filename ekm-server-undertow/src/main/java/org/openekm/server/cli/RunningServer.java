// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openekm.server.doctor.Setup;
import org.openekm.spi.CheckResult;
import org.openekm.spi.SecretReference;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.VaultRecord;
import tools.jackson.databind.JsonNode;

/**
 * What a running server says of itself over its admin API.
 *
 * @param parts whether each part can work
 * @param setup its issuers and vaults
 */
record RunningServer(Map<String, CheckResult> parts, Setup setup) {

  private static final String GOOD = "ok: ";
  private static final String BAD = "FAILED: ";

  /**
   * Asks the server of a configuration.
   *
   * @throws CommandFailedException if none answers, or it refuses
   */
  static RunningServer ask(Path config) {
    AdminClient client = AdminClient.of(config);
    JsonNode status = client.call("GET", "/status", null);
    return new RunningServer(
        parts(status),
        new Setup(
            issuers(client.call("GET", "/issuers", null)),
            vaults(client.call("GET", "/vaults", null))));
  }

  private static Map<String, CheckResult> parts(JsonNode status) {
    Map<String, CheckResult> parts = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : status.properties()) {
      String text = entry.getValue().asString("");
      if (text.startsWith(GOOD)) {
        parts.put(entry.getKey(), CheckResult.ok(text.substring(GOOD.length())));
      } else if (text.startsWith(BAD)) {
        parts.put(entry.getKey(), CheckResult.failed(text.substring(BAD.length())));
      }
    }
    return parts;
  }

  private static List<IssuerRecord> issuers(JsonNode answer) {
    List<IssuerRecord> issuers = new ArrayList<>();
    for (JsonNode each : answer.path("items")) {
      issuers.add(
          new IssuerRecord(
              IssuerId.parse(each.path("id").asString("")),
              each.path("name").asString(""),
              texts(each.path("discoveryUrls")).stream().map(URI::create).toList(),
              texts(each.path("jwksUrls")).stream().map(URI::create).toList(),
              Set.copyOf(texts(each.path("acceptedIssuers"))),
              client(each),
              Instant.parse(each.path("createdAt").asString(""))));
    }
    return issuers;
  }

  private static Optional<IssuerRecord.JwksClient> client(JsonNode issuer) {
    if (!issuer.path("clientId").isString()) {
      return Optional.empty();
    }
    return Optional.of(
        new IssuerRecord.JwksClient(
            issuer.path("clientId").asString(),
            SecretReference.parse(issuer.path("clientSecret").asString("")),
            Optional.of(issuer.path("tokenUrl").asString(""))
                .filter(url -> !url.isEmpty())
                .map(URI::create)));
  }

  private static List<Setup.Vault> vaults(JsonNode answer) {
    List<Setup.Vault> vaults = new ArrayList<>();
    for (JsonNode each : answer.path("items")) {
      vaults.add(
          new Setup.Vault(
              each.path("name").asString(""),
              each.path("externalVaultUrl").asString(""),
              new VaultRecord.Access(
                  IssuerId.parse(each.path("issuerId").asString("")),
                  each.path("clientId").asString(""),
                  Set.copyOf(texts(each.path("audiences"))),
                  Set.copyOf(texts(each.path("scopes"))))));
    }
    return vaults;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asString("")));
    return texts;
  }
}
