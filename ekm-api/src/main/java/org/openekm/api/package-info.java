// SPDX-License-Identifier: Apache-2.0
/**
 * The six operations of OCI External KMS as Java types: the service interface, its requests and
 * results, identifiers, error codes and the byte containers that keep secrets out of logs.
 *
 * <p>Nothing in this package does I/O, starts a thread or reads a clock of its own.
 */
@NullMarked
package org.openekm.api;

import org.jspecify.annotations.NullMarked;
