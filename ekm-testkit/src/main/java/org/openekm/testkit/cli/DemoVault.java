// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.net.URI;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.conformance.OwnDomainForge;
import org.openekm.testkit.conformance.Target;
import org.openekm.testkit.conformance.VendorHooks;
import org.openekm.testkit.conformance.VendorHooks.Action;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.CaBundle;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;

/**
 * Our own server with everything that checks and load need: an identity domain in this process, two
 * vaults, four keys, hooks over the admin API. Used by one thread.
 */
final class DemoVault implements AutoCloseable {

  private final DemoStage stage;
  private final FakeIdentityDomain domain;
  private final Target target;

  private DemoVault(DemoStage stage, FakeIdentityDomain domain, Target target) {
    this.stage = stage;
    this.domain = domain;
    this.target = target;
  }

  /** Starts the server and sets it up. Owns the stage from the call on. */
  static DemoVault start(DemoStage stage) {
    TestCertificates authority = TestCertificates.create();
    FakeIdentityDomain domain =
        FakeIdentityDomain.builder()
            .tls(authority.ecdsaServer())
            .signingKeysProtected(true)
            .start();
    boolean started = false;
    try {
      stage.initServer();
      authority.writeCaPem(stage.domainCaBundle());
      stage.adaptConfig();
      DemoVault vault = new DemoVault(stage, domain, setUp(stage, domain));
      started = true;
      return vault;
    } finally {
      if (!started) {
        stage.close();
        domain.close();
      }
    }
  }

  Target target() {
    return target;
  }

  /** Returns the CPU time that the server has used so far. */
  Duration serverCpu() {
    return stage.serverCpu();
  }

  private static Target setUp(DemoStage stage, FakeIdentityDomain domain) {
    OAuthApp resource = domain.addResourceApp("Resource_App", stage.endpointUrl());
    OAuthApp client = domain.addClientApp("Client_App", resource);
    AdminClient admin = stage.startServer();
    String secret = stage.secretReference("resource-app", resource.clientSecret());
    stage.manage(
        "issuer",
        "add",
        "domain",
        "--discovery-url",
        domain.discoveryUrl().toString(),
        "--client-id",
        resource.clientId(),
        "--client-secret",
        secret);
    stage.awaitReady(admin);
    done(
        admin.post("/tenancies", Map.of("name", "acme", "ocid", "ocid1.tenancy.oc1..aaaaexample")));
    URI vault = vault(stage, admin, client, "first");
    URI other = vault(stage, admin, client, "second");
    return new Target(
        vault,
        CaBundle.read(stage.caBundle()),
        () -> domain.token(client).serialize(),
        Optional.of(OwnDomainForge.of(domain, client)),
        keys(admin),
        Optional.of(other),
        hooks(admin));
  }

  private static URI vault(DemoStage stage, AdminClient admin, OAuthApp client, String name) {
    AdminAnswer answer =
        done(
            admin.post(
                "/vaults",
                Map.of(
                    "name",
                    name,
                    "tenancy",
                    "acme",
                    "issuer",
                    "domain",
                    "clientId",
                    client.clientId(),
                    "host",
                    "127.0.0.1",
                    "port",
                    stage.port())));
    return URI.create(answer.text("externalVaultUrl"));
  }

  private static Target.Keys keys(AdminClient admin) {
    byte[] material = HexFormat.of().parseHex("00112233445566778899aabbccddeeff".repeat(2));
    String known =
        key(
            admin,
            Map.of(
                "name",
                "known",
                "material",
                java.util.Base64.getEncoder().encodeToString(material)));
    return new Target.Keys(
        key(admin, Map.of("name", "main")),
        Optional.of(key(admin, Map.of("name", "other"))),
        Optional.of(key(admin, Map.of("name", "disposable"))),
        Optional.of(new Target.KnownKey(known, SecretBytes.adopt(material))));
  }

  private static String key(AdminClient admin, Map<String, ?> body) {
    return done(admin.post("/vaults/first/keys", body)).text("externalKeyId");
  }

  private static VendorHooks hooks(AdminClient admin) {
    Map<Action, VendorHooks.Hook> hooks = new EnumMap<>(Action.class);
    for (Action action : Action.values()) {
      String[] words = action.name().toLowerCase(Locale.ROOT).split("_", 2);
      String path = words[1].equals("key") ? "/keys/" : "/vaults/";
      hooks.put(action, key -> asIo(admin.post(path + key + "/" + words[0], Map.of())));
    }
    hooks.put(
        Action.DESTROY_KEY,
        key -> {
          asIo(admin.post("/keys/" + key + "/block", Map.of()));
          asIo(admin.post("/keys/" + key + "/destroy?force=true", Map.of()));
        });
    return new VendorHooks(hooks);
  }

  private static void asIo(AdminAnswer answer) throws java.io.IOException {
    if (!answer.isSuccess()) {
      throw new java.io.IOException(
          "the admin API answered " + answer.status() + " " + answer.body());
    }
  }

  private static AdminAnswer done(AdminAnswer answer) {
    if (!answer.isSuccess()) {
      throw new DemoFailedException(
          "The server could not be set up: " + answer.status() + " " + answer.body(), null);
    }
    return answer;
  }

  @Override
  public void close() {
    stage.close();
    domain.close();
  }
}
