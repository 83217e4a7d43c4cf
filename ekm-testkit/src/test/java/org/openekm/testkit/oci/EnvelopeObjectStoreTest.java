// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.oci;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.Bytes;
import org.openekm.testkit.fake.TestCertificates;

class EnvelopeObjectStoreTest {

  private static final KeyReference KEY = KeyReference.latest(StandInVendor.KEY);
  private static final Bytes CONTENT = Bytes.copyOf("quarterly figures".getBytes(UTF_8));

  @TempDir private Path directory;
  private FakeIdentityDomain domain;
  private StandInVendor vendor;
  private EnvelopeObjectStore bucket;

  @BeforeEach
  void start() {
    TestCertificates ca = TestCertificates.create();
    domain = FakeIdentityDomain.start();
    vendor = new StandInVendor(domain, ca.server(), directory);
    String token = domain.token("client", "https://127.0.0.1/").serialize();
    OciCaller caller =
        OciCaller.builder(vendor.vaultUrl(), TokenSource.fixed(token))
            .trust(ca.clientContext())
            .connectTimeout(Duration.ofSeconds(20))
            .readTimeout(Duration.ofSeconds(20))
            .build();
    bucket = new EnvelopeObjectStore("Test_Bucket", caller, KEY);
  }

  @AfterEach
  void stop() {
    vendor.close();
    domain.close();
  }

  @Test
  void put_get_givesTheContentBack() {
    StoredObject stored = bucket.put("report", CONTENT).orThrow();

    assertThat(stored.size()).isEqualTo(CONTENT.length());
    assertThat(bucket.get("report").orThrow()).isEqualTo(CONTENT);
  }

  @Test
  void put_vendorGivesRandomBytesAlone_wrapsThemInASecondCall() {
    vendor.sealRandomBytes(false);
    bucket.put("report", CONTENT);

    assertThat(vendor.seen()).hasSize(2);
    assertThat(bucket.get("report").orThrow()).isEqualTo(CONTENT);
  }

  @Test
  void get_keyBlocked_isRefusedUntilUnblocked() {
    bucket.put("report", CONTENT);
    bucket.get("report");
    vendor.block(true);

    assertThat(bucket.get("report").response().status()).isEqualTo(403);
    assertThat(bucket.get("report").value()).isEmpty();

    vendor.block(false);
    assertThat(bucket.get("report").orThrow()).isEqualTo(CONTENT);
  }

  @Test
  void put_keyBlocked_leavesTheOldObject() {
    bucket.put("report", CONTENT);
    vendor.block(true);

    assertThat(bucket.put("report", Bytes.empty()).response().status()).isEqualTo(403);

    vendor.block(false);
    assertThat(bucket.get("report").orThrow()).isEqualTo(CONTENT);
  }

  @Test
  void get_afterRotation_readsOldObjectAndNewOneUsesNewVersion() {
    String oldVersion = bucket.put("old", CONTENT).orThrow().keyVersionId();
    String newVersion = vendor.rotate();
    bucket.useKey(KEY.pinnedTo(newVersion));

    assertThat(bucket.put("new", CONTENT).orThrow().keyVersionId())
        .isEqualTo(newVersion)
        .isNotEqualTo(oldVersion);
    assertThat(bucket.get("old").orThrow()).isEqualTo(CONTENT);
    assertThat(bucket.get("new").orThrow()).isEqualTo(CONTENT);
  }

  @Test
  void get_eachTime_asksTheKeyManager() {
    bucket.put("report", CONTENT);
    bucket.get("report");
    bucket.get("report");

    assertThat(vendor.seen()).hasSize(3);
  }

  @Test
  void get_unknownName_isRefused() {
    assertThatThrownBy(() -> bucket.get("nothing"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("nothing");
  }
}
