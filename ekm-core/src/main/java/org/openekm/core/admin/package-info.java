// SPDX-License-Identifier: Apache-2.0
/**
 * What an administrator can do to issuers, tenancies, vaults and keys. No HTTP: the management API,
 * the command line and an embedder call the same methods, and each change is in the audit before it
 * is acknowledged.
 */
@NullMarked
package org.openekm.core.admin;

import org.jspecify.annotations.NullMarked;
