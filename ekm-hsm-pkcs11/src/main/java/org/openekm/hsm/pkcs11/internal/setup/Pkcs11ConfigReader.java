// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.setup;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openekm.hsm.pkcs11.VendorProfile;
import org.openekm.hsm.pkcs11.internal.binding.Binding;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cka;
import org.openekm.hsm.pkcs11.internal.cryptoki.Ckm;
import org.openekm.hsm.pkcs11.internal.cryptoki.GcmParameters.Layout;
import org.openekm.hsm.pkcs11.internal.cryptoki.InitializeArguments;
import org.openekm.hsm.pkcs11.internal.token.IvMode;
import org.openekm.hsm.pkcs11.internal.token.TokenConfig;
import org.openekm.hsm.pkcs11.internal.token.TokenSelector;
import org.openekm.spi.SecretReference;
import org.openekm.spi.Settings;

/**
 * Reads the settings of one backend and collects everything that is wrong with them. What the
 * settings leave open, the vendor's profile says. Used once.
 */
final class Pkcs11ConfigReader {

  private static final int MOST_MEMBERS = 16;
  private static final Duration LEAST_INTERVAL = Duration.ofMillis(500);
  private static final String PIN_HINT =
      "put the PIN into a file that only the server can read and write ${file:PATH} here";

  private static final Map<String, Long> ATTRIBUTES =
      Map.ofEntries(
          Map.entry("token", Cka.TOKEN),
          Map.entry("private", Cka.PRIVATE),
          Map.entry("sensitive", Cka.SENSITIVE),
          Map.entry("extractable", Cka.EXTRACTABLE),
          Map.entry("encrypt", Cka.ENCRYPT),
          Map.entry("decrypt", Cka.DECRYPT),
          Map.entry("wrap", Cka.WRAP),
          Map.entry("unwrap", Cka.UNWRAP));

  /** How GCM parameters are laid out; spelled in lower case with hyphens. */
  enum GcmParametersForm {
    AUTO,
    WITH_IV_BITS,
    WITHOUT_IV_BITS
  }

  /** Where a token runs. */
  enum IsolationKind {
    NONE,
    PROCESS
  }

  /** What happens to a key that is weaker than it should be. */
  enum KeyCheck {
    REFUSE,
    WARN
  }

  /** How several tokens share the work. */
  enum Order {
    ORDERED,
    BALANCED
  }

  private final Settings settings;
  private final Map<String, String> all;
  private final VendorProfile profile;

  private Pkcs11ConfigReader(Settings settings) {
    this.settings = settings;
    this.all = settings.values();
    this.profile = profile(settings);
  }

  /**
   * Reads them.
   *
   * @throws org.openekm.spi.InvalidConfigurationException with everything that is wrong
   */
  static Pkcs11Config read(Settings settings) {
    Pkcs11ConfigReader reader = new Pkcs11ConfigReader(settings);
    Pkcs11Config config = reader.config();
    settings.finish();
    return config;
  }

  private static VendorProfile profile(Settings settings) {
    String name = settings.text("profile").orElse("generic");
    Optional<VendorProfile> named = VendorProfile.named(name);
    String names = String.join(", ", VendorProfile.NAMES);
    if (named.isEmpty()) {
      settings.problem("profile", "must be one of " + names, "'ekm hsm probe' names the right one");
    }
    named
        .flatMap(VendorProfile::unsupported)
        .ifPresent(
            why ->
                settings.problem(
                    "profile", "is of a token that can't be used: " + why, "use another token"));
    return named.orElseGet(() -> VendorProfile.named("generic").orElseThrow());
  }

  private Pkcs11Config config() {
    Binding binding = settings.choice("binding", Binding.class, Binding.AUTO);
    TokenConfig.Gcm gcm = gcm();
    TokenConfig.Keys keys = keys();
    TokenConfig.Sessions sessions =
        new TokenConfig.Sessions(number("sessions", 8, 1, 1024), settings.flag("read-only", false));
    TokenConfig.Pace pace = pace();
    Function<String, TokenConfig> token =
        prefix ->
            new TokenConfig(
                library(prefix), selector(prefix), pin(prefix), sessions, gcm, keys, pace);
    List<Pkcs11Config.Member> members = members(token);
    return new Pkcs11Config(binding, members, isolation(), set());
  }

  private List<Pkcs11Config.Member> members(Function<String, TokenConfig> token) {
    List<Pkcs11Config.Member> members = new ArrayList<>();
    if (!has("tokens.0.")) {
      members.add(new Pkcs11Config.Member("token", token.apply("token."), alone("token.")));
      return members;
    }
    if (has("token.")) {
      settings.problem("token", "stands beside 'tokens'", "keep one of the two");
      settings.text("token.label");
      settings.text("token.serial");
      settings.text("token.slot");
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; has("tokens." + i + "."); i++) {
      String prefix = "tokens." + i + ".";
      TokenConfig config = token.apply(prefix);
      String name = settings.text(prefix + "name").orElse("token-" + (i + 1));
      if (!names.add(name) || i == MOST_MEMBERS) {
        settings.problem(
            prefix + "name", "must be different for each of at most 16 tokens", "rename one");
      }
      members.add(new Pkcs11Config.Member(name, config, alone(prefix)));
    }
    return members;
  }

  /** The settings that make a backend of this token alone, for the process that it runs in. */
  private Map<String, String> alone(String prefix) {
    Map<String, String> mine = new HashMap<>();
    all.forEach(
        (key, value) -> {
          if (!key.startsWith("tokens.") && !key.startsWith("token.")) {
            mine.put(key, value);
          }
        });
    all.forEach(
        (key, value) -> {
          if (key.startsWith(prefix)) {
            String last = key.substring(prefix.length());
            boolean general = last.equals("module") || last.equals("pin");
            if (!last.equals("name")) {
              mine.put(general ? last : "token." + last, value);
            }
          }
        });
    for (String outer : List.of("isolation", "isolation-spare", "hang-after", "order", "hedge")) {
      mine.remove(outer);
    }
    return mine;
  }

  private TokenConfig.Library library(String prefix) {
    String own = settings.text(prefix + "module").orElse("");
    String path =
        own.isEmpty()
            ? settings.requiredText(
                "module", "name the vendor's library, such as /usr/lib/softhsm/libsofthsm2.so")
            : own;
    if (!path.isEmpty() && !Path.of(path).isAbsolute()) {
      settings.problem(
          own.isEmpty() ? "module" : prefix + "module",
          "must be an absolute path",
          "a library that is searched for could be anybody's");
    }
    Optional<String> reserved = value("init-args");
    return new TokenConfig.Library(
        Path.of(path), new InitializeArguments(reserved.orElse(null), true));
  }

  private TokenSelector selector(String prefix) {
    Optional<String> label = settings.text(prefix + "label");
    Optional<String> serial = settings.text(prefix + "serial");
    Optional<String> slot = settings.text(prefix + "slot");
    if (label.isEmpty() && serial.isEmpty() && slot.isEmpty()) {
      settings.problem(
          prefix + "label",
          "is missing",
          "say which token: label, serial or slot; 'ekm hsm probe --module FILE' lists them");
    }
    return new TokenSelector(label, serial, slot(prefix + "slot", slot.orElse(null)));
  }

  private OptionalLong slot(String key, @Nullable String text) {
    if (text == null) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseUnsignedLong(text.trim()));
    } catch (NumberFormatException e) {
      settings.problem(key, "must be a slot's number", "'ekm hsm probe' lists them");
      return OptionalLong.empty();
    }
  }

  private Optional<SecretReference> pin(String prefix) {
    Optional<String> own = settings.text(prefix + "pin");
    Optional<String> text = own.isPresent() ? own : settings.text("pin");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SecretReference.parse(text.get()));
    } catch (IllegalArgumentException e) {
      settings.problem(
          own.isPresent() ? prefix + "pin" : "pin", String.valueOf(e.getMessage()), PIN_HINT);
      return Optional.empty();
    }
  }

  private TokenConfig.Gcm gcm() {
    IvMode mode = choice("iv-mode", IvMode.class, IvMode.CALLER);
    GcmParametersForm form =
        choice("gcm-parameters", GcmParametersForm.class, GcmParametersForm.AUTO);
    Optional<Layout> layout =
        switch (form) {
          case WITH_IV_BITS -> Optional.of(Layout.WITH_IV_BITS);
          case WITHOUT_IV_BITS -> Optional.of(Layout.WITHOUT_IV_BITS);
          default -> Optional.empty();
        };
    return new TokenConfig.Gcm(
        mechanism(),
        mode,
        layout,
        number("max-plaintext", 65_536, 64, 1 << 20),
        number("max-aad", 16_384, 64, 1 << 20));
  }

  private long mechanism() {
    String text = value("mechanism").orElse("");
    if (text.isEmpty()) {
      return Ckm.AES_GCM;
    }
    try {
      return text.startsWith("0x")
          ? Long.parseUnsignedLong(text.substring(2), 16)
          : Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      settings.problem(
          "mechanism", "must be a number such as 0x1087", "leave it out for CKM_AES_GCM");
      return Ckm.AES_GCM;
    }
  }

  private TokenConfig.Keys keys() {
    boolean refuse = choice("key-check", KeyCheck.class, KeyCheck.REFUSE) == KeyCheck.REFUSE;
    TokenConfig.Importing importing =
        choice("import", TokenConfig.Importing.class, TokenConfig.Importing.UNWRAP);
    Set<Long> leaveOut = new HashSet<>();
    List<String> names = new ArrayList<>(settings.list("leave-out"));
    profile.setting("leave-out").ifPresent(text -> names.addAll(List.of(text.split(",", -1))));
    for (String name : names) {
      Long attribute = ATTRIBUTES.get(name.trim().toLowerCase(Locale.ROOT));
      if (attribute == null) {
        settings.problem(
            "leave-out",
            "can't leave out '" + name.trim() + "'",
            "it may name " + String.join(", ", ATTRIBUTES.keySet().stream().sorted().toList()));
      } else {
        leaveOut.add(attribute);
      }
    }
    TokenConfig.Unwrapping unwrapping =
        choice("unwrap-mechanism", TokenConfig.Unwrapping.class, TokenConfig.Unwrapping.OFF);
    return new TokenConfig.Keys(refuse, importing, unwrapping, leaveOut);
  }

  private TokenConfig.Pace pace() {
    Duration interval = settings.duration("retry-interval", LEAST_INTERVAL);
    if (interval.compareTo(LEAST_INTERVAL) < 0) {
      settings.problem(
          "retry-interval", "must be at least 500ms", "a lost token must not be stormed");
    }
    return new TokenConfig.Pace(interval, Duration.ofMillis(500));
  }

  private Pkcs11Config.Isolation isolation() {
    IsolationKind kind = settings.choice("isolation", IsolationKind.class, IsolationKind.NONE);
    return new Pkcs11Config.Isolation(
        kind == IsolationKind.PROCESS,
        settings.flag("isolation-spare", true),
        settings.duration("hang-after", Duration.ofMillis(700)));
  }

  private Pkcs11Config.Set set() {
    Order order = settings.choice("order", Order.class, Order.ORDERED);
    return new Pkcs11Config.Set(order == Order.BALANCED, settings.flag("hedge", false));
  }

  private boolean has(String prefix) {
    return all.keySet().stream().anyMatch(key -> key.startsWith(prefix));
  }

  private Optional<String> value(String key) {
    Optional<String> own = settings.text(key);
    return own.isPresent() ? own : profile.setting(key);
  }

  private int number(String key, int usual, int min, int max) {
    int fallback = profile.setting(key).map(Integer::parseInt).orElse(usual);
    return settings.integer(key, fallback, min, max);
  }

  private <E extends Enum<E>> E choice(String key, Class<E> type, E usual) {
    E fallback =
        profile
            .setting(key)
            .map(text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT).replace('-', '_')))
            .orElse(usual);
    return settings.choice(key, type, fallback);
  }
}
