// SPDX-License-Identifier: Apache-2.0
/**
 * Files that must survive a crash at any moment and belong to one process at a time. Shared by the
 * core, not for others.
 */
@NullMarked
package org.openekm.core.internal.io;

import org.jspecify.annotations.NullMarked;
