// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.hsm.pkcs11.VendorProfile;
import org.openekm.hsm.pkcs11.internal.setup.TokenBackends;
import org.openekm.hsm.pkcs11.internal.token.TokenInspector;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a library and its tokens can do, and how to set a server up for them. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    description = {
      "Lists the tokens of a PKCS#11 library and what they can do. With a token and its PIN it also",
      "tries AES-GCM in every way that is known, with a key that goes when the command ends, and",
      "prints a block for the server's configuration. Fails if no way works."
    },
    footer = {
      "",
      "Examples:",
      "  ekm hsm probe --module /usr/lib/softhsm/libsofthsm2.so",
      "  ekm hsm probe --module /usr/lib/softhsm/libsofthsm2.so --token ekm --pin-file ./pin"
    })
final class ProbeCommand implements Callable<Integer> {

  @Spec private @Nullable CommandSpec spec;
  @Mixin private TokenOptions token = new TokenOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Output output = Output.TEXT;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    LibraryReport library = LibraryReport.of(TokenBackends.load(token.context()), token);
    List<TokenInspector.Trial> trials = List.of();
    if (token.namesToken()) {
      try (TokenInspector inspector = TokenBackends.inspector(token.context())) {
        trials = inspector.tryModes();
      }
    }
    if (output == Output.JSON) {
      out.println(JsonText.of(json(library, trials)));
    } else {
      library.print(out);
      print(out, library.profile(), trials);
    }
    out.flush();
    boolean failed = !trials.isEmpty() && trials.stream().noneMatch(TokenInspector.Trial::works);
    return failed ? 1 : 0;
  }

  private void print(PrintWriter out, VendorProfile profile, List<TokenInspector.Trial> trials) {
    if (trials.isEmpty()) {
      out.println();
      out.println("To try AES-GCM, add --token LABEL --pin-file FILE.");
      return;
    }
    out.println();
    out.println("AES-GCM, self-test by who makes the IV:");
    for (TokenInspector.Trial trial : trials) {
      out.println("  " + (trial.works() ? "works  " : "fails  ") + spelled(trial));
    }
    trials.stream()
        .filter(TokenInspector.Trial::works)
        .findFirst()
        .ifPresent(works -> printConfiguration(out, profile, works));
  }

  private void printConfiguration(
      PrintWriter out, VendorProfile profile, TokenInspector.Trial works) {
    out.println();
    out.println("For the server's configuration:");
    out.println();
    out.println("backends:");
    out.println("  hsm:");
    out.println("    type: pkcs11");
    out.println("    profile: " + profile.name());
    out.println("    iv-mode: " + name(works));
    Map<String, String> rest = new LinkedHashMap<>(token.settings());
    List.of("profile", "binding").forEach(rest::remove);
    boolean inToken = false;
    for (String key :
        List.of("module", "init-args", "pin", "token.label", "token.serial", "token.slot")) {
      String value = rest.get(key);
      if (value != null && key.startsWith("token.")) {
        if (!inToken) {
          out.println("    token:");
          inToken = true;
        }
        out.println("      " + key.substring("token.".length()) + ": " + yaml(value));
      } else if (value != null) {
        out.println("    " + key + ": " + yaml(value));
      }
    }
    profile.note().ifPresent(note -> out.println("    # " + note));
  }

  /** A reference to a secret stands as it is; any other text in quotes, whatever is in it. */
  private static String yaml(String value) {
    return value.startsWith("${") ? value : "'" + value.replace("'", "''") + "'";
  }

  private static String spelled(TokenInspector.Trial trial) {
    return trial.works() ? name(trial) : name(trial) + ": " + trial.detail();
  }

  private static String name(TokenInspector.Trial trial) {
    return trial.mode().settingName();
  }

  private static Map<String, Object> json(
      LibraryReport library, List<TokenInspector.Trial> trials) {
    Map<String, Object> all = new LinkedHashMap<>(library.json());
    all.put(
        "trials",
        trials.stream()
            .map(
                trial ->
                    Map.of(
                        "iv-mode", name(trial), "works", trial.works(), "detail", trial.detail()))
            .toList());
    return all;
  }
}
