// SPDX-License-Identifier: Apache-2.0
/** KMIP's binary form: tag, type, length, value. */
@NullMarked
package org.openekm.hsm.kmip.internal.ttlv;

import org.jspecify.annotations.NullMarked;
