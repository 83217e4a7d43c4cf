// SPDX-License-Identifier: Apache-2.0
package org.openekm.docs.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openekm.api.EkmErrorCode;
import org.openekm.core.backend.BackendErrors;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;

/** docs/writing-a-backend.md tells truly what becomes of a backend's exceptions. */
final class BackendPageTest {
  private static final Page PAGE = Page.read("docs/writing-a-backend.md");
  private static final Map<String, BackendException> EXAMPLES =
      Map.of(
          "KeyMissing", new BackendException.KeyMissing("m", null),
          "KeyUnusable", new BackendException.KeyUnusable("m", null),
          "AuthenticationTagMismatch", new BackendException.AuthenticationTagMismatch("m", null),
          "Unavailable", new BackendException.Unavailable("m", true, null),
          "TimedOut", new BackendException.TimedOut("m", null),
          "Misconfigured", new BackendException.Misconfigured("m", null));

  @Test
  void table_holdsEveryKindOfException() {
    List<String> kinds =
        Arrays.stream(BackendException.class.getPermittedSubclasses())
            .map(Class::getSimpleName)
            .toList();

    assertThat(exceptions().column("You throw").stream().map(Page::code))
        .containsExactlyInAnyOrderElementsOf(kinds);
  }

  @Test
  void table_saysWhatOciGetsAndWhetherTheDeviceIsBlamed() throws ReflectiveOperationException {
    var blamesDevice =
        BackendErrors.class.getDeclaredMethod("blamesDevice", BackendException.class);
    blamesDevice.setAccessible(true);
    for (List<String> row : exceptions().rows()) {
      BackendException example = EXAMPLES.get(Page.code(row.get(0)));
      EkmErrorCode code = BackendErrors.toEkm(example).code();

      assertThat(row.get(1)).isEqualTo(code.httpStatus() + " `" + code.name() + "`");
      assertThat(row.get(2))
          .as("counts for %s", row.get(0))
          .isEqualTo((boolean) blamesDevice.invoke(null, example) ? "yes" : "no");
    }
  }

  @Test
  void features_areAll() {
    assertThat(
            PAGE.table("Feature", "Method", "Without it").column("Feature").stream()
                .map(Page::code))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(BackendFeature.values()).map(Enum::name).toList());
  }

  private static Page.Table exceptions() {
    return PAGE.table("You throw", "OCI gets", "Counts as a failure of the device");
  }
}
