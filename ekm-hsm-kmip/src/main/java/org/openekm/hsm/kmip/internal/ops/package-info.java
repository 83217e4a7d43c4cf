// SPDX-License-Identifier: Apache-2.0
/** What a backend does, as KMIP operations. */
@NullMarked
package org.openekm.hsm.kmip.internal.ops;

import org.jspecify.annotations.NullMarked;
