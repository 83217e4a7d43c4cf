// SPDX-License-Identifier: Apache-2.0
/** The commands {@code ekm kmip …}: look at a key manager before a server uses it. */
@NullMarked
package org.openekm.hsm.kmip.internal.cli;

import org.jspecify.annotations.NullMarked;
