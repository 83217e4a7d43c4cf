// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Set;

class PlainTokenTckTest extends PlainTokenKit {

  PlainTokenTckTest() {
    super(Set.of());
  }
}
