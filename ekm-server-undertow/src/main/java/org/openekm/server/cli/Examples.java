// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** One example for the help of each command below a group, as it could be typed. */
final class Examples {

  private static final Map<String, Map<String, String>> BY_GROUP =
      Map.of(
          "issuer",
          Map.of(
              "add",
              "add my-domain --discovery-url https://idcs-x.identity.oraclecloud.com/.well-known/openid-configuration",
              "list",
              "list --output json",
              "show",
              "show my-domain",
              "remove",
              "remove my-domain"),
          "tenancy",
          Map.of(
              "add", "add acme --ocid ocid1.tenancy.oc1..aaaaexample",
              "list", "list",
              "show", "show acme",
              "remove", "remove acme"),
          "vault",
          Map.ofEntries(
              Map.entry(
                  "add",
                  "add payments --tenancy acme --issuer my-domain --client-id CLIENT_APP_ID"),
              Map.entry("list", "list --label team=payments"),
              Map.entry("show", "show payments"),
              Map.entry("block", "block payments"),
              Map.entry("unblock", "unblock payments"),
              Map.entry("set-policy", "set-policy payments ./policy.json"),
              Map.entry("set-labels", "set-labels payments team=payments stage=prod"),
              Map.entry("audit-success", "audit-success payments off"),
              Map.entry("set-backend", "set-backend payments new-hsm"),
              Map.entry("lock-backend", "lock-backend payments"),
              Map.entry("set-dead-man", "set-dead-man payments 36h"),
              Map.entry("clear-dead-man", "clear-dead-man payments"),
              Map.entry("heartbeat", "heartbeat payments"),
              Map.entry("remove", "remove payments")),
          "key",
          Map.ofEntries(
              Map.entry("create", "create bucket-key --vault payments"),
              Map.entry("import", "import bucket-key --vault payments --from ./raw-key"),
              Map.entry("import-key", "import-key ./import-key.pem"),
              Map.entry("adopt", "adopt bucket-key --vault payments --ref KEY-IN-THE-HSM"),
              Map.entry("list", "list --vault payments"),
              Map.entry("show", "show payments/bucket-key"),
              Map.entry("versions", "versions payments/bucket-key"),
              Map.entry("show-version", "show-version payments/bucket-key 1"),
              Map.entry("disable-version", "disable-version payments/bucket-key 1"),
              Map.entry("enable-version", "enable-version payments/bucket-key 1"),
              Map.entry("set-rotation", "set-rotation payments/bucket-key 90d"),
              Map.entry("clear-rotation", "clear-rotation payments/bucket-key"),
              Map.entry("set-labels", "set-labels payments/bucket-key service=objects"),
              Map.entry("rotate", "rotate payments/bucket-key"),
              Map.entry("block", "block payments/bucket-key"),
              Map.entry("unblock", "unblock payments/bucket-key"),
              Map.entry("activate", "activate payments/bucket-key"),
              Map.entry("enable", "enable payments/bucket-key"),
              Map.entry("disable", "disable payments/bucket-key"),
              Map.entry("schedule-deletion", "schedule-deletion payments/bucket-key --after 7d"),
              Map.entry("cancel-deletion", "cancel-deletion payments/bucket-key"),
              Map.entry("destroy", "destroy payments/bucket-key --yes"),
              Map.entry("set-policy", "set-policy payments/bucket-key ./policy.json"),
              Map.entry("clear-policy", "clear-policy payments/bucket-key")),
          "admin",
          Map.of(
              "add", "add kim --grant view --grant block@payments --out kim.credential",
              "list", "list",
              "show", "show kim",
              "grant", "grant kim rotate@payments",
              "revoke", "revoke kim block@payments",
              "rotate", "rotate kim --overlap 1h --out kim.new-credential",
              "remove", "remove kim"),
          "approve",
          Map.of(
              "keygen", "keygen --out ann.pem",
              "request", "request --action unblock --key payments/bucket-key --out req.json",
              "sign", "sign req.json --key ann.pem --out ann.sig"),
          "store",
          Map.of(
              "export", "export --config ekm.yaml --file metadata.jsonl",
              "import", "import --config new/ekm.yaml --file metadata.jsonl",
              "digest", "digest --config ekm.yaml"),
          "audit",
          Map.of("verify", "verify /var/lib/ekm/audit"));

  private Examples() {}

  /** Puts the examples into the help. */
  static CommandLine into(CommandLine root) {
    root.getSubcommands()
        .forEach(
            (group, commands) ->
                commands
                    .getSubcommands()
                    .forEach((name, command) -> put(group, name, command.getCommandSpec())));
    return root;
  }

  private static void put(String group, String name, CommandSpec command) {
    String example = BY_GROUP.getOrDefault(group, Map.of()).get(name);
    if (example != null) {
      command.usageMessage().footer("", "Example:", "  ekm " + group + " " + example);
    }
  }
}
