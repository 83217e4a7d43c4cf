// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openekm.api.Bytes;
import org.openekm.hsm.pkcs11.internal.cryptoki.CkFunction;
import org.openekm.hsm.pkcs11.internal.fake.FakeBehavior;
import org.openekm.hsm.pkcs11.internal.fake.FakeTokens;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;

/** Every way in which tokens deal with IVs, and that none is trusted without a look. */
class IvModeTest {

  @ParameterizedTest
  @CsvSource({"CALLER, CALLER", "IN_PARAM, IN_PARAM", "APPENDED, APPENDED", "PREPENDED, PREPENDED"})
  void mode_ofASuitableToken_givesFreshIvsAndRoundTrips(FakeBehavior.Iv token, IvMode mode) {
    try (KeyBackend backend = tokens(token).open(mode)) {
      TokenProbe probe = new TokenProbe(backend);
      Set<Bytes> ivs = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        ivs.add(probe.encrypt().iv());
      }

      assertThat(ivs).hasSize(200);
      probe.roundTrip();
    }
  }

  @ParameterizedTest
  @CsvSource({
    // SoftHSM set up for a device's IVs: uses what it was given, zeros.
    "CALLER, IN_PARAM",
    "CALLER, APPENDED",
    "CALLER, PREPENDED",
    "REPEATING, IN_PARAM",
    "APPENDED_LONG, APPENDED",
    "APPENDED, CALLER",
    "PREPENDED, CALLER",
    "REPLACED_SECRETLY, CALLER"
  })
  void mode_thatDoesNotSuitTheToken_isRefusedBeforeAnythingIsGivenOut(
      FakeBehavior.Iv token, IvMode mode) {
    try (KeyBackend backend = tokens(token).open(mode)) {
      assertThatThrownBy(() -> new TokenProbe(backend))
          .isInstanceOf(BackendException.class)
          .hasMessageMatching("(?s).*(iv-mode|self-test).*");
    }
  }

  @Test
  void parameters_ofTheOtherForm_areFoundOnce() {
    FakeTokens tokens = new FakeTokens(FakeBehavior.nss());
    try (KeyBackend backend = tokens.open(IvMode.CALLER)) {
      TokenProbe probe = new TokenProbe(backend);
      int before = tokens.library().faults().count(CkFunction.ENCRYPT_INIT);
      for (int i = 0; i < 10; i++) {
        probe.encrypt();
      }

      assertThat(tokens.library().faults().count(CkFunction.ENCRYPT_INIT) - before).isEqualTo(10);
    }
  }

  private static FakeTokens tokens(FakeBehavior.Iv token) {
    return new FakeTokens(FakeBehavior.softHsm().with(token));
  }
}
