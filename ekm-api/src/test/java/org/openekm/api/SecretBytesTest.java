// SPDX-License-Identifier: Apache-2.0
package org.openekm.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class SecretBytesTest {

  @Test
  void toString_secret_showsNothingOfIt() {
    SecretBytes secret = SecretBytes.copyOf("hunter2".getBytes(StandardCharsets.UTF_8));
    assertThat(secret).hasToString("SecretBytes[redacted]");
    assertThat(new Holder(secret).toString()).doesNotContain("hunter2");
  }

  private record Holder(SecretBytes plaintext) {}

  @Test
  void destroy_adoptedArray_isZeros() {
    byte[] array = {1, 2, 3};
    SecretBytes secret = SecretBytes.adopt(array);
    secret.destroy();
    assertThat(array).containsOnly(0);
    assertThat(secret.isDestroyed()).isTrue();
  }

  @Test
  void read_afterDestroy_isRefused() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1});
    secret.close();
    assertThatThrownBy(secret::toByteArray).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void equals_sameContent_isTrueUntilOneIsDestroyed() {
    SecretBytes one = SecretBytes.copyOf(new byte[] {1, 2});
    SecretBytes two = one.copy();
    assertThat(one).isEqualTo(two).hasSameHashCodeAs(two);
    two.destroy();
    assertThat(one).isNotEqualTo(two);
  }

  @Test
  void copy_originalDestroyed_keepsItsContent() {
    SecretBytes one = SecretBytes.copyOf(new byte[] {7});
    SecretBytes two = one.copy();
    one.destroy();
    assertThat(two.toByteArray()).containsExactly(7);
  }
}
