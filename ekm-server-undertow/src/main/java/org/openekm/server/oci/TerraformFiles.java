// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.oci;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.util.IPAddress;

/**
 * Makes the files of a Terraform folder. All are the same for every vault but {@code openekm.tf},
 * which has what the server knows, and the CA bundle.
 */
public final class TerraformFiles {

  /** The file by which a folder is known as ours. */
  public static final String OWN_FILE = "openekm.tf";

  /** How that file begins. */
  public static final String MARK = "# Written by ekm oci terraform";

  private static final List<String> FIXED =
      List.of(
          "versions.tf",
          "variables.tf",
          "identity.tf",
          "vault.tf",
          "policies.tf",
          "bucket.tf",
          "outputs.tf",
          "terraform.tfvars.example",
          "README.md");
  private static final int HTTPS = 443;

  private TerraformFiles() {}

  /** Returns the files: from name to content. */
  public static Map<String, String> of(OciSetup setup) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(OWN_FILE, known(setup));
    files.put("ca-bundle.pem", setup.caBundle());
    for (String name : FIXED) {
      files.put(name, resource(name).replace("@VAULT@", setup.vaultName()));
    }
    files.put(".gitignore", resource("gitignore"));
    return files;
  }

  private static String known(OciSetup setup) {
    OciSetup.Access access = setup.access();
    String host = requireNonNull(setup.vaultUrl().getHost()).replaceAll("[\\[\\]]", "");
    boolean address = IPAddress.isValid(host);
    int port = setup.vaultUrl().getPort() < 0 ? HTTPS : setup.vaultUrl().getPort();
    Map<String, String> values = new LinkedHashMap<>();
    values.put("vault_name", HclText.text(setup.vaultName()));
    values.put("policy_suffix", HclText.text(plainName(setup.vaultName())));
    values.put("external_vault_url", HclText.text(setup.vaultUrl().toString()));
    values.put("vault_ip", HclText.textOrNull(Optional.of(host).filter(it -> address)));
    // With a name in the URL, OCI wants the private endpoint's port left out.
    values.put("vault_port", address ? Integer.toString(port) : "null");
    values.put("audience", HclText.text(audience(setup)));
    values.put("scopes", HclText.texts(access.scopes()));
    values.put("client_app_id", HclText.text(access.clientAppId()));
    values.put("resource_app_id", HclText.textOrNull(access.resourceAppId()));
    values.put("known_domain_url", HclText.textOrNull(access.domainUrl().map(URI::toString)));
    StringBuilder file = new StringBuilder(MARK);
    file.append(
            " from what the key manager knows of its vault. Don't change it: it is written over.\n")
        .append("# The tenancy that the vault was made for: ")
        .append(setup.tenancyOcid().replaceAll("[^A-Za-z0-9._-]", "?"))
        .append("\n\nlocals {\n");
    aligned(file, "  ", values);
    file.append("\n  keys = {\n");
    setup.keys().forEach(key -> key(file, key));
    return file.append("  }\n}\n").toString();
  }

  private static void key(StringBuilder file, OciSetup.Key key) {
    Map<String, String> values = new LinkedHashMap<>();
    values.put("external_key_id", HclText.text(key.externalKeyId()));
    values.put("length", Integer.toString(key.lengthBytes()));
    file.append("    ").append(HclText.text(key.name())).append(" = {\n");
    aligned(file, "      ", values);
    file.append("    }\n");
  }

  private static void aligned(StringBuilder file, String indent, Map<String, String> values) {
    int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
    values.forEach(
        (name, value) ->
            file.append(indent)
                .append(name)
                .append(" ".repeat(width - name.length()))
                .append(" = ")
                .append(value)
                .append('\n'));
  }

  /**
   * The resource application has one primary audience. The scope is asked for as audience and scope
   * in one word, so the audience ends in a slash.
   */
  private static String audience(OciSetup setup) {
    URI url = setup.vaultUrl();
    String origin = url.getScheme() + "://" + url.getRawAuthority();
    List<String> audiences = setup.access().audiences();
    String chosen =
        audiences.contains(origin) || audiences.contains(origin + "/") || audiences.contains("*")
            ? origin
            : audiences.stream().sorted().findFirst().orElse(origin);
    return chosen.endsWith("/") ? chosen : chosen + "/";
  }

  /** Names of policies may hold few characters. */
  private static String plainName(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
  }

  private static String resource(String name) {
    try (InputStream in = TerraformFiles.class.getResourceAsStream("terraform/" + name)) {
      return new String(
          requireNonNull(in, "packed with this class").readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
