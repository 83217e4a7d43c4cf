// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.stranger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.conformance.CheckResult;
import org.openekm.testkit.conformance.ConformanceReport;
import org.openekm.testkit.conformance.ConformanceRun;
import org.openekm.testkit.conformance.ConformanceSuite;
import org.openekm.testkit.conformance.Outcome;
import org.openekm.testkit.conformance.OwnDomainForge;
import org.openekm.testkit.conformance.Severity;
import org.openekm.testkit.conformance.Target;
import org.openekm.testkit.conformance.VendorHooks;
import org.openekm.testkit.conformance.VendorHooks.Action;
import org.openekm.testkit.conformance.WireNames;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;

/** The suite judges a server that shares nothing with us: it finds what its author admits. */
@Timeout(300)
@Tag("once")
class StrangerConformanceTest {

  @TempDir private Path directory;

  @Test
  void suite_stranger_failsOnlyWhereItsAuthorSaysSo() throws Exception {
    Optional<String> python = StrangerServer.python();
    if (python.isEmpty()) {
      System.out.println("Skipped: no Python with cryptography. Install python3-cryptography.");
    }
    assumeTrue(python.isPresent(), "needs python3-cryptography");
    TestCertificates ca = TestCertificates.create();
    try (FakeIdentityDomain domain = FakeIdentityDomain.start()) {
      OAuthApp client =
          domain.addClientApp("Client", domain.addResourceApp("Vendor", "https://127.0.0.1/"));
      try (StrangerServer server =
          StrangerServer.start(
              python.get(), DomainFacts.of(domain, client), ca.server(), directory)) {
        assertJudged(judge(server, ca, domain, client));
      }
    }
  }

  private static ConformanceReport judge(
      StrangerServer server, TestCertificates ca, FakeIdentityDomain domain, OAuthApp client) {
    Target.KnownKey known =
        new Target.KnownKey(server.keyId(), SecretBytes.copyOf(server.material().toByteArray()));
    Target target =
        new Target(
            server.vaultUrl(),
            ca.clientContext(),
            () -> domain.token(client).serialize(),
            Optional.of(OwnDomainForge.of(domain, client)),
            new Target.Keys(
                server.keyId(),
                Optional.of(server.otherKeyId()),
                Optional.empty(),
                Optional.of(known)),
            Optional.empty(),
            hooks(server));
    return new ConformanceRun(target, WireNames.standard())
        .run(ConformanceSuite.select(Severity.MUST, "*"), result -> {});
  }

  private static VendorHooks hooks(StrangerServer server) {
    Map<Action, VendorHooks.Hook> hooks = new EnumMap<>(Action.class);
    hooks.put(Action.BLOCK_KEY, key -> act(server, "keys/" + key + "/block"));
    hooks.put(Action.UNBLOCK_KEY, key -> act(server, "keys/" + key + "/unblock"));
    hooks.put(Action.DISABLE_KEY, key -> act(server, "keys/" + key + "/disable"));
    hooks.put(Action.ENABLE_KEY, key -> act(server, "keys/" + key + "/enable"));
    hooks.put(Action.ROTATE_KEY, key -> act(server, "keys/" + key + "/rotate"));
    hooks.put(Action.BLOCK_VAULT, key -> act(server, "vault/block"));
    hooks.put(Action.UNBLOCK_VAULT, key -> act(server, "vault/unblock"));
    return new VendorHooks(hooks);
  }

  private static void act(StrangerServer server, String action) throws IOException {
    try {
      assertThat(server.act(action)).isEqualTo(200);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static void assertJudged(ConformanceReport report) {
    Map<String, String> failed = new TreeMap<>();
    for (CheckResult result : report.results()) {
      if (result.outcome() == Outcome.FAILED || result.outcome() == Outcome.BROKEN) {
        failed.put(result.check().id(), result.text());
      }
    }
    // The header of stranger.py: points 5, 2 and 6.
    assertThat(failed.keySet())
        .as(failed.toString())
        .containsExactly("http.bare-lf", "state.rotated-decrypt", "token.two-headers");
    assertThat(report.conforms()).isFalse();
    assertThat(report.count(Severity.MUST, Outcome.SKIPPED)).isEqualTo(2);
  }
}
