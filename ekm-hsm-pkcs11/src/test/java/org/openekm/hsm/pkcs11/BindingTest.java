// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.openekm.hsm.pkcs11.internal.binding.Binding;
import org.openekm.hsm.pkcs11.internal.binding.CryptokiLibraries;
import org.openekm.hsm.pkcs11.internal.token.TokenProbe;
import org.openekm.hsm.pkcs11.testtoken.Backends;
import org.openekm.hsm.pkcs11.testtoken.NssToken;
import org.openekm.hsm.pkcs11.testtoken.SoftHsm;
import org.openekm.hsm.pkcs11.testtoken.TestToken;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;

/** Which way a library is called, and what happens if it can't be. */
class BindingTest {

  private static final int FIRST_WITH_FOREIGN_FUNCTIONS = 22;

  @TempDir Path directory;

  @Test
  void platformBinding_isThereOnNewJavaOnly() {
    boolean expected = Runtime.version().feature() >= FIRST_WITH_FOREIGN_FUNCTIONS;

    assertThat(CryptokiLibraries.hasFfm()).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(Binding.class)
  void everyBinding_worksWithBothTokensInOneProcess(Binding binding) {
    assumeTrue(SoftHsm.missing().isEmpty(), () -> SoftHsm.missing().orElse(""));
    assumeTrue(NssToken.missing().isEmpty(), () -> NssToken.missing().orElse(""));
    assumeTrue(
        binding != Binding.FFM || CryptokiLibraries.hasFfm(), "this Java has no foreign functions");
    TestToken softHsm = SoftHsm.create();
    String name = binding.name().toLowerCase(Locale.ROOT);
    try (KeyBackend one = Backends.open(softHsm, "binding", name);
        KeyBackend two = Backends.open(NssToken.create(directory), "binding", name)) {
      new TokenProbe(one).roundTrip();
      new TokenProbe(two).roundTrip();
    } finally {
      SoftHsm.delete(softHsm);
    }
  }

  @Test
  void library_thatIsNotThereOrNone_isRefusedWithItsName() throws Exception {
    Path text = Files.writeString(directory.resolve("text.so"), "no library");

    for (Path path : new Path[] {text, directory.resolve("nothing.so"), Path.of("relative.so")}) {
      assertThatThrownBy(() -> CryptokiLibraries.open(path, Binding.AUTO))
          .isInstanceOf(BackendException.Misconfigured.class)
          .hasMessageContaining(path.getFileName().toString());
    }
  }

  @Test
  void library_withoutPkcs11_isRefused() {
    Path other = Path.of("/lib/x86_64-linux-gnu/libc.so.6");
    assumeTrue(Files.exists(other), "there is no other library to try");

    assertThatThrownBy(() -> CryptokiLibraries.open(other, Binding.AUTO))
        .isInstanceOf(BackendException.Misconfigured.class)
        .hasMessageContaining("C_GetFunctionList");
  }
}
