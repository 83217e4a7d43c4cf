// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.tck;

import java.util.Set;

class WordPolicyTckTest extends WordPolicyKit {

  WordPolicyTckTest() {
    super(Set.of());
  }
}
