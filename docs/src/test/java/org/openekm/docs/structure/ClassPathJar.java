// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.structure;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** The libraries on the class path of this test, and what each asks for according to its POM. */
final class ClassPathJar {
  private static final String OWN_GROUP = "org.openekm:";
  private static final Set<String> NEEDED_SCOPES = Set.of("", "compile", "runtime");

  private final Path jar;

  private ClassPathJar(Path jar) {
    this.jar = jar;
  }

  Path path() {
    return jar;
  }

  long size() {
    try {
      return Files.size(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns the libraries that a POM needs at run time, and what those need, by "group:artifact";
   * none of our own modules.
   */
  static Map<String, ClassPathJar> neededBy(Path pom) {
    Map<String, ClassPathJar> found = new TreeMap<>();
    collect(pom, found);
    return found;
  }

  private static void collect(Path pom, Map<String, ClassPathJar> found) {
    for (String dependency : dependencies(pom)) {
      if (!found.containsKey(dependency) && !dependency.startsWith(OWN_GROUP)) {
        ClassPathJar library = find(dependency);
        found.put(dependency, library);
        collect(library.pom(), found);
      }
    }
  }

  /** In a Maven repository a library's POM lies beside its jar. */
  private Path pom() {
    return Path.of(jar.toString().replaceAll("\\.jar$", ".pom"));
  }

  private static ClassPathJar find(String dependency) {
    String[] parts = dependency.split(":", -1);
    String folder = parts[0].replace('.', File.separatorChar) + File.separator + parts[1];
    return entries()
        .filter(entry -> entry.getParent() != null && entry.toString().endsWith(".jar"))
        .filter(entry -> entry.getParent().getParent().toString().endsWith(folder))
        .findFirst()
        .map(ClassPathJar::new)
        .orElseThrow(() -> new AssertionError(dependency + " is not on the class path"));
  }

  private static Stream<Path> entries() {
    String path =
        Optional.ofNullable(System.getProperty("surefire.test.class.path"))
            .orElseGet(() -> System.getProperty("java.class.path"));
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(entry -> !entry.isEmpty())
        .map(Path::of);
  }

  private static List<String> dependencies(Path pom) {
    List<String> needed = new ArrayList<>();
    for (Element list : children(parse(pom).getDocumentElement(), "dependencies")) {
      for (Element dependency : children(list, "dependency")) {
        boolean optional = text(dependency, "optional").equals("true");
        if (!optional && NEEDED_SCOPES.contains(text(dependency, "scope"))) {
          needed.add(text(dependency, "groupId") + ":" + text(dependency, "artifactId"));
        }
      }
    }
    return needed;
  }

  private static Document parse(Path pom) {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      return factory.newDocumentBuilder().parse(pom.toFile());
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new AssertionError("can't read " + pom, e);
    }
  }

  private static List<Element> children(Element parent, String name) {
    List<Element> found = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element && element.getTagName().equals(name)) {
        found.add(element);
      }
    }
    return found;
  }

  private static String text(Element parent, String name) {
    return children(parent, name).stream()
        .findFirst()
        .map(element -> element.getTextContent().trim())
        .orElse("");
  }
}
