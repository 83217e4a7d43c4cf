// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openekm.server.config.ConfigLoader;
import org.openekm.server.config.LoadedConfig;
import org.openekm.server.http.TlsChain;
import org.openekm.server.oci.CaBundle;
import org.openekm.server.oci.OciSetup;
import org.openekm.server.oci.TerraformFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The Oracle Cloud half of the set-up. */
@Command(
    name = "oci",
    mixinStandardHelpOptions = true,
    description = "The Oracle Cloud half of the set-up.",
    footer = {"", "Example:", "  ekm oci terraform --vault payments --out ./payments-oci"})
final class OciCommands {

  @Spec @Nullable CommandSpec spec;

  @Command(
      name = "terraform",
      mixinStandardHelpOptions = true,
      description = {
        "Writes what belongs to a vault in Oracle Cloud as Terraform: the applications of the identity domain, private endpoint,",
        "external vault, key references, policies. Asks the running server; writes no secrets. A folder that it has written",
        "before is brought up to date, any other is left alone."
      },
      footer = {"", "Example:", "  ekm oci terraform --vault payments --out ./payments-oci"})
  int terraform(
      @Mixin AdminConnection server,
      @Option(
              names = "--vault",
              required = true,
              paramLabel = "NAME|ID",
              description = "The vault.")
          String vault,
      @Option(
              names = "--out",
              paramLabel = "DIR",
              defaultValue = "oci-terraform",
              description = "The folder to write. Default: oci-terraform.")
          Path out,
      @Option(
              names = "--ca-bundle",
              paramLabel = "FILE",
              description =
                  "The certificates by which OCI knows the server, or the API gateway before it. Default: the authorities in the server's own chain.")
          @Nullable Path caBundle)
      throws IOException {
    String bundle = caBundle == null ? ownAuthorities(server) : CaBundle.ofFile(caBundle);
    OciSetup setup = setup(server, vault, bundle);
    Set<String> written = TerraformFolder.write(out, TerraformFiles.of(setup));
    report(server.output, out, setup, written);
    return 0;
  }

  private static OciSetup setup(AdminConnection server, String name, String bundle) {
    String path = "/vaults/" + Bodies.segment(name);
    JsonNode vault = server.call("GET", path, null);
    JsonNode issuer = server.call("GET", "/issuers/" + vault.path("issuerId").asString(""), null);
    JsonNode tenancy =
        server.call("GET", "/tenancies/" + vault.path("tenancyId").asString(""), null);
    List<OciSetup.Key> keys = new ArrayList<>();
    for (JsonNode key : server.call("GET", path + "/keys", null).path("items")) {
      if (!key.path("state").asString("").equals("DESTROYED")) {
        keys.add(
            new OciSetup.Key(
                key.path("name").asString(""),
                key.path("externalKeyId").asString(""),
                key.path("lengthBytes").asInt()));
      }
    }
    return new OciSetup(
        vault.path("name").asString(""),
        URI.create(vault.path("externalVaultUrl").asString("")),
        tenancy.path("ocid").asString(""),
        access(vault, issuer),
        keys,
        bundle);
  }

  private static OciSetup.Access access(JsonNode vault, JsonNode issuer) {
    Optional<URI> domain =
        texts(issuer.path("discoveryUrls")).stream()
            .findFirst()
            .map(URI::create)
            .map(url -> URI.create(url.getScheme() + "://" + url.getRawAuthority()));
    return new OciSetup.Access(
        texts(vault.path("audiences")),
        texts(vault.path("scopes")),
        vault.path("clientId").asString(""),
        Optional.of(issuer.path("clientId").asString("")).filter(id -> !id.isEmpty()),
        domain);
  }

  private static String ownAuthorities(AdminConnection server) {
    if (server.url != null) {
      throw new CommandFailedException(
          "With --url the server's certificate is not at hand: give --ca-bundle FILE", null);
    }
    LoadedConfig loaded = new ConfigLoader().load(server.configFile());
    List<X509Certificate> chain =
        loaded
            .config()
            .endpoint()
            .listener()
            .tls()
            .map(tls -> TlsChain.read(tls, loaded.secrets()))
            .orElse(List.of());
    return (chain.isEmpty() ? Optional.<String>empty() : CaBundle.ofChain(chain))
        .orElseThrow(
            () ->
                new CommandFailedException(
                    "The server's chain does not end in a root certificate, so OCI could not check it:"
                        + " give the CA bundle by --ca-bundle FILE",
                    null));
  }

  private void report(
      AdminConnection.Output output, Path folder, OciSetup setup, Set<String> written) {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    if (output == AdminConnection.Output.json) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("folder", folder.toString());
      json.put("vault", setup.vaultName());
      json.put("keys", setup.keys().size());
      json.put("files", written);
      out.println(JsonMapper.shared().writeValueAsString(json));
    } else {
      out.println("Written to " + folder + ": " + String.join(", ", written));
      out.println(
          "Vault " + setup.vaultName() + " with " + setup.keys().size() + " key reference(s).");
      out.println("Next: " + folder.resolve("README.md") + " tells what to run.");
    }
    out.flush();
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(each -> texts.add(each.asString("")));
    return texts;
  }
}
