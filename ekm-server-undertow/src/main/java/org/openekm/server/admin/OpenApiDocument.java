// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import org.openekm.api.Bytes;

/** The description of the management API that the server offers: the file docs/openapi.yaml. */
final class OpenApiDocument {

  /** Where it is answered. */
  static final String PATH = "/openapi.yaml";

  private static final String MEDIA_TYPE = "application/yaml";

  private OpenApiDocument() {}

  static AdminAnswer answer() {
    return new AdminAnswer(200, MEDIA_TYPE, read(), Map.of());
  }

  private static Bytes read() {
    try (InputStream in = OpenApiDocument.class.getResourceAsStream("openapi.yaml")) {
      if (in == null) {
        throw new IllegalStateException("the server was built without its openapi.yaml");
      }
      return Bytes.adopt(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
