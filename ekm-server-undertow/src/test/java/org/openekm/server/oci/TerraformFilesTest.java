// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is what Oracle's provider documents, and holds what the server knows. */
class TerraformFilesTest {

  private static final Pattern REFERENCE =
      Pattern.compile("((?:data\\.)?oci_[a-z_]+)\\.([a-z_]+)(?:\\[[^\\]]*\\]*\\])?\\.([a-z_]+)");
  private static final Pattern NAME = Pattern.compile("\\b(var|local)\\.([a-z_]+)");
  private static final String URL =
      "https://10.0.0.5:8443/ekm/v1/vaults/0d9c5c0e-3a43-4c2f-9a0b-6c8f1f0d2b11";

  @TempDir Path folder;

  @Test
  void everyArgument_isDocumented_andNoRequiredOneIsMissing() throws Exception {
    ProviderFacts facts = ProviderFacts.read();
    Set<String> faults = new TreeSet<>();
    Set<String> types = new TreeSet<>();
    for (HclReader.Block file : parsed(setup()).values()) {
      for (HclReader.Block block : file.blocks()) {
        if (block.type().equals("resource") || block.type().equals("data")) {
          String type = (block.type().equals("data") ? "data." : "") + block.label(0);
          types.add(type);
          faults.addAll(facts.faults(type, block));
        }
      }
    }

    assertThat(types)
        .containsExactly(
            "data.oci_objectstorage_namespace",
            "oci_identity_domains_app",
            "oci_identity_policy",
            "oci_kms_ekms_private_endpoint",
            "oci_kms_key",
            "oci_kms_vault",
            "oci_objectstorage_bucket")
        .allMatch(facts::knows);
    assertThat(faults).isEmpty();
  }

  @Test
  void comparison_noticesWhatIsNotDocumentedAndWhatIsMissing() throws Exception {
    HclReader.Block wrong =
        HclReader.read("resource \"oci_kms_key\" \"k\" {\n  key_shape {\n    algo = 1\n  }\n}\n")
            .blocks()
            .get(0);

    assertThat(ProviderFacts.read().faults("oci_kms_key", wrong))
        .contains(
            "oci_kms_key.key_shape.algo is not documented",
            "oci_kms_key.key_shape.algorithm is missing",
            "oci_kms_key.compartment_id is missing");
  }

  @Test
  void everyReference_leadsToSomethingThatIsThere() throws Exception {
    ProviderFacts facts = ProviderFacts.read();
    Set<String> declared = new HashSet<>();
    Set<String> resources = new HashSet<>();
    Map<String, HclReader.Block> files = parsed(setup());
    for (HclReader.Block file : files.values()) {
      file.all("variable").forEach(each -> declared.add("var." + each.label(0)));
      file.all("locals")
          .forEach(
              each -> each.attributes().keySet().forEach(name -> declared.add("local." + name)));
      file.all("resource").forEach(each -> resources.add(each.label(0) + "." + each.label(1)));
      file.all("data")
          .forEach(each -> resources.add("data." + each.label(0) + "." + each.label(1)));
    }
    List<String> seen = new ArrayList<>();
    for (String text : expressions(files)) {
      Matcher name = NAME.matcher(text);
      while (name.find()) {
        assertThat(declared).contains(name.group());
        seen.add(name.group());
      }
      Matcher reference = REFERENCE.matcher(text);
      while (reference.find()) {
        assertThat(resources).contains(reference.group(1) + "." + reference.group(2));
        assertThat(facts.attributes(reference.group(1))).contains(reference.group(3));
        seen.add(reference.group());
      }
    }
    assertThat(seen).contains("local.client_app_id", "var.subnet_id").hasSizeGreaterThan(30);
    assertThat(seen).containsAll(declared);
  }

  @Test
  void whatTheServerKnows_standsInOneFile() {
    Map<String, String> known = parsed(setup()).get("openekm.tf").all("locals").get(0).attributes();

    assertThat(known)
        .containsEntry("external_vault_url", '"' + URL + '"')
        .containsEntry("vault_ip", "\"10.0.0.5\"")
        .containsEntry("vault_port", "8443")
        .containsEntry("audience", "\"https://10.0.0.5:8443/\"")
        .containsEntry("scopes", "[\"oci_ekms\"]")
        .containsEntry("client_app_id", "\"openekm_payments\"")
        .containsEntry("resource_app_id", "\"openekm_resource\"")
        .containsEntry("known_domain_url", "\"https://idcs-x.identity.oraclecloud.com:443\"");
    assertThat(known.get("keys"))
        .containsPattern("\"bucket-key\" = \\{\\s+external_key_id = \"11111111-\\S+\"\\s+length +=")
        .contains("32");
  }

  @Test
  void nameInTheVaultsUrl_leavesAddressAndPortToTheOperator() {
    OciSetup named =
        with(URI.create("https://kms.example.com/ekm/v1/vaults/x"), List.of("https://other/"));
    Map<String, String> known = parsed(named).get("openekm.tf").all("locals").get(0).attributes();

    assertThat(known)
        .containsEntry("vault_ip", "null")
        .containsEntry("vault_port", "null")
        .containsEntry("audience", "\"https://other/\"");
  }

  @Test
  void addressOfVersion6_losesItsBrackets() {
    OciSetup setup =
        with(URI.create("https://[fd00::5]/ekm/v1/vaults/x"), List.of("https://[fd00::5]"));
    Map<String, String> known = parsed(setup).get("openekm.tf").all("locals").get(0).attributes();

    assertThat(known)
        .containsEntry("vault_ip", "\"fd00::5\"")
        .containsEntry("vault_port", "443")
        .containsEntry("audience", "\"https://[fd00::5]/\"");
  }

  @Test
  void textThatLooksLikeTerraform_staysAText() {
    assertThat(HclText.text("a\"b\\c\n${file(\"/etc/passwd\")} %{ if true }\u0007"))
        .isEqualTo("\"a\\\"b\\\\c\\n$${file(\\\"/etc/passwd\\\")} %%{ if true }\\u0007\"");
    HclReader.Block read = HclReader.read("a = " + HclText.text("} \n ${x}\"") + "\nb = 1\n");
    assertThat(read.attributes()).containsEntry("b", "1").hasSize(2);
  }

  @Test
  void secrets_areNeverInAnyFile_andTheStateIsKeptOutOfRepositories() {
    Map<String, String> files = TerraformFiles.of(setup());

    assertThat(files.get(".gitignore")).contains("*.tfstate", "terraform.tfvars");
    assertThat(parsed(setup()).get("variables.tf").all("variable"))
        .filteredOn(variable -> variable.label(0).contains("secret"))
        .allSatisfy(
            variable -> assertThat(variable.attributes()).containsEntry("sensitive", "true"))
        .isNotEmpty();
    assertThat(parsed(setup()).get("outputs.tf").all("output"))
        .filteredOn(output -> output.label(0).contains("secret"))
        .allSatisfy(output -> assertThat(output.attributes()).containsEntry("sensitive", "true"))
        .isNotEmpty();
  }

  @Test
  void whatHoldsData_isNotDestroyedByAPlan() {
    assertThat(parsed(setup()).get("vault.tf").all("resource"))
        .hasSize(3)
        .allSatisfy(
            resource ->
                assertThat(resource.all("lifecycle").get(0).attributes())
                    .containsEntry("prevent_destroy", "true"));
  }

  @Test
  void terraformItself_findsNothingToFormat() throws Exception {
    assumeTrue(present("terraform"), "terraform is not installed");
    write(setup());
    Process process =
        new ProcessBuilder("terraform", "fmt", "-check", "-no-color", "-diff")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out.txt").toFile())
            .start();

    assertThat(process.waitFor()).as(Files.readString(folder.resolve("out.txt"))).isZero();
  }

  private void write(OciSetup setup) throws IOException {
    for (Map.Entry<String, String> file : TerraformFiles.of(setup).entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private static boolean present(String program) {
    for (String each : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(each, program))) {
        return true;
      }
    }
    return false;
  }

  private static List<String> expressions(Map<String, HclReader.Block> files) {
    List<String> all = new ArrayList<>();
    files.values().forEach(file -> collect(file, all));
    return all;
  }

  private static void collect(HclReader.Block block, List<String> all) {
    all.addAll(block.attributes().values());
    block.blocks().forEach(nested -> collect(nested, all));
  }

  private static Map<String, HclReader.Block> parsed(OciSetup setup) {
    Map<String, HclReader.Block> files = new java.util.TreeMap<>();
    TerraformFiles.of(setup)
        .forEach(
            (name, content) -> {
              if (name.endsWith(".tf")) {
                files.put(name, HclReader.read(content));
              }
            });
    return files;
  }

  private static OciSetup setup() {
    return with(URI.create(URL), List.of("https://10.0.0.5:8443"));
  }

  private static OciSetup with(URI url, List<String> audiences) {
    return new OciSetup(
        "payments",
        url,
        "ocid1.tenancy.oc1..aaaaexample",
        new OciSetup.Access(
            audiences,
            List.of("oci_ekms"),
            "openekm_payments",
            Optional.of("openekm_resource"),
            Optional.of(URI.create("https://idcs-x.identity.oraclecloud.com:443"))),
        List.of(
            new OciSetup.Key("bucket-key", "11111111-2222-3333-4444-555555555555", 32),
            new OciSetup.Key("volume.key", "11111111-2222-3333-4444-666666666666", 32)),
        "-----BEGIN CERTIFICATE-----\n");
  }
}
