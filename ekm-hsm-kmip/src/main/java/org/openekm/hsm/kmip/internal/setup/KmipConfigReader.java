// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.setup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openekm.hsm.kmip.KmipProfile;
import org.openekm.hsm.kmip.internal.client.Address;
import org.openekm.hsm.kmip.internal.client.KmipClientConfig;
import org.openekm.hsm.kmip.internal.client.ProtocolVersion;
import org.openekm.hsm.kmip.internal.client.Quirks;
import org.openekm.hsm.kmip.internal.ops.KmipBackendConfig;
import org.openekm.spi.SecretReference;
import org.openekm.spi.Settings;

/**
 * Reads the settings of one backend and collects everything that is wrong with them. What the
 * settings leave open, the profile says: the backend's, or for one server its own. Used once.
 */
final class KmipConfigReader {

  private static final int DEFAULT_PORT = 5696;
  private static final int MOST_SERVERS = 16;
  private static final int MOST_PREFIX = 32;
  private static final int LARGEST_RESPONSE = 16 << 20;

  /** Settings of one server, which may stand at the server too. */
  private static final List<String> OF_A_SERVER =
      List.of(
          "version",
          "discover-versions",
          "query",
          "numbered-items",
          "batch-items",
          "tag-appended",
          "general-failure",
          "protected-keys",
          "suites");

  /** Where AES-GCM is computed. */
  enum Mode {
    SERVER_CRYPTO,
    LOCAL_CRYPTO
  }

  /** Where random bytes come from. */
  enum RandomSource {
    SERVER,
    LOCAL
  }

  /** What happens to a key that is weaker than it should be. */
  enum KeyCheck {
    REFUSE,
    WARN
  }

  /** How key material is taken in. */
  enum Import {
    REGISTER,
    OFF
  }

  /** What General Failure on a decryption means. */
  enum GeneralFailure {
    ERROR,
    BAD_TAG
  }

  /** Which TLS suites are allowed. */
  enum Suites {
    MODERN,
    ANY
  }

  private final Settings settings;
  private final Map<String, String> all;
  private final KmipProfile profile;

  private KmipConfigReader(Settings settings) {
    this.settings = settings;
    this.all = settings.values();
    this.profile = profile("profile").orElseGet(KmipConfigReader::generic);
  }

  /**
   * Reads them.
   *
   * @throws org.openekm.spi.InvalidConfigurationException with everything that is wrong
   */
  static KmipConfig read(Settings settings) {
    KmipConfigReader reader = new KmipConfigReader(settings);
    List<Address> servers = reader.servers();
    KmipConfig config =
        new KmipConfig(
            new KmipClientConfig(
                servers,
                reader.files(),
                reader.times(),
                reader.number("connections", 8, 1, 1024),
                reader.number("max-response", 1 << 20, 1024, LARGEST_RESPONSE)),
            reader.backend());
    settings.finish();
    return config;
  }

  private static KmipProfile generic() {
    return KmipProfile.named("generic").orElseThrow();
  }

  private Optional<KmipProfile> profile(String key) {
    Optional<String> name = settings.text(key);
    Optional<KmipProfile> found = name.flatMap(KmipProfile::named);
    if (name.isPresent() && found.isEmpty()) {
      settings.problem(
          key,
          "must be one of " + String.join(", ", KmipProfile.NAMES),
          "'ekm kmip probe' names the right one");
    }
    return found;
  }

  private List<Address> servers() {
    List<Address> servers = new ArrayList<>();
    if (!has("servers.0.")) {
      servers.add(server(""));
      return servers;
    }
    for (String alone : List.of("host", "port", "server-name")) {
      if (settings.text(alone).isPresent()) {
        settings.problem(alone, "stands beside 'servers'", "keep one of the two");
      }
    }
    for (int i = 0; has("servers." + i + "."); i++) {
      servers.add(server("servers." + i + "."));
    }
    if (servers.size() > MOST_SERVERS) {
      settings.problem("servers", "must be at most " + MOST_SERVERS, "remove some");
    }
    return servers;
  }

  private Address server(String prefix) {
    String host =
        settings.requiredText(prefix + "host", "name the key manager, such as kms.example.com");
    int port = settings.integer(prefix + "port", DEFAULT_PORT, 1, 65_535);
    String serverName = settings.text(prefix + "server-name").orElse(host);
    Settings mine = ofServer(prefix);
    Optional<ProtocolVersion> version = version(mine);
    Quirks quirks = quirks(mine);
    finishServer(prefix, mine);
    return new Address(host, port, serverName, version, quirks);
  }

  /** What holds for one server: its own settings, then its profile's, then those of all. */
  private Settings ofServer(String prefix) {
    Map<String, String> mine = new HashMap<>(relevant(profile.settings()));
    for (String key : OF_A_SERVER) {
      settings.text(key).ifPresent(value -> mine.put(key, value));
    }
    if (!prefix.isEmpty()) {
      profile(prefix + "profile").ifPresent(one -> mine.putAll(relevant(one.settings())));
      for (String key : OF_A_SERVER) {
        settings.text(prefix + key).ifPresent(value -> mine.put(key, value));
      }
    }
    return Settings.of(mine);
  }

  private static Map<String, String> relevant(Map<String, String> from) {
    Map<String, String> some = new HashMap<>(from);
    some.keySet().retainAll(OF_A_SERVER);
    return some;
  }

  private void finishServer(String prefix, Settings mine) {
    try {
      mine.finish();
    } catch (org.openekm.spi.InvalidConfigurationException e) {
      e.problems()
          .forEach(
              one -> {
                boolean own = all.containsKey(prefix + one.field());
                settings.problem(
                    own ? prefix + one.field() : one.field(), one.problem(), one.hint());
              });
    }
  }

  private static Optional<ProtocolVersion> version(Settings mine) {
    String text = mine.text("version").orElse("auto");
    if (text.equals("auto")) {
      return Optional.empty();
    }
    try {
      return Optional.of(ProtocolVersion.parse(text));
    } catch (IllegalArgumentException e) {
      mine.problem(
          "version",
          "must be auto or one of "
              + String.join(
                  ", ", ProtocolVersion.SPOKEN.stream().map(ProtocolVersion::toString).toList()),
          "write it in quotes: '1.4'");
      return Optional.empty();
    }
  }

  private static Quirks quirks(Settings mine) {
    boolean discover = mine.flag("discover-versions", true);
    boolean query = mine.flag("query", true);
    boolean numbered = mine.flag("numbered-items", true);
    int batch = mine.integer("batch-items", 16, 1, 1024);
    boolean appended = mine.flag("tag-appended", false);
    boolean badTag =
        mine.choice("general-failure", GeneralFailure.class, GeneralFailure.ERROR)
            == GeneralFailure.BAD_TAG;
    boolean isProtected = mine.flag("protected-keys", true);
    boolean any = mine.choice("suites", Suites.class, Suites.MODERN) == Suites.ANY;
    return new Quirks(discover, query, numbered, batch, appended, badTag, isProtected, any);
  }

  private KmipClientConfig.Files files() {
    Optional<Path> keyStore = path("tls.key-store");
    Optional<Path> certificate = path("tls.certificate");
    Optional<Path> key = path("tls.private-key");
    if (keyStore.isPresent() == (certificate.isPresent() && key.isPresent())) {
      settings.problem(
          "tls",
          "needs either certificate and private-key, or key-store",
          "name the files with this client's certificate and private key");
    }
    Optional<Path> trusted = path("tls.trusted-certificates");
    if (trusted.isEmpty()) {
      settings.problem(
          "tls.trusted-certificates",
          "is missing",
          "name a PEM file with the authority that signs the key manager's certificate");
    }
    return new KmipClientConfig.Files(
        trusted.orElse(Path.of("")), certificate, key, keyStore, password());
  }

  private Optional<SecretReference> password() {
    String key = "tls.key-store-password";
    try {
      return settings.text(key).map(SecretReference::parse);
    } catch (IllegalArgumentException e) {
      settings.problem(
          key, e.getMessage() == null ? "is no reference" : e.getMessage(), "put it into a file");
      return Optional.empty();
    }
  }

  private Optional<Path> path(String key) {
    Optional<Path> path = settings.text(key).map(Path::of);
    if (path.filter(one -> !one.isAbsolute()).isPresent()) {
      settings.problem(
          key, "must be an absolute path", "${here} stands for the configuration's folder");
    }
    return path;
  }

  private KmipClientConfig.Times times() {
    return new KmipClientConfig.Times(
        time("connect-timeout", Duration.ofSeconds(1)),
        time("handshake-timeout", Duration.ofSeconds(2)),
        time("request-timeout", Duration.ofSeconds(5)),
        time("idle-timeout", Duration.ofSeconds(25)));
  }

  private Duration time(String key, Duration usual) {
    Duration time = settings.duration(key, usual);
    if (time.compareTo(Duration.ofMillis(1)) < 0 || time.compareTo(Duration.ofHours(1)) > 0) {
      settings.problem(key, "must be from 1ms to 1h", "correct it or remove it");
    }
    return time;
  }

  private KmipBackendConfig backend() {
    String prefix = settings.text("name-prefix").orElse("ekm-");
    if (prefix.length() > MOST_PREFIX || !prefix.chars().allMatch(c -> c > ' ' && c <= '~')) {
      settings.problem(
          "name-prefix", "must have at most 32 printable ASCII characters", "shorten it");
    }
    return new KmipBackendConfig(
        choice("mode", Mode.class, Mode.SERVER_CRYPTO) == Mode.LOCAL_CRYPTO,
        choice("random", RandomSource.class, RandomSource.SERVER) == RandomSource.LOCAL,
        settings.flag("read-only", false),
        choice("import", Import.class, Import.REGISTER) == Import.REGISTER,
        choice("key-check", KeyCheck.class, KeyCheck.REFUSE) == KeyCheck.REFUSE,
        prefix,
        settings.text("self-test-key"),
        new KmipBackendConfig.Limits(
            number("max-plaintext", 65_536, 1, LARGEST_RESPONSE / 2),
            number("max-aad", 16_384, 0, LARGEST_RESPONSE / 2)));
  }

  private int number(String key, int usual, int least, int most) {
    return settings.integer(key, usual, least, most);
  }

  /** Reads a setting that a profile may have another default for. */
  private <E extends Enum<E>> E choice(String key, Class<E> type, E usual) {
    E fromProfile =
        profile.settings().containsKey(key)
            ? Settings.of(profile.settings()).choice(key, type, usual)
            : usual;
    return settings.choice(key, type, fromProfile);
  }

  private boolean has(String prefix) {
    return all.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }
}
