// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openekm.core.audit.AuditReport;
import org.openekm.core.audit.AuditVerifier;
import org.openekm.spi.audit.AuditReceipt;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** What can be done with audit files, without any server. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    description = "Checks audit files, without any server.",
    footer = {"", "Example:", "  ekm audit verify /var/lib/ekm/audit"})
final class AuditCommands {

  private static final Pattern CHECKPOINT = Pattern.compile("([0-9]{1,18}):([0-9a-f]{64})");

  @Spec @Nullable CommandSpec spec;

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Checks the hash chain over all files of an audit log and names every line that was changed, removed, moved or added.",
        "Exit code 0: intact. 1: not intact. An unfinished last line, as a killed process leaves it, is told but is no fault:",
        "nobody was answered on the strength of it."
      })
  int verify(
      @Parameters(
              arity = "1..*",
              paramLabel = "FILE|FOLDER",
              description = "All files of one log, in any order.")
          List<Path> paths,
      @Option(
              names = "--checkpoint",
              paramLabel = "SEQ:HASH",
              description =
                  "A head that was printed earlier and kept elsewhere: shows if lines at the end were cut off.")
          @Nullable String checkpoint,
      @Option(
              names = {"-o", "--output"},
              paramLabel = "FORMAT",
              defaultValue = "text")
          AdminConnection.Output output)
      throws IOException {
    AuditReport report = AuditVerifier.verify(paths, receipt(checkpoint));
    if (output == AdminConnection.Output.json) {
      printJson(report);
    } else {
      printText(report);
    }
    return report.verdict() == AuditReport.Verdict.BROKEN ? 1 : 0;
  }

  private AuditReceipt receipt(@Nullable String checkpoint) {
    if (checkpoint == null) {
      return new AuditReceipt(0, "");
    }
    Matcher matcher = CHECKPOINT.matcher(checkpoint);
    if (!matcher.matches()) {
      throw new ParameterException(
          command().commandLine(),
          "--checkpoint must be a number, a colon and 64 hexadecimal digits");
    }
    return new AuditReceipt(Long.parseLong(matcher.group(1)), matcher.group(2));
  }

  private void printText(AuditReport report) {
    PrintWriter out = command().commandLine().getOut();
    report.findings().forEach(out::println);
    out.println(
        report.verdict()
            + ": "
            + report.events()
            + " events in "
            + report.files()
            + " file(s), from number "
            + report.firstSequence());
    if (!report.beginsAtFirstFile()) {
      out.println("The log does not begin with its first file: what came before was not checked.");
    }
    out.println("Head: " + report.head().sequence() + ":" + report.head().chainHash());
    out.println("Keep the head elsewhere and give it to the next check as --checkpoint.");
    out.flush();
  }

  private void printJson(AuditReport report) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("verdict", report.verdict());
    json.put("files", report.files());
    json.put("firstFile", report.firstFile());
    json.put("events", report.events());
    json.put("firstSequence", report.firstSequence());
    json.put("head", report.head().sequence() + ":" + report.head().chainHash());
    json.put("findings", report.findings().stream().map(Object::toString).toList());
    PrintWriter out = command().commandLine().getOut();
    out.println(JsonMapper.builder().build().writeValueAsString(json));
    out.flush();
  }

  private CommandSpec command() {
    return java.util.Objects.requireNonNull(spec, "set by the command line library");
  }
}
