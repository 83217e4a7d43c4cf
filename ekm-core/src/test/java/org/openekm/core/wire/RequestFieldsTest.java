// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.openekm.core.wire.Wire.refusal;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.openekm.api.SecretBytes;

final class RequestFieldsTest {

  private final NameTable names =
      new NameTable(Map.of(RequestField.PLAINTEXT, List.of("clear", "plaintext")));

  @Test
  void close_plaintextThatNobodyTook_isDestroyed() {
    SecretBytes plaintext = SecretBytes.adopt(new byte[] {1});
    RequestFields fields = new RequestFields(names);
    fields.putPlaintext(plaintext);

    fields.close();

    assertThat(plaintext.isDestroyed()).isTrue();
  }

  @Test
  void close_plaintextThatWasTaken_isLeftToItsOwner() {
    SecretBytes plaintext = SecretBytes.adopt(new byte[] {1});
    RequestFields fields = new RequestFields(names);
    fields.putPlaintext(plaintext);

    assertThat(fields.takePlaintext()).isSameAs(plaintext);
    fields.close();

    assertThat(plaintext.isDestroyed()).isFalse();
  }

  @Test
  void takePlaintext_withoutOne_namesTheFieldAsTheProfileDoes() {
    RequestFields fields = new RequestFields(names);

    assertThat(refusal(fields::takePlaintext).safeDetail()).isEqualTo("clear is required");
  }
}
