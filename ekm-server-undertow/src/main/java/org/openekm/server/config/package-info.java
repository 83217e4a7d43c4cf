// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration file: YAML with references to the environment and to files, read into records
 * with all problems reported at once, each with its line; and the assembly of a running server from
 * it.
 */
@NullMarked
package org.openekm.server.config;

import org.jspecify.annotations.NullMarked;
