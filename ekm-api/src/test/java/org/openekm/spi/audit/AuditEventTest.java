// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class AuditEventTest {

  @Test
  void build_details_keepTheirOrderAndCannotBeChanged() {
    AuditEvent event =
        AuditEvent.builder(Instant.EPOCH, "key.block")
            .actor("kim")
            .detail("z", "1")
            .detail("a", "2")
            .build();
    assertThat(event.succeeded()).isTrue();
    assertThat(event.details())
        .containsExactly(java.util.Map.entry("z", "1"), java.util.Map.entry("a", "2"));
    assertThatThrownBy(() -> event.details().put("x", "y"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void succeeded_errorCode_isFalse() {
    assertThat(
            AuditEvent.builder(Instant.EPOCH, "encrypt").outcome("KEY_BLOCKED").build().succeeded())
        .isFalse();
  }
}
