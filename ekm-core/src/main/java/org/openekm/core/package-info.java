// SPDX-License-Identifier: Apache-2.0
/** The engine and its builder: what an embedder starts with. */
@NullMarked
package org.openekm.core;

import org.jspecify.annotations.NullMarked;
