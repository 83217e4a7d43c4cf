// SPDX-License-Identifier: Apache-2.0
/** The commands {@code ekm hsm …}: look at a library and its tokens before a server uses them. */
@NullMarked
package org.openekm.hsm.pkcs11.internal.cli;

import org.jspecify.annotations.NullMarked;
