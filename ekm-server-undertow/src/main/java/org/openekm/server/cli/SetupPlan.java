// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openekm.server.cli.SetupChange.Call;
import org.openekm.server.cli.SetupChange.Field;
import org.openekm.server.cli.SetupChange.Mark;
import org.openekm.server.config.LoadedSetup;
import org.openekm.server.config.Setup;
import org.openekm.spi.ConfigurationProblem;
import tools.jackson.databind.JsonNode;

/**
 * Finds out what is to be done so that the server has what a set-up file says. Adds what is missing
 * and changes policies; takes access away where the file says so, and never gives any back, removes
 * or destroys anything. Differences that can't be brought about go to the file's problems.
 */
final class SetupPlan {

  private final LoadedSetup file;
  private final ServerState state;
  private final AdminClient client;
  private final List<SetupChange> changes = new ArrayList<>();

  private SetupPlan(LoadedSetup file, ServerState state, AdminClient client) {
    this.file = file;
    this.state = state;
    this.client = client;
  }

  /** Returns all changes in the order in which they can be made. */
  static List<SetupChange> of(LoadedSetup file, ServerState state, AdminClient client) {
    SetupPlan plan = new SetupPlan(file, state, client);
    Setup setup = file.setup();
    setup.issuers().forEach(plan::issuer);
    setup.tenancies().forEach(plan::tenancy);
    setup.vaults().forEach(plan::vault);
    if (!setup.administrators().isEmpty()) {
      Map<String, JsonNode> present = state.administrators();
      setup.administrators().forEach(each -> plan.administrator(each, present));
    }
    return plan.changes;
  }

  private void issuer(Setup.Issuer issuer) {
    Map<String, String> wanted = SetupFields.of(issuer);
    JsonNode present = state.issuers().get(issuer.name());
    String path = "issuers." + issuer.name();
    if (present == null) {
      add("issuer", issuer.name(), path, wanted, List.of(SetupFields.adding(issuer)));
      return;
    }
    keep("issuer", issuer.name(), path, diff(path, wanted, ServerState.issuerFields(present)));
  }

  private void tenancy(Setup.Tenancy tenancy) {
    Map<String, String> wanted = Map.of("ocid", tenancy.ocid());
    JsonNode present = state.tenancies().get(tenancy.name());
    String path = "tenancies." + tenancy.name();
    if (present == null) {
      Call call =
          new Call("POST", "/tenancies", Map.of("name", tenancy.name(), "ocid", tenancy.ocid()));
      add("tenancy", tenancy.name(), path, wanted, List.of(call));
      return;
    }
    keep("tenancy", tenancy.name(), path, diff(path, wanted, ServerState.tenancyFields(present)));
  }

  private void vault(Setup.Vault vault) {
    Map<String, String> wanted = SetupFields.of(vault);
    String path = "vaults." + vault.name();
    String resource = "/vaults/" + Bodies.segment(vault.name());
    if (!state.vaults().containsKey(vault.name())) {
      List<Call> calls = new ArrayList<>(List.of(SetupFields.adding(vault)));
      if (wanted.containsKey("dead-man")) {
        calls.add(deadMan(resource, wanted.getOrDefault("dead-man", "")));
      }
      if (vault.blocked()) {
        calls.add(action(resource, "block"));
      }
      add("vault", vault.name(), path, wanted, calls);
    } else {
      AdminClient.Answer present = client.exchange("GET", resource, null, Optional.empty());
      List<Field> fields = diff(path, wanted, state.vaultFields(present.body()));
      Map<String, String> labels = vault.options().labels().orElse(Map.of());
      change("vault", vault.name(), path, fields, new Target(resource, present.tag(), labels));
    }
    vault.keys().forEach(key -> key(vault.name(), key));
  }

  /** A file may be older than the reason why somebody lost a right, so it gives none. */
  private void administrator(Setup.Administrator wanted, Map<String, JsonNode> all) {
    JsonNode present = all.get(wanted.name());
    List<String> before = present == null ? List.of() : state.grants(present);
    List<String> hints = new ArrayList<>();
    if (present == null) {
      hints.add("ekm admin add " + wanted.name() + words(" --grant ", wanted.grants(), before));
    } else {
      hinted(hints, "ekm admin grant ", wanted.name(), words(" ", wanted.grants(), before));
      hinted(hints, "ekm admin revoke ", wanted.name(), words(" ", before, wanted.grants()));
    }
    Mark mark = hints.isEmpty() ? Mark.SAME : Mark.LEAVE;
    Field field =
        new Field(
            "grants",
            mark,
            ServerState.sorted(before),
            ServerState.sorted(wanted.grants()),
            String.join("; ", hints));
    changes.add(
        new SetupChange(
            "administrator",
            wanted.name(),
            "administrators." + wanted.name(),
            present == null ? Mark.LEAVE : Mark.SAME,
            List.of(field),
            List.of(),
            Optional.empty()));
  }

  private static void hinted(List<String> hints, String command, String name, String words) {
    if (!words.isEmpty()) {
      hints.add(command + name + words);
    }
  }

  /** Returns what is in one list and not in the other, each with this before it. */
  private static String words(String before, List<String> some, List<String> without) {
    return some.stream()
        .filter(each -> !without.contains(each))
        .sorted()
        .distinct()
        .map(before::concat)
        .collect(Collectors.joining());
  }

  private void key(String vault, Setup.Key key) {
    Map<String, String> wanted = SetupFields.of(key);
    String path = "vaults." + vault + ".keys." + key.name();
    String name = vault + "/" + key.name();
    String keys = "/vaults/" + Bodies.segment(vault) + "/keys";
    String resource = keys + "/" + Bodies.segment(key.name());
    if (!state.keys(vault).containsKey(key.name())) {
      List<Call> calls = new ArrayList<>(List.of(SetupFields.adding(keys, key)));
      if (key.state().filter(Setup.State.DISABLED::equals).isPresent()) {
        calls.add(action(resource, "disable"));
      }
      if (key.blocked()) {
        calls.add(action(resource, "block"));
      }
      add("key", name, path, wanted, calls);
      return;
    }
    AdminClient.Answer present = client.exchange("GET", resource, null, Optional.empty());
    Map<String, String> fields = ServerState.keyFields(present.body());
    Target target = new Target(resource, present.tag(), key.labels().orElse(Map.of()));
    change("key", name, path, diff(path, wanted, fields), target);
  }

  /** Where something is, what it was like, and its labels if they are to be others. */
  private record Target(String resource, Optional<String> tag, Map<String, String> labels) {}

  private void add(
      String kind, String name, String path, Map<String, String> wanted, List<Call> calls) {
    List<Field> fields = new ArrayList<>();
    wanted.forEach((field, text) -> fields.add(new Field(field, Mark.ADD, "", text, "")));
    changes.add(new SetupChange(kind, name, path, Mark.ADD, fields, calls, Optional.empty()));
  }

  private void keep(String kind, String name, String path, List<Field> fields) {
    changes.add(new SetupChange(kind, name, path, Mark.SAME, fields, List.of(), Optional.empty()));
  }

  private void change(String kind, String name, String path, List<Field> fields, Target target) {
    List<Call> calls = new ArrayList<>();
    for (Field field : fields) {
      if (field.mark() == Mark.CHANGE) {
        calls.add(call(target, field));
      }
    }
    Mark mark = calls.isEmpty() ? Mark.SAME : Mark.CHANGE;
    changes.add(new SetupChange(kind, name, path, mark, fields, calls, target.tag()));
  }

  private static Call call(Target target, Field field) {
    String resource = target.resource();
    return switch (field.name()) {
      case "policy" -> new Call("PUT", resource + "/policy", Map.of("policy", field.after()));
      case "labels" -> new Call("PUT", resource + "/labels", Map.of("labels", target.labels()));
      case "rotation-period" ->
          new Call("PUT", resource + "/rotation", Map.of("rotationPeriod", field.after()));
      case "audit-success" ->
          new Call(
              "PUT",
              resource + "/audit-success",
              Map.of("auditSuccess", field.after().equals("true")));
      case "backend-locked" -> action(resource, "lock-backend");
      case "dead-man" -> deadMan(resource, field.after());
      case "state" -> action(resource, "disable");
      case "blocked" -> action(resource, "block");
      default -> throw new IllegalStateException("nothing changes " + field.name());
    };
  }

  private static Call deadMan(String resource, String period) {
    return new Call("PUT", resource + "/dead-man", Map.of("period", period));
  }

  private List<Field> diff(String path, Map<String, String> wanted, Map<String, String> present) {
    Map<String, Field> fields = new LinkedHashMap<>();
    wanted.forEach((name, after) -> fields.put(name, field(path, name, present.get(name), after)));
    return List.copyOf(fields.values());
  }

  private Field field(String path, String name, @Nullable String present, String after) {
    String before = present == null ? "" : present;
    if (before.strip().equals(after.strip())) {
      return new Field(name, Mark.SAME, before, after, "");
    }
    return switch (name) {
      case "policy", "blocked", "labels", "rotation-period", "audit-success", "backend-locked" ->
          new Field(name, Mark.CHANGE, before, after, "");
      case "state" -> state(before, after);
      case "dead-man" -> deadManField(before, after);
      default -> {
        file.problem(
            new ConfigurationProblem(
                path + "." + name,
                "is " + before + " on the server and can't be changed",
                "correct the file, or remove what is on the server first if you mean it"));
        yield new Field(name, Mark.LEAVE, before, after, "");
      }
    };
  }

  /** A file may be older than the reason for a shorter period. */
  private static Field deadManField(String before, String after) {
    return before.isEmpty()
        ? new Field("dead-man", Mark.CHANGE, before, after, "")
        : new Field("dead-man", Mark.LEAVE, before, after, "ekm vault set-dead-man changes it");
  }

  private static Field state(String before, String after) {
    if (before.equals("ACTIVE") && after.equals("DISABLED")) {
      return new Field("state", Mark.CHANGE, before, after, "");
    }
    String hint =
        switch (before) {
          case "PRE_ACTIVE" -> "ekm key activate puts it into use";
          case "DISABLED" -> "ekm key enable puts it into use again";
          case "PENDING_DELETION" -> "ekm key cancel-deletion keeps it";
          default -> "it does not go back there";
        };
    return new Field("state", Mark.LEAVE, before, after, hint);
  }

  private static Call action(String resource, String action) {
    return new Call("POST", resource + "/" + action, Map.of());
  }
}
