// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.oasis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/**
 * OASIS's test cases for KMIP profiles. They are not part of the project: the archive is looked for
 * in the directory that the system property {@code ekm.test.kmip} names, or in a folder for vectors
 * beside or above the working directory.
 */
public final class OasisCases {

  /** What to print where the cases are not there. */
  public static final String NOT_FOUND = "OASIS KMIP cases: skipped, the archive was not found";

  private static final String FILE = "kmip-oasis-1.3-2.1.tgz";
  private static final int BLOCK = 512;

  private OasisCases() {}

  /**
   * One case.
   *
   * @param name its file's name
   * @param messages requests and responses by turns
   */
  public record Case(String name, List<Element> messages) {}

  /** Returns the archive. */
  public static Optional<Path> find() {
    String named = System.getProperty("ekm.test.kmip");
    if (named != null) {
      return Optional.of(Path.of(named, FILE)).filter(Files::isRegularFile);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      Path candidate = at.resolve(Path.of("shared", "vectors", "kmip", FILE));
      if (Files.isRegularFile(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Reads all cases of the archive. */
  public static List<Case> read(Path archive) {
    List<Case> cases = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new GZIPInputStream(Files.newInputStream(archive)))) {
      byte[] header = new byte[BLOCK];
      while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
        int size = Integer.parseInt(text(header, 124, 11), 8);
        byte[] content = in.readNBytes(size);
        in.skipNBytes((BLOCK - size % BLOCK) % BLOCK);
        String name = text(header, 0, 100);
        if (name.endsWith(".xml")) {
          cases.add(parse(name, content));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return cases;
  }

  private static String text(byte[] header, int from, int length) {
    String all = new String(header, from, length, US_ASCII);
    int end = all.indexOf('\0');
    return (end < 0 ? all : all.substring(0, end)).trim();
  }

  private static Case parse(String name, byte[] content) {
    try (InputStream in = new ByteArrayInputStream(content)) {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      Element root = factory.newDocumentBuilder().parse(in).getDocumentElement();
      return new Case(name.substring(name.lastIndexOf('/') + 1), children(root));
    } catch (ParserConfigurationException | SAXException | IOException e) {
      throw new IllegalStateException(name, e);
    }
  }

  static List<Element> children(Element parent) {
    List<Element> children = new ArrayList<>();
    for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
      if (node instanceof Element element) {
        children.add(element);
      }
    }
    return children;
  }
}
