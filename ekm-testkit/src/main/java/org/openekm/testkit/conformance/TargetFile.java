// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.conformance.VendorHooks.Action;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.CaBundle;
import org.openekm.testkit.oci.ClientCredentials;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.TokenSource;

/**
 * A file that describes a target, one {@code name = value} a line; {@code #} begins a comment. All
 * mistakes are reported at once, each with its line.
 *
 * <p>With {@code setup}, the kit starts an identity domain of its own, runs the command, which has
 * to make the endpoint trust it, and takes the lines that the command prints as if they stood in
 * the file. {@code docs/conformance.md} lists the names.
 */
public final class TargetFile {

  private static final long SETUP_SECONDS = 120;
  private static final Set<String> NAMES =
      Set.of(
          "vault.url",
          "vault.ca",
          "vault.other",
          "key",
          "key.other",
          "key.disposable",
          "key.known",
          "key.known.material",
          "token.url",
          "token.ca",
          "token.client-id",
          "token.client-secret",
          "token.scope",
          "domain.audience",
          "setup",
          "hook.header");

  private final Path file;
  private final TargetProblems problems = new TargetProblems();
  private final Map<String, String> values = new LinkedHashMap<>();

  private TargetFile(Path file) {
    this.file = file;
  }

  /**
   * A target, and what has to end with it.
   *
   * @param target the target
   * @param domain the kit's own identity domain, if the target needs one
   */
  public record Opened(Target target, Optional<FakeIdentityDomain> domain)
      implements AutoCloseable {

    @Override
    public void close() {
      domain.ifPresent(FakeIdentityDomain::close);
    }
  }

  /**
   * Reads the file and runs its setup.
   *
   * @throws InvalidTargetException if something is wrong with it; the message has all of it
   * @throws IOException if the file or one that it names can't be read, or the setup fails
   */
  public static Opened open(Path file) throws IOException {
    TargetFile reader = new TargetFile(file);
    reader.read(Files.readString(file), file.toString());
    reader.problems.throwIfAny();
    return reader.values.containsKey("setup") ? reader.openOwnDomain() : reader.openForeign();
  }

  /** Returns the names that a target file may have besides hooks for actions. */
  public static Set<String> names() {
    return NAMES;
  }

  private void read(String text, String source) {
    int number = 0;
    for (String line : text.split("\n", -1)) {
      number++;
      String content = line.strip();
      if (!content.isEmpty() && content.charAt(0) != '#') {
        readLine(content, source + ":" + number);
      }
    }
  }

  private void readLine(String line, String place) {
    int equals = line.indexOf('=');
    String name = equals < 0 ? line : line.substring(0, equals).strip();
    if (equals < 0) {
      problems.add(place, "has no \"=\"", "write name = value");
    } else if (!NAMES.contains(name) && !isHook(name)) {
      problems.add(place, "unknown name " + name, "see docs/conformance.md");
    } else if (values.put(name, line.substring(equals + 1).strip()) != null) {
      problems.add(place, name + " is given twice", "remove one");
    }
  }

  private static boolean isHook(String name) {
    return name.startsWith("hook.")
        && Arrays.stream(Action.values()).anyMatch(action -> name.equals(hookName(action)));
  }

  private static String hookName(Action action) {
    return "hook." + action.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private Opened openForeign() throws IOException {
    require("vault.url", "vault.ca", "key", "token.url", "token.client-id", "token.client-secret");
    problems.throwIfAny();
    HttpClient.Builder http = HttpClient.newBuilder();
    if (values.containsKey("token.ca")) {
      http.sslContext(CaBundle.read(path("token.ca")));
    }
    URI vault = uri("vault.url");
    String audience = value("domain.audience").orElse(origin(vault) + "/");
    OAuthApp app =
        new OAuthApp(
            OAuthApp.Kind.CLIENT,
            "client",
            text("token.client-id"),
            secret("token.client-secret"),
            audience,
            Set.of(FakeIdentityDomain.EKMS_SCOPE));
    String scope = value("token.scope").orElse(audience + FakeIdentityDomain.EKMS_SCOPE);
    URI tokenUrl = uri("token.url");
    problems.throwIfAny();
    TokenSource tokens =
        new ClientCredentials(http.build(), tokenUrl, app, scope, InstantSource.system());
    return new Opened(target(tokens, Optional.empty()), Optional.empty());
  }

  private Opened openOwnDomain() throws IOException {
    require("domain.audience");
    problems.throwIfAny();
    TestCertificates authority = TestCertificates.create();
    FakeIdentityDomain domain = FakeIdentityDomain.builder().tls(authority.ecdsaServer()).start();
    boolean opened = false;
    try {
      OAuthApp app =
          domain.addClientApp("client", domain.addResourceApp("ekm", text("domain.audience")));
      Path ca = Files.createTempFile("identity-domain-ca-", ".pem");
      try {
        runSetup(domain, app, authority.writeCaPem(ca));
      } finally {
        Files.delete(ca);
      }
      require("vault.url", "vault.ca", "key");
      problems.throwIfAny();
      Target target =
          target(() -> domain.token(app).serialize(), Optional.of(OwnDomainForge.of(domain, app)));
      opened = true;
      return new Opened(target, Optional.of(domain));
    } finally {
      if (!opened) {
        domain.close();
      }
    }
  }

  private void runSetup(FakeIdentityDomain domain, OAuthApp app, Path ca) throws IOException {
    List<String> command =
        Arrays.stream(text("setup").split(" +"))
            .map(part -> part.replace("{discovery-url}", domain.discoveryUrl().toString()))
            .map(part -> part.replace("{jwks-url}", domain.jwksUrl().toString()))
            .map(part -> part.replace("{issuer}", domain.issuer()))
            .map(part -> part.replace("{ca-file}", ca.toString()))
            .map(part -> part.replace("{client-id}", app.clientId()))
            .map(part -> part.replace("{audience}", app.audience()))
            .toList();
    Process process =
        new ProcessBuilder(command)
            .directory(file.toAbsolutePath().resolveSibling("").toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (!process.waitFor(SETUP_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException("setup failed: " + command.get(0));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    read(output, "output of setup");
  }

  private Target target(TokenSource tokens, Optional<Target.Forge> forge) throws IOException {
    SSLContext tls = CaBundle.read(path("vault.ca"));
    Optional<Target.KnownKey> known = Optional.empty();
    if (values.containsKey("key.known")) {
      known = Optional.of(new Target.KnownKey(text("key.known"), material()));
    }
    Target.Keys keys =
        new Target.Keys(text("key"), value("key.other"), value("key.disposable"), known);
    Target target =
        new Target(
            uri("vault.url"),
            tls,
            tokens,
            forge,
            keys,
            value("vault.other").map(URI::create),
            hooks());
    problems.throwIfAny();
    return target;
  }

  private SecretBytes material() throws IOException {
    try {
      return SecretBytes.adopt(HexFormat.of().parseHex(secret("key.known.material")));
    } catch (IllegalArgumentException e) {
      problems.add(file + "", "key.known.material must be hex", "64 digits for AES-256");
      return SecretBytes.adopt(new byte[32]);
    }
  }

  private VendorHooks hooks() throws IOException {
    Map<Action, VendorHooks.Hook> hooks = new EnumMap<>(Action.class);
    HttpClient client = HttpClient.newHttpClient();
    Map<String, String> headers = new LinkedHashMap<>();
    if (values.containsKey("hook.header")) {
      String[] parts = text("hook.header").split(":", 2);
      headers.put(
          parts[0].strip(), parts.length < 2 ? "" : References.resolve(parts[1].strip(), file));
    }
    for (Action action : Action.values()) {
      Optional<String> hook = value(hookName(action));
      if (hook.isPresent()) {
        hooks.put(action, hook(hookName(action), hook.get(), client, headers));
      }
    }
    return new VendorHooks(hooks);
  }

  private VendorHooks.Hook hook(
      String name, String text, HttpClient client, Map<String, String> headers) {
    List<String> parts = Arrays.asList(text.split(" +"));
    if (parts.size() > 1 && parts.get(0).equals("run")) {
      return VendorHooks.command(parts.subList(1, parts.size()));
    }
    if (parts.size() != 2 || !parts.get(1).startsWith("http")) {
      problems.add(
          name, "must be \"run COMMAND...\" or \"METHOD URL\"", "{key} stands for the key");
    }
    return VendorHooks.http(client, parts.get(0), parts.get(parts.size() - 1), headers);
  }

  private void require(String... names) {
    for (String name : names) {
      if (value(name).isEmpty()) {
        problems.add(file.toString(), name + " is missing", "add a line " + name + " = ...");
      }
    }
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(values.get(name)).filter(text -> !text.isEmpty());
  }

  private String text(String name) {
    return value(name).orElse("");
  }

  private URI uri(String name) {
    try {
      URI uri = URI.create(text(name));
      if (uri.getHost() != null && uri.getPath() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      problems.add(file.toString(), name + " is no URL: " + e.getMessage(), "https://HOST/...");
      return URI.create("https://invalid/");
    }
    problems.add(file.toString(), name + " has no host", "https://HOST/...");
    return URI.create("https://invalid/");
  }

  private Path path(String name) {
    return file.toAbsolutePath().resolveSibling(text(name));
  }

  private String secret(String name) throws IOException {
    return References.resolve(text(name), file);
  }

  private static String origin(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }
}
