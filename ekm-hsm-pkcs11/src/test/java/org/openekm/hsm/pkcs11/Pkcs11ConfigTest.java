// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.backend.BackendException;

/** What is wrong in the settings is told all at once, each with its field and a hint. */
class Pkcs11ConfigTest {

  static final List<String> PROFILES = VendorProfile.NAMES;

  @Test
  void everythingWrong_isToldAtOnce() {
    InvalidConfigurationException failure =
        refusal(
            Map.of(
                "module", "libsofthsm2.so",
                "pin", "1234",
                "profile", "acme",
                "sessions", "0",
                "iv-mode", "guess",
                "isolation", "maybe",
                "token.slot", "one",
                "retry-interval", "10ms",
                "mechanism", "gcm",
                "colour", "red"));

    assertThat(failure.problems())
        .extracting(ConfigurationProblem::field)
        .contains(
            "module",
            "pin",
            "profile",
            "sessions",
            "iv-mode",
            "isolation",
            "token.slot",
            "retry-interval",
            "mechanism",
            "colour");
    assertThat(failure.problems()).allSatisfy(problem -> assertThat(problem.hint()).isNotBlank());
    assertThat(failure.toString()).as("a PIN put there by mistake").doesNotContain("1234");
  }

  @Test
  void nothing_asksForModuleAndToken() {
    assertThat(refusal(Map.of()).problems())
        .extracting(ConfigurationProblem::field)
        .containsExactlyInAnyOrder("module", "token.label");
  }

  @ParameterizedTest
  @CsvSource({
    "leave-out.0, colour",
    "order, random",
    "hang-after, soon",
    "max-plaintext, 1",
    "import, maybe"
  })
  void wrongValue_namesItsField(String field, String value) {
    Map<String, String> settings = new HashMap<>(Map.of("module", "/m.so", "token.label", "ekm"));
    settings.put(field, value);

    assertThat(refusal(settings).problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly(field.replace(".0", ""));
  }

  @Test
  void tokenBesideTokens_isRefused() {
    assertThat(
            refusal(
                    Map.of(
                        "module",
                        "/m.so",
                        "token.label",
                        "one",
                        "tokens.0.label",
                        "one",
                        "tokens.1.label",
                        "two"))
                .problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("token");
  }

  @Test
  void twoTokensOfOneName_areRefused() {
    assertThat(
            refusal(
                    Map.of(
                        "module", "/m.so",
                        "tokens.0.label", "one",
                        "tokens.0.name", "a",
                        "tokens.1.label", "two",
                        "tokens.1.name", "a"))
                .problems())
        .extracting(ConfigurationProblem::field)
        .containsExactly("tokens.1.name");
  }

  @Test
  void tokenWithoutGcm_isRefusedByItsProfile() {
    assertThat(
            refusal(Map.of("module", "/m.so", "token.label", "ekm", "profile", "yubihsm"))
                .problems())
        .extracting(ConfigurationProblem::problem)
        .containsExactly("is of a token that can't be used: it has no AES-GCM");
  }

  @Test
  void moduleThatIsNotThere_isNamed() {
    assertThatThrownBy(
            () -> Backends.open(() -> "", Map.of("module", "/no/m.so", "token.label", "ekm")))
        .isInstanceOf(BackendException.Misconfigured.class)
        .hasMessageContaining("/no/m.so");
  }

  @ParameterizedTest
  @FieldSource("PROFILES")
  void profile_isComplete(String name) {
    VendorProfile profile = VendorProfile.named(name).orElseThrow();

    assertThat(profile.title()).isNotBlank();
    assertThat(profile.settings().keySet())
        .isSubsetOf(
            "iv-mode",
            "gcm-parameters",
            "max-plaintext",
            "import",
            "unwrap-mechanism",
            "leave-out");
  }

  @Test
  void manufacturer_findsItsProfile() {
    assertThat(VendorProfile.ofManufacturer("SoftHSM project").name()).isEqualTo("softhsm");
    assertThat(VendorProfile.ofManufacturer("nCipher Corp. Ltd").name()).isEqualTo("nshield");
    assertThat(VendorProfile.ofManufacturer("Acme").name()).isEqualTo("generic");
  }

  private static InvalidConfigurationException refusal(Map<String, String> settings) {
    return catchThrowableOfType(
        InvalidConfigurationException.class, () -> Backends.open(() -> "", settings));
  }
}
