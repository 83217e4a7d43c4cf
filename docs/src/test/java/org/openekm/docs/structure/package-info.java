// SPDX-License-Identifier: Apache-2.0
/** Rules that hold across modules, as tests. */
package org.openekm.docs.structure;
