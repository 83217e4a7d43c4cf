// SPDX-License-Identifier: Apache-2.0
package org.openekm.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.openekm.core.PlainEngine.ADMIN;
import static org.openekm.core.PlainEngine.ENCRYPT;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.openekm.core.store.InMemoryMetadataStore;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.VaultRecord;
import org.openekm.testkit.fake.FaultyMetadataStore;
import org.openekm.testkit.fake.StoreFault;

/** A vault and a key are linked once OCI has used them with success. */
class FirstUseTest {

  private final FaultyMetadataStore store = new FaultyMetadataStore(new InMemoryMetadataStore());
  private final PlainEngine ekm = new PlainEngine(builder -> builder.store(store));

  @AfterEach
  void close() {
    ekm.close();
  }

  @Test
  void firstSuccess_isWrittenInTheBackground_withItsTime() {
    Instant used = ekm.clock.instant();
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
    ekm.clock.advance(Duration.ofMinutes(5));

    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> key().attributes().linkedAt().isPresent());
    assertThat(key().attributes().linkedAt()).contains(used);
    assertThat(vault().attributes().linkedAt()).contains(used);
    assertThat(ekm.sink.events("key.link"))
        .singleElement()
        .satisfies(event -> assertThat(event.actor()).isEqualTo("server"));
    assertThat(ekm.sink.events("vault.link")).hasSize(1);
  }

  @Test
  void laterSuccesses_writeNothing() {
    ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer();
    ekm.engine.admin().keys().linkUsed();
    Optional<Instant> linked = key().attributes().linkedAt();
    long revision = ekm.engine.revision();
    ekm.clock.advance(Duration.ofDays(1));

    ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer();

    assertThat(ekm.engine.admin().keys().linkUsed()).isZero();
    assertThat(key().attributes().linkedAt()).isEqualTo(linked);
    assertThat(ekm.engine.revision()).isEqualTo(revision);
  }

  @Test
  void metadataCalls_count_asOciMakesThemWhenItTakesUpVaultAndKey() {
    assertThat(ekm.get(ekm.vaultPath("/metadata")).status()).isEqualTo(200);
    ekm.engine.admin().keys().linkUsed();
    assertThat(vault().attributes().linkedAt()).isPresent();
    assertThat(key().attributes().linkedAt()).isEmpty();

    assertThat(ekm.get(ekm.keyPath("/metadata")).status()).isEqualTo(200);
    ekm.engine.admin().keys().linkUsed();
    assertThat(key().attributes().linkedAt()).isPresent();
  }

  @Test
  void refusedCalls_dontCount() {
    ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).authorization(Optional.of("Bearer bad")).answer();
    ekm.post(ekm.keyPath("/encrypt"), "{}").answer();
    ekm.engine.admin().keys().block(ADMIN, ekm.keyId());
    ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer();

    assertThat(ekm.engine.admin().keys().linkUsed()).isZero();
    assertThat(key().attributes().linkedAt()).isEmpty();
    assertThat(vault().attributes().linkedAt()).isEmpty();
  }

  @Test
  void storeThatTakesNoChange_isNotFeltByRequests_andTheUseIsWrittenLater() {
    store.fail(FaultyMetadataStore.Call.COMMIT, StoreFault.unavailable());
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
    assertThat(ekm.engine.admin().keys().linkUsed()).isZero();
    assertThat(ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).status()).isEqualTo(200);
    assertThat(key().attributes().linkedAt()).isEmpty();

    store.heal();
    ekm.engine.admin().keys().block(ADMIN, ekm.keyId());
    assertThat(catchThrowable(() -> ekm.engine.admin().keys().destroy(ADMIN, ekm.keyId())))
        .hasMessageContaining("linked");
    assertThat(key().attributes().linkedAt()).isPresent();
  }

  @Test
  void destroy_rightAfterTheFirstUse_isRefused_evenIfTheUseIsNotWrittenYet() {
    ekm.engine.admin().keys().linkUsed();
    ekm.post(ekm.keyPath("/encrypt"), ENCRYPT).answer();
    ekm.engine.admin().keys().block(ADMIN, ekm.keyId());

    assertThat(catchThrowable(() -> ekm.engine.admin().keys().destroy(ADMIN, ekm.keyId())))
        .hasMessageContaining("linked")
        .hasMessageContaining("--force");
  }

  private KeyRecord key() {
    return ekm.engine.admin().keys().find(ADMIN, ekm.keyId()).key();
  }

  private VaultRecord vault() {
    return ekm.engine.admin().vaults().find(ADMIN, "payments");
  }
}
