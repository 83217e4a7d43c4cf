// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.setup;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.openekm.hsm.pkcs11.internal.binding.Binding;
import org.openekm.hsm.pkcs11.internal.binding.CryptokiLibraries;
import org.openekm.hsm.pkcs11.internal.cryptoki.Cryptoki;
import org.openekm.hsm.pkcs11.internal.isolation.IsolatedKeyBackend;
import org.openekm.hsm.pkcs11.internal.isolation.IsolationConfig;
import org.openekm.hsm.pkcs11.internal.set.Member;
import org.openekm.hsm.pkcs11.internal.set.TokenSetKeyBackend;
import org.openekm.hsm.pkcs11.internal.token.SharedLibraries;
import org.openekm.hsm.pkcs11.internal.token.TokenInspector;
import org.openekm.hsm.pkcs11.internal.token.TokenKeyBackend;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.Settings;
import org.openekm.spi.backend.KeyBackend;

/** Puts the backend of one token together, here or in a process of its own. */
public final class TokenBackends {

  /** C_Initialize acts on the whole process, so there is one register for all backends. */
  private static final Map<Binding, SharedLibraries> LIBRARIES = libraries();

  private TokenBackends() {}

  private static Map<Binding, SharedLibraries> libraries() {
    Map<Binding, SharedLibraries> libraries = new EnumMap<>(Binding.class);
    for (Binding binding : Binding.values()) {
      libraries.put(binding, new SharedLibraries(path -> CryptokiLibraries.open(path, binding)));
    }
    return libraries;
  }

  /** Returns the backend that the settings want: of one token or of several. */
  public static KeyBackend open(ComponentContext context) {
    Pkcs11Config config = Pkcs11ConfigReader.read(context.settings());
    if (config.members().size() == 1) {
      return open(config, config.members().get(0), context);
    }
    List<Member> members = new ArrayList<>();
    for (Pkcs11Config.Member member : config.members()) {
      KeyBackend backend = open(config, member, named(context, member.name()));
      members.add(new Member(member.name(), backend, context.nanoClock()));
    }
    return new TokenSetKeyBackend(members, config.set().balanced(), config.set().hedge(), context);
  }

  private static ComponentContext named(ComponentContext context, String member) {
    return new ComponentContext(
        context.instanceName() + "/" + member,
        context.settings(),
        context.secrets(),
        context.clock(),
        context.nanoClock(),
        context.random(),
        context.executor());
  }

  private static KeyBackend open(
      Pkcs11Config config, Pkcs11Config.Member member, ComponentContext context) {
    if (!config.isolation().used()) {
      return TokenKeyBackend.withWorkers(member.token(), libraries(config), context);
    }
    return new IsolatedKeyBackend(
        new IsolationConfig(
            TokenProcessMain.class.getName(),
            member.settings(),
            member.token().sessions().max(),
            TokenKeyBackend.capabilities(member.token()),
            config.isolation().spare(),
            config.isolation().hangAfter()),
        context);
  }

  /** Returns the backend of a process that has one token and may hang with it. */
  static KeyBackend onCallers(ComponentContext context) {
    Pkcs11Config config = Pkcs11ConfigReader.read(context.settings());
    return TokenKeyBackend.onCallers(config.members().get(0).token(), libraries(config), context);
  }

  /** Returns a look into the one token that the settings name. */
  public static TokenInspector inspector(ComponentContext context) {
    Pkcs11Config config = Pkcs11ConfigReader.read(context.settings());
    return new TokenInspector(config.members().get(0).token(), libraries(config), context);
  }

  /** Loads the library that the settings name, and looks at nothing else in them. */
  public static Cryptoki load(ComponentContext context) {
    Settings settings = context.settings();
    String module = settings.requiredText("module", "name the vendor's library");
    Binding binding = settings.choice("binding", Binding.class, Binding.AUTO);
    return CryptokiLibraries.open(Path.of(module), binding);
  }

  private static SharedLibraries libraries(Pkcs11Config config) {
    return requireNonNull(LIBRARIES.get(config.binding()));
  }
}
