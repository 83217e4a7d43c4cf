// SPDX-License-Identifier: Apache-2.0
/**
 * What exists and may serve: an immutable view of the metadata, how fresh it is, and how a change
 * takes effect everywhere before it is acknowledged.
 */
@NullMarked
package org.openekm.core.catalog;

import org.jspecify.annotations.NullMarked;
