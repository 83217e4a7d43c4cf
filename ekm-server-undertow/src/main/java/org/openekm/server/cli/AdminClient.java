// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import org.openekm.spi.ConfigurationProblem;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Calls the admin API of a running server. */
final class AdminClient {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int CONNECT_MILLIS = 3_000;
  private static final int READ_MILLIS = 30_000;
  private static final int MOST_ANSWER = 64 << 20;

  private final URI base;
  private final @Nullable Path credentialFile;
  private final @Nullable SSLSocketFactory tls;

  private AdminClient(URI base, @Nullable Path credentialFile, @Nullable SSLSocketFactory tls) {
    this.base = base;
    this.credentialFile = credentialFile;
    this.tls = tls;
  }

  /**
   * Makes a client for a server.
   *
   * @throws CommandFailedException if the credential would travel unprotected
   */
  static AdminClient of(URI base, Path credentialFile) {
    return of(base, credentialFile, null);
  }

  /**
   * Makes a client that trusts and shows something else than this Java does by itself. The server's
   * name is checked in any case.
   *
   * @param credentialFile null to send no credential
   * @throws CommandFailedException if the credential would travel unprotected
   */
  static AdminClient of(URI base, @Nullable Path credentialFile, @Nullable SSLSocketFactory tls) {
    String host = String.valueOf(base.getHost());
    if (!"https".equalsIgnoreCase(base.getScheme()) && !HostNames.isLoopback(host)) {
      throw new CommandFailedException(
          base
              + " would carry the admin credential unprotected over the network;"
              + " use https, or run this on the server's own machine",
          null);
    }
    return new AdminClient(base, credentialFile, tls);
  }

  /** Makes a client for the server that the configuration describes. */
  static AdminClient of(Path config) {
    AdminAddress address = AdminAddress.read(config);
    return of(address.url(), address.credentialFile());
  }

  /**
   * Makes a call.
   *
   * @param path from {@code /admin/v1} on
   * @param body written as JSON; null for none
   * @throws CommandFailedException if the server can't be reached or refuses
   */
  JsonNode call(String method, String path, @Nullable Object body) {
    return exchange(method, path, body, Optional.empty()).body();
  }

  /**
   * What came back.
   *
   * @param tag the ETag, with its quotation marks
   */
  record Answer(JsonNode body, Optional<String> tag) {}

  /**
   * Makes a call that is refused if what it changes has another tag by then.
   *
   * @param ifMatch the tag; absent to do it in any case
   */
  @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // goes through as it came
  Answer exchange(String method, String path, @Nullable Object body, Optional<String> ifMatch) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) base.resolve("/admin/v1" + path).toURL().openConnection();
      connection.setRequestMethod(method);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(READ_MILLIS);
      connection.setInstanceFollowRedirects(false);
      if (tls != null && connection instanceof HttpsURLConnection https) {
        https.setSSLSocketFactory(tls);
      }
      Path file = credentialFile;
      if (file != null) {
        connection.setRequestProperty("Authorization", "Bearer " + credential(file));
      }
      ifMatch.ifPresent(tag -> connection.setRequestProperty("If-Match", tag));
      if (body != null) {
        send(connection, JSON.writeValueAsBytes(body));
      }
      JsonNode answer = answer(connection);
      return new Answer(answer, Optional.ofNullable(connection.getHeaderField("ETag")));
    } catch (IOException e) {
      throw new CommandFailedException(
          "The server's admin listener "
              + base
              + " can't be reached: "
              + e.getMessage()
              + ". Is the server running? Start it with: ekm serve --config FILE",
          e);
    }
  }

  private static void send(HttpURLConnection connection, byte[] body) throws IOException {
    connection.setDoOutput(true);
    connection.setFixedLengthStreamingMode(body.length);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    } finally {
      Arrays.fill(body, (byte) 0);
    }
  }

  private static JsonNode answer(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    boolean good = status == HttpURLConnection.HTTP_OK || status == HttpURLConnection.HTTP_CREATED;
    try (InputStream in = good ? connection.getInputStream() : connection.getErrorStream()) {
      byte[] bytes = in == null ? new byte[0] : in.readNBytes(MOST_ANSWER);
      if (status == HttpURLConnection.HTTP_UNAUTHORIZED && bytes.length == 0) {
        // Java keeps the body of this answer to itself.
        throw new CommandFailedException(
            "The server refused the credential or certificate with status 401; nothing was done. Was it rotated or removed?",
            null);
      }
      JsonNode answer = parsed(bytes, status);
      if (!answer.isObject()) {
        // A block that went to something else must never look as if it had been done.
        throw stranger(status, null);
      }
      if (!good) {
        throw refusal(status, answer);
      }
      return answer;
    }
  }

  private static JsonNode parsed(byte[] bytes, int status) {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      throw stranger(status, e);
    }
  }

  private static CommandFailedException stranger(int status, @Nullable Throwable cause) {
    return new CommandFailedException(
        "The server answered with status "
            + status
            + " and not as OpenEKM does; nothing was done. Is this its admin listener?",
        cause);
  }

  private static CommandFailedException refusal(int status, JsonNode problem) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    for (JsonNode each : problem.path("errors")) {
      problems.add(
          new ConfigurationProblem(
              each.path("field").asString(""),
              each.path("problem").asString(""),
              each.path("hint").asString("")));
    }
    StringBuilder text = new StringBuilder(problem.path("detail").asString("status " + status));
    problems.forEach(each -> text.append(System.lineSeparator()).append("  ").append(each));
    return new CommandFailedException(text.toString(), problems, null);
  }

  private static String credential(Path file) throws IOException {
    try {
      return Files.readString(file, StandardCharsets.US_ASCII).strip();
    } catch (IOException e) {
      throw new CommandFailedException(
          "The admin credential " + file + " can't be read; run this as the server's user", e);
    }
  }
}
