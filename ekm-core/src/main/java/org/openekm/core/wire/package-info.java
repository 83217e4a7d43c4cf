// SPDX-License-Identifier: Apache-2.0
/**
 * The JSON that goes over the wire, kept apart from what it means: a wire profile is data and says
 * which paths, field names, state words and error texts are used; the codec turns requests and
 * answers into the records of {@code org.openekm.api} and back.
 */
@NullMarked
package org.openekm.core.wire;

import org.jspecify.annotations.NullMarked;
