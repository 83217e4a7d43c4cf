// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyId;
import org.openekm.api.KeyState;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.store.KeyVersionRecord;
import org.openekm.testkit.fake.BackendFault;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend;
import org.openekm.testkit.fake.FaultyKeyBackend.Call;

/** A key that is lost or changed in a device is noticed; one that can't be reached is not. */
class CanaryCheckTest {

  private final FakeKeyBackend device = new FakeKeyBackend();
  private final FaultyKeyBackend backend = new FaultyKeyBackend(device);
  private final List<String> warnings = new ArrayList<>();
  private final List<KeyVersionId> counted = new ArrayList<>();
  private final List<KeyVersionRecord> versions = new ArrayList<>();
  private final CanaryCheck canary = canary(backend);

  private CanaryCheck canary(KeyBackend on) {
    EkmListener listener =
        new EkmListener() {
          @Override
          public void onWarning(String code, String text) {
            warnings.add(code + ": " + text);
          }
        };
    return new CanaryCheck(
        new BackendRegistry(Map.of("main", on)),
        new CanaryCheck.InUse() {
          @Override
          public List<KeyVersionRecord> all() {
            return List.copyOf(versions);
          }

          @Override
          public boolean contains(KeyVersionRecord version) {
            return versions.contains(version);
          }
        },
        (id, deadline) -> counted.add(id),
        listener,
        NanoClock.system());
  }

  @Test
  void soundKeys_giveNoFinding_andAreEncryptedOnce() {
    add("01");
    add("02");
    for (int i = 0; i < 5; i++) {
      canary.tryNext(1);
    }

    assertThat(canary.findings()).isEmpty();
    assertThat(warnings).isEmpty();
    assertThat(counted).as("each counts as one use").hasSize(2);
    assertThat(backend.calls(Call.DECRYPT)).isEqualTo(10);
  }

  @Test
  void lostKey_isToldEachTime_untilItIsBack() {
    KeyVersionRecord version = add("01");
    canary.tryNext(1);
    device.destroyKey(version.ref(), soon());

    canary.tryNext(1);
    canary.tryNext(1);

    assertThat(warnings)
        .hasSize(2)
        .allMatch(text -> text.startsWith("canary: key version " + version.id()));
    assertThat(canary.findings()).singleElement().asString().contains("main", "01");

    device.putKey(version.ref(), SecretBytes.copyOf(new byte[32]));
    canary.tryNext(1);
    assertThat(canary.findings()).isEmpty();
  }

  @Test
  void changedKey_isTold() {
    KeyVersionRecord version = add("01");
    canary.tryNext(1);
    device.destroyKey(version.ref(), soon());
    byte[] other = new byte[32];
    other[0] = 1;
    device.putKey(version.ref(), SecretBytes.adopt(other));

    canary.tryNext(1);

    assertThat(canary.findings()).hasSize(1);
  }

  @Test
  void deviceOutOfReach_isNoFinding() {
    add("01");
    canary.tryNext(1);
    backend.failEverything(BackendFault.unavailable(true));

    canary.tryNext(1);

    assertThat(canary.findings()).isEmpty();
  }

  @Test
  void share_triesThatManyAndGoesOnFromThere() {
    for (int i = 10; i < 20; i++) {
      add(Integer.toString(i));
    }
    for (int i = 0; i < 10; i++) {
      canary.tryNext(0.1);
    }

    assertThat(counted).doesNotHaveDuplicates().hasSize(10);
  }

  @Test
  void everyMember_isTried() {
    KeyVersionRecord version = add("01");
    FakeKeyBackend second = new FakeKeyBackend();
    CanaryCheck onTwo = canary(new Pair(device, second));

    onTwo.tryNext(1);

    assertThat(onTwo.findings()).singleElement().asString().contains("main/two");
    second.putKey(version.ref(), SecretBytes.copyOf(new byte[32]));
    onTwo.tryNext(1);
    assertThat(onTwo.findings()).isEmpty();
  }

  @Test
  void versionOutOfUse_isForgotten() {
    KeyVersionRecord version = add("01");
    canary.tryNext(1);
    device.destroyKey(version.ref(), soon());
    canary.tryNext(1);
    versions.clear();

    canary.tryNext(1);

    assertThat(canary.findings()).isEmpty();
  }

  @Test
  void versionBlockedInTheMiddleOfARound_isLeftAlone() {
    add("01");
    KeyVersionRecord second = add("02");
    canary.tryNext(0.5);
    versions.remove(second);

    canary.tryNext(0.5);

    assertThat(counted).doesNotContain(second.id());
  }

  private KeyVersionRecord add(String ref) {
    BackendKeyRef key = new BackendKeyRef(ref);
    device.putKey(key, SecretBytes.copyOf(new byte[32]));
    KeyVersionRecord version =
        new KeyVersionRecord(
            new KeyVersionId(UUID.randomUUID()),
            new KeyId(UUID.randomUUID()),
            1,
            "main",
            key,
            KeyState.ACTIVE,
            Instant.EPOCH);
    versions.add(version);
    return version;
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(5), NanoClock.system());
  }

  /** Two devices as one backend. */
  private record Pair(KeyBackend one, KeyBackend two) implements KeyBackend {

    @Override
    public Map<String, KeyBackend> members() {
      return Map.of("one", one, "two", two);
    }

    @Override
    public Capabilities capabilities() {
      return one.capabilities();
    }

    @Override
    public BackendCiphertext encrypt(
        BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
      return one.encrypt(key, plaintext, aad, deadline);
    }

    @Override
    public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
      return one.decrypt(key, sealed, aad, deadline);
    }

    @Override
    public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
      return one.inspectKey(key, deadline);
    }

    @Override
    public CheckResult check(Deadline deadline) {
      return one.check(deadline);
    }

    @Override
    public void close() {
      one.close();
      two.close();
    }
  }
}
