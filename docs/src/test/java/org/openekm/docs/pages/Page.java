// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openekm.docs.structure.SourceTree;

/** One page of the documentation, cut into the pieces that tests compare. */
final class Page {
  private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```([^\\n]*)\\n(.*?)^```");
  private static final Pattern SEPARATOR = Pattern.compile("\\|[\\s|:-]+\\|");
  private static final Pattern IN_CODE = Pattern.compile("`([^`]*)`");

  private final String name;
  private final String text;

  /** A table: the names of its columns, and its rows, each as long as there are columns. */
  record Table(List<String> columns, List<List<String>> rows) {

    /** Returns the content of one column, top down. */
    List<String> column(String column) {
      int index = columns.indexOf(column);
      return rows.stream().map(row -> row.get(index)).toList();
    }
  }

  /** A fenced block: what stands behind the fence, and the lines in it. */
  record Block(String info, String text) {}

  private Page(String name, String text) {
    this.name = name;
    this.text = text;
  }

  /** Reads a page; the name is a path from the project's root. */
  static Page read(String name) {
    return new Page(name, SourceTree.text(SourceTree.root().resolve(name)));
  }

  String name() {
    return name;
  }

  String text() {
    return text;
  }

  /** Returns the part from a heading to the next one of the same level. */
  Page section(String heading) {
    String level = heading.substring(0, heading.indexOf(' ') + 1);
    int start = ("\n" + text).indexOf("\n" + heading + "\n");
    if (start < 0) {
      throw new AssertionError(name + " has no heading \"" + heading + "\"");
    }
    int end = text.indexOf("\n" + level, start + heading.length());
    return new Page(name + ", " + heading, text.substring(start, end < 0 ? text.length() : end));
  }

  /** Returns the page without its fenced blocks. */
  String prose() {
    return CODE_BLOCK.matcher(text).replaceAll("");
  }

  List<Block> blocks() {
    return CODE_BLOCK
        .matcher(text)
        .results()
        .map(found -> new Block(found.group(1).trim(), found.group(2)))
        .toList();
  }

  /** Returns the tables outside of fenced blocks. */
  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    List<String> lines = prose().lines().toList();
    int at = 0;
    while (at + 1 < lines.size()) {
      if (lines.get(at).startsWith("|") && SEPARATOR.matcher(lines.get(at + 1)).matches()) {
        int end = at + 2;
        while (end < lines.size() && lines.get(end).startsWith("|")) {
          end++;
        }
        tables.add(
            new Table(
                cells(lines.get(at)),
                lines.subList(at + 2, end).stream().map(Page::cells).toList()));
        at = end;
      } else {
        at++;
      }
    }
    return tables;
  }

  /** Returns the one table that has all these columns. */
  Table table(String... columns) {
    List<Table> found =
        tables().stream()
            .filter(table -> table.columns().containsAll(Arrays.asList(columns)))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(
          name + " has " + found.size() + " tables with columns " + List.of(columns));
    }
    return found.get(0);
  }

  /** Returns what stands between backticks in a piece of text. */
  static List<String> codes(String text) {
    List<String> codes = new ArrayList<>();
    Matcher code = IN_CODE.matcher(text);
    while (code.find()) {
      codes.add(code.group(1));
    }
    return codes;
  }

  /** Returns the text of a cell that holds nothing but one piece of code. */
  static String code(String cell) {
    if (!cell.startsWith("`") || !cell.endsWith("`") || cell.length() < 2) {
      throw new AssertionError("not one piece of code: " + cell);
    }
    return cell.substring(1, cell.length() - 1);
  }

  private static List<String> cells(String line) {
    String inner = line.trim();
    inner = inner.substring(1, inner.length() - 1);
    return Arrays.stream(inner.split("(?<!\\\\)\\|", -1)).map(String::trim).toList();
  }
}
