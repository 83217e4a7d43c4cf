// SPDX-License-Identifier: Apache-2.0
/** The built-in policy language: a list of allow and deny rules in JSON. */
@NullMarked
package org.openekm.core.policy;

import org.jspecify.annotations.NullMarked;
