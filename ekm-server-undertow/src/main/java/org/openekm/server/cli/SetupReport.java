// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openekm.server.cli.SetupChange.Field;
import org.openekm.server.cli.SetupChange.Mark;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Shows what a set-up file means for the server. */
final class SetupReport {

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final int MOST_SHOWN = 80;

  private final PrintWriter out;
  private final AdminConnection.Output form;
  private final List<SetupChange> changes;
  private boolean shown;

  SetupReport(PrintWriter out, AdminConnection.Output form, List<SetupChange> changes) {
    this.out = out;
    this.form = form;
    this.changes = changes;
  }

  /** Shows the changes before they are made, for a person to agree. */
  void show() {
    if (form == AdminConnection.Output.text) {
      changes.forEach(this::change);
      out.flush();
      shown = true;
    }
  }

  /** Shows the changes, unless that was done, and what came of them. */
  void print(boolean made) {
    if (form == AdminConnection.Output.json) {
      out.println(JSON.writeValueAsString(json(made)));
      out.flush();
      return;
    }
    if (!shown) {
      changes.forEach(this::change);
    }
    long added = count(Mark.ADD);
    long changed = count(Mark.CHANGE);
    String what =
        added + " to add, " + changed + " to change, " + count(Mark.SAME) + " as they are";
    out.println(
        made
            ? "Done: " + added + " added, " + changed + " changed."
            : added + changed == 0 ? "Nothing to do." : "Nothing was changed: " + what + ".");
    out.flush();
  }

  private long count(Mark mark) {
    return changes.stream().filter(change -> change.mark() == mark).count();
  }

  private void change(SetupChange change) {
    out.println(change.mark().sign() + " " + change.kind() + " " + change.name());
    change.fields().forEach(this::field);
  }

  private void field(Field field) {
    String line = "    " + field.mark().sign() + " " + field.name();
    if (field.after().contains("\n") || field.before().contains("\n")) {
      out.println(line + ":");
      if (field.mark() == Mark.CHANGE) {
        field.before().lines().forEach(each -> out.println("        - " + each));
      }
      if (field.mark() != Mark.SAME) {
        field.after().lines().forEach(each -> out.println("        + " + each));
      }
      return;
    }
    out.println(
        switch (field.mark()) {
          case ADD, SAME -> line + ": " + cut(field.after());
          case CHANGE -> line + ": " + field.before() + " -> " + field.after();
          case LEAVE ->
              line
                  + ": "
                  + (field.before().isEmpty() ? "none" : field.before())
                  + ", not "
                  + field.after()
                  + " as in the file; "
                  + field.hint();
        });
  }

  private static String cut(String text) {
    return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
  }

  private Map<String, Object> json(boolean made) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("made", made);
    json.put(
        "changes",
        changes.stream()
            .map(
                change -> {
                  Map<String, Object> each = new LinkedHashMap<>();
                  each.put("action", change.mark());
                  each.put("kind", change.kind());
                  each.put("name", change.name());
                  each.put("fields", change.fields().stream().map(SetupReport::json).toList());
                  return each;
                })
            .toList());
    return json;
  }

  private static Map<String, Object> json(Field field) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("field", field.name());
    json.put("action", field.mark());
    if (field.mark() != Mark.ADD) {
      json.put("before", field.before());
    }
    json.put("after", field.after());
    if (!field.hint().isEmpty()) {
      json.put("hint", field.hint());
    }
    return json;
  }
}
