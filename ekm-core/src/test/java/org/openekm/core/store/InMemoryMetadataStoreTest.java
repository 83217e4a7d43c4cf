// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;
import org.openekm.spi.store.TenancyId;
import org.openekm.spi.store.TenancyRecord;

final class InMemoryMetadataStoreTest {

  private static final KeyVersionId VERSION = new KeyVersionId(new UUID(0, 1));

  private final InMemoryMetadataStore store = new InMemoryMetadataStore();

  @Test
  void load_newStore_isEmptyAtRevision0() {
    assertThat(store.load()).isEqualTo(MetadataSnapshot.empty());
    assertThat(store.isExclusive()).isTrue();
  }

  @Test
  void commit_wrongRevision_changesNothing() {
    store.commit(0, List.of(put("a")));
    assertThatThrownBy(() -> store.commit(0, List.of(put("b"))))
        .isInstanceOf(RevisionConflictException.class);
    assertThat(store.load().tenancies()).extracting(TenancyRecord::name).containsExactly("a");
    assertThat(store.revision()).isEqualTo(1);
  }

  @Test
  void commit_nothing_isRefused() {
    assertThatThrownBy(() -> store.commit(0, List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(store.revision()).isZero();
  }

  @Test
  void commit_putAndRemoveOfOneRecord_applyInTheirOrder() {
    store.commit(
        0, List.of(put("a"), new MetadataChange.RemoveTenancy(tenancy("a").id()), put("b")));
    assertThat(store.load().tenancies()).containsExactly(tenancy("b"));
  }

  @Test
  void reserveUsage_severalTimes_returnsTheTotalBefore() {
    assertThat(store.reserveUsage(VERSION, 100)).isZero();
    assertThat(store.reserveUsage(VERSION, 1)).isEqualTo(100);
    assertThat(store.reserveUsage(new KeyVersionId(new UUID(0, 2)), 1)).isZero();
    assertThat(store.revision()).isZero();
    assertThatThrownBy(() -> store.reserveUsage(VERSION, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void close_everyCallButCheckFails() {
    assertThat(store.check().healthy()).isTrue();
    store.close();
    assertThat(store.check().healthy()).isFalse();
    assertThatThrownBy(store::load).isInstanceOf(StoreException.class);
    assertThatThrownBy(store::revision).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.commit(0, List.of(put("a")))).isInstanceOf(StoreException.class);
    assertThatThrownBy(() -> store.reserveUsage(VERSION, 1)).isInstanceOf(StoreException.class);
  }

  private static MetadataChange put(String name) {
    return new MetadataChange.PutTenancy(tenancy(name));
  }

  private static TenancyRecord tenancy(String name) {
    return new TenancyRecord(
        new TenancyId(new UUID(7, name.charAt(0))),
        name,
        "ocid1.tenancy.oc1..a",
        java.time.Instant.parse("2026-05-12T12:00:00Z"));
  }
}
