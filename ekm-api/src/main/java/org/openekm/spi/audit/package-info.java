// SPDX-License-Identifier: Apache-2.0
/** Where the record of every call and every change goes, before the caller gets an answer. */
@NullMarked
package org.openekm.spi.audit;

import org.jspecify.annotations.NullMarked;
