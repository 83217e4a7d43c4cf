// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openekm.testkit.drill.DrillResult;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What a drill has shown, as text and as JSON, with a signature if wanted. */
final class DrillReport {

  static final String TEXT = "drill.txt";
  static final String JSON = "drill.json";

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final @Nullable Path folder;
  private final @Nullable PrivateKey key;

  /**
   * Makes a report that goes to a folder, if there is one.
   *
   * @throws IOException if the key can't be read
   */
  DrillReport(@Nullable Path folder, @Nullable Path signingKey) throws IOException {
    this.folder = folder;
    this.key = signingKey == null ? null : read(signingKey);
  }

  /** Writes the files and returns their contents by name. */
  Map<String, String> write(DrillResult result) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    files.put(TEXT, text(result));
    files.put(JSON, json(result));
    if (key != null) {
      files.put(JSON + ".sig", signature(key, files.get(JSON)));
    }
    if (folder != null) {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> file : files.entrySet()) {
        Files.writeString(folder.resolve(file.getKey()), file.getValue());
      }
    }
    return files;
  }

  private static String text(DrillResult result) {
    StringBuilder text = new StringBuilder("\n");
    result.figures().forEach((name, value) -> line(text, words(name), value));
    result.failures().forEach(failure -> text.append("FAILED  ").append(failure).append('\n'));
    return text.append('\n').toString();
  }

  private static void line(StringBuilder text, String name, Object value) {
    if (value instanceof Map<?, ?> several && several.containsKey("p99")) {
      text.append(
          "%-44s p50 %s ms, p99 %s ms, longest %s ms, of %s%n"
              .formatted(
                  name,
                  several.get("p50"),
                  several.get("p99"),
                  several.get("max"),
                  several.get("count")));
    } else if (value instanceof Double millis) {
      text.append("%-44s %.1f ms%n".formatted(name, millis));
    } else {
      text.append("%-44s %s%n".formatted(name, value));
    }
  }

  /** From {@code callsServed} to {@code calls served}. */
  private static String words(String name) {
    return name.replaceAll("([A-Z])", " $1").toLowerCase(java.util.Locale.ROOT);
  }

  private static String json(DrillResult result) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("result", result.passed() ? "PASS" : "FAIL");
    json.put("at", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    json.put("failures", result.failures());
    json.putAll(result.figures());
    return MAPPER.writeValueAsString(json) + "\n";
  }

  private static PrivateKey read(Path file) throws IOException {
    String pem = Files.readString(file);
    String body = pem.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
    try {
      return KeyFactory.getInstance("Ed25519")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException(
          file
              + " is not an Ed25519 key in PKCS#8 PEM; make one with 'openssl genpkey -algorithm ed25519'",
          e);
    }
  }

  private static String signature(PrivateKey key, String text) throws IOException {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getEncoder().encodeToString(signature.sign()) + "\n";
    } catch (GeneralSecurityException e) {
      throw new IOException("the report could not be signed: " + e.getMessage(), e);
    }
  }
}
