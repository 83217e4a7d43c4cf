// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.openekm.hsm.kmip.KmipProfile;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.ServerInfo;

/**
 * What a probe found out.
 *
 * @param info what the server says of itself
 * @param profile the one that was asked for or fits
 * @param trial what became of the self-test; absent if there was none
 * @param settings the backend's settings
 */
record ProbeReport(
    ServerInfo info, KmipProfile profile, Optional<Trial> trial, Map<String, String> settings) {

  /**
   * A self-test.
   *
   * @param works whether it was passed
   * @param detail what failed, or with what it was done
   */
  record Trial(boolean works, String detail) {}

  private static final List<String> FILES_IN_TLS =
      List.of(
          "trusted-certificates", "certificate", "private-key", "key-store", "key-store-password");

  void print(PrintWriter out) {
    out.println("Vendor      " + (info.vendor().isEmpty() ? "(does not say)" : info.vendor()));
    out.println(
        "Profile     "
            + profile.name()
            + " ("
            + profile.title()
            + "; "
            + profile.evidence().name().toLowerCase(Locale.ROOT)
            + ")");
    out.println("Versions    " + versions());
    out.println("Spoken      " + info.version());
    out.println(
        "AES-GCM     "
            + (info.version().hasAuthenticatedEncryption() ? "yes" : "no: needs KMIP 1.4"));
    out.println();
    out.println("Operations that a backend uses:");
    for (KmipOperation operation : KmipOperation.values()) {
      out.println("  " + (info.has(operation) ? "yes  " : "no   ") + operation.label());
    }
    out.println();
    out.println("Self-test   " + trialText());
    if (trial.map(Trial::works).orElse(true)) {
      printConfiguration(out);
    }
  }

  private String versions() {
    return info.versions().isEmpty()
        ? "(not asked)"
        : info.versions().stream().map(Object::toString).collect(Collectors.joining(", "));
  }

  private String trialText() {
    return trial
        .map(one -> (one.works() ? "passed, with " : "FAILED: ") + one.detail())
        .orElse("not run; add --make-key, or --key with the Unique Identifier of one");
  }

  private void printConfiguration(PrintWriter out) {
    out.println();
    out.println("For the server's configuration:");
    out.println();
    out.println("backends:");
    out.println("  kms:");
    out.println("    type: kmip");
    out.println("    profile: " + profile.name());
    for (String key : List.of("host", "port", "server-name", "version")) {
      Optional.ofNullable(settings.get(key))
          .ifPresent(value -> out.println("    " + key + ": " + yaml(key, value)));
    }
    if (!info.has(KmipOperation.RNG_RETRIEVE)
        && !"local".equals(profile.settings().get("random"))) {
      out.println("    random: local");
    }
    out.println("    tls:");
    for (String key : FILES_IN_TLS) {
      Optional.ofNullable(settings.get("tls." + key))
          .ifPresent(value -> out.println("      " + key + ": " + yaml(key, value)));
    }
    profile.note().ifPresent(note -> out.println("    # " + note));
  }

  /** A reference to a secret and a number stand as they are; any other text in quotes. */
  private static String yaml(String key, String value) {
    return value.startsWith("${") || key.equals("port")
        ? value
        : "'" + value.replace("'", "''") + "'";
  }

  Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("vendor", info.vendor());
    all.put("profile", profile.name());
    all.put("versions", info.versions().stream().map(Object::toString).toList());
    all.put("spoken", info.version().toString());
    Map<String, Object> operations = new LinkedHashMap<>();
    for (KmipOperation operation : KmipOperation.values()) {
      operations.put(operation.label(), info.has(operation));
    }
    all.put("operations", operations);
    trial.ifPresent(
        one -> all.put("self-test", Map.of("works", one.works(), "detail", one.detail())));
    return all;
  }
}
