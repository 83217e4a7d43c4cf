// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openekm.api.Deadline;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.VaultId;
import org.openekm.core.policy.RulePolicyEngine;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs to find a vault and a key, and to change one key among many. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class CatalogBenchmark {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final int KEYS_PER_VAULT = 100;
  private static final IssuerId ISSUER = new IssuerId(new UUID(1, 1));
  private static final TenancyId TENANCY = new TenancyId(new UUID(2, 2));
  private static final VaultId VAULT = new VaultId(new UUID(3, 0));
  private static final KeyId KEY = new KeyId(new UUID(4, 7));

  /** How many keys there are in all. */
  @Param({"100", "10000", "100000"})
  public int keys;

  private KeyCatalog catalog;
  private Deadline deadline;

  /** Fills a store and loads it. */
  @Setup
  public void fill() {
    List<MetadataChange> changes = new ArrayList<>();
    changes.add(new MetadataChange.PutIssuer(issuer()));
    changes.add(
        new MetadataChange.PutTenancy(new TenancyRecord(TENANCY, "acme", "ocid", Instant.EPOCH)));
    for (int vault = 0; vault < keys / KEYS_PER_VAULT; vault++) {
      changes.add(new MetadataChange.PutVault(vault(vault)));
    }
    for (int key = 0; key < keys; key++) {
      changes.add(new MetadataChange.PutKey(key(key)));
      changes.add(new MetadataChange.PutKeyVersion(version(key)));
    }
    InMemoryMetadataStore store = new InMemoryMetadataStore();
    store.commit(0, changes);
    catalog =
        new KeyCatalog(
            store,
            new RulePolicyEngine(),
            Duration.ofMillis(500),
            new EkmListener() {},
            new KeyCatalog.Environment(NanoClock.system(), Runnable::run));
    deadline = Deadline.after(Duration.ofDays(1), NanoClock.system());
  }

  /** Finds a vault, and a key in it that may serve. */
  @Benchmark
  public KeyEntry find() {
    VaultEntry vault = ServingRules.vault(catalog.current(deadline), VAULT, NOW);
    return ServingRules.key(vault, KEY);
  }

  /** Blocks and unblocks one key; two commits. */
  @Benchmark
  public long blockAndUnblock() {
    change(true);
    return change(false).revision();
  }

  private CatalogSnapshot change(boolean blocked) {
    return catalog.commit(
        snapshot -> {
          KeyRecord record = snapshot.findKey(KEY).orElseThrow().record();
          return List.of(new MetadataChange.PutKey(record.withBlocked(blocked)));
        });
  }

  private static IssuerRecord issuer() {
    URI jwks = URI.create("https://idcs-1.identity.oraclecloud.com/admin/v1/SigningCert/jwk");
    return new IssuerRecord(
        ISSUER, "domain", List.of(), List.of(jwks), Set.of(), Optional.empty(), Instant.EPOCH);
  }

  private static VaultRecord vault(int number) {
    return new VaultRecord(
        new VaultId(new UUID(3, number)),
        "vault-" + number,
        TENANCY,
        new VaultRecord.Access(ISSUER, "client", Set.of("https://10.0.0.5/"), Set.of("oci_ekms")),
        new VaultRecord.Endpoint("10.0.0.5", 443, "/ekm/v1"),
        "main",
        Optional.of(RulePolicyEngine.allowAll()),
        false,
        true,
        Instant.EPOCH,
        VaultRecord.Attributes.none());
  }

  private static KeyRecord key(int number) {
    return new KeyRecord(
        new KeyId(new UUID(4, number)),
        new VaultId(new UUID(3, number / KEYS_PER_VAULT)),
        "key-" + number,
        32,
        KeyState.ACTIVE,
        false,
        new KeyVersionId(new UUID(5, number)),
        Optional.empty(),
        Optional.empty(),
        Instant.EPOCH,
        KeyRecord.Attributes.none());
  }

  private static KeyVersionRecord version(int number) {
    return new KeyVersionRecord(
        new KeyVersionId(new UUID(5, number)),
        new KeyId(new UUID(4, number)),
        1,
        "main",
        new BackendKeyRef("ref-" + number),
        KeyState.ACTIVE,
        Instant.EPOCH);
  }
}
