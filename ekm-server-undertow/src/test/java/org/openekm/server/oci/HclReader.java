// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.oci;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads as much of Terraform's language as tests need: blocks with labels, and attributes with the
 * text of their expressions. Anything else is an error.
 */
final class HclReader {

  private final String text;
  private int at;

  private HclReader(String text) {
    this.text = text;
  }

  /** A block, such as {@code resource "a" "b" { … }}. */
  record Block(
      String type, List<String> labels, Map<String, String> attributes, List<Block> blocks) {

    List<Block> all(String wanted) {
      return blocks.stream().filter(block -> block.type().equals(wanted)).toList();
    }

    String label(int index) {
      return labels.get(index);
    }
  }

  /** Reads a whole file; its blocks and attributes are those of a block without a type. */
  static Block read(String text) {
    HclReader reader = new HclReader(text);
    Block file = reader.body("", List.of());
    if (reader.at < text.length()) {
      throw reader.error("a brace too many");
    }
    return file;
  }

  private Block body(String type, List<String> labels) {
    Map<String, String> attributes = new LinkedHashMap<>();
    List<Block> blocks = new ArrayList<>();
    skipBlanks();
    while (at < text.length() && text.charAt(at) != '}') {
      String name = word();
      skipSpaces();
      if (text.charAt(at) == '=') {
        at++;
        if (attributes.put(name, expression()) != null) {
          throw error(name + " twice");
        }
      } else {
        blocks.add(block(name));
      }
      skipBlanks();
    }
    return new Block(type, labels, attributes, blocks);
  }

  private Block block(String type) {
    List<String> labels = new ArrayList<>();
    while (text.charAt(at) == '"') {
      int start = at;
      skipString();
      labels.add(text.substring(start + 1, at - 1));
      skipSpaces();
    }
    expect('{');
    Block block = body(type, labels);
    expect('}');
    return block;
  }

  /** Up to the end of the line on which all brackets are closed. */
  private String expression() {
    int start = at;
    int depth = 0;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        skipString();
        continue;
      }
      if (c == '#') {
        skipComment();
        continue;
      }
      if (c == '\n' && depth == 0) {
        break;
      }
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (depth < 0) {
        throw error("a bracket too many");
      }
      at++;
    }
    String expression = text.substring(start, at).trim();
    if (expression.isEmpty() || depth != 0) {
      throw error("no whole expression");
    }
    return expression;
  }

  private void skipString() {
    expect('"');
    while (text.charAt(at) != '"') {
      if (text.charAt(at) == '\n') {
        throw error("a text over the end of its line");
      }
      if (text.startsWith("$${", at) || text.startsWith("%%{", at)) {
        at += 3;
      } else if (text.startsWith("${", at)) {
        skipTemplate();
      } else {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
    }
    at++;
  }

  private void skipTemplate() {
    at += 2;
    while (text.charAt(at) != '}') {
      if (text.charAt(at) == '"') {
        skipString();
      } else {
        at++;
      }
    }
    at++;
  }

  private String word() {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
      at++;
    }
    if (start == at) {
      throw error("no name");
    }
    return text.substring(start, at);
  }

  private void skipBlanks() {
    while (at < text.length()) {
      if (text.charAt(at) == '#') {
        skipComment();
      } else if (Character.isWhitespace(text.charAt(at))) {
        at++;
      } else {
        return;
      }
    }
  }

  private void skipSpaces() {
    while (text.charAt(at) == ' ') {
      at++;
    }
  }

  private void skipComment() {
    while (at < text.length() && text.charAt(at) != '\n') {
      at++;
    }
  }

  private void expect(char c) {
    if (at >= text.length() || text.charAt(at) != c) {
      throw error("no " + c);
    }
    at++;
  }

  private AssertionError error(String what) {
    long line = text.substring(0, Math.min(at, text.length())).lines().count();
    return new AssertionError("line " + line + ": " + what);
  }
}
