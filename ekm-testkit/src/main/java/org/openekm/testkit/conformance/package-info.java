// SPDX-License-Identifier: Apache-2.0

/**
 * A black box that judges any vendor's endpoint against the wire contract of OCI External KMS: what
 * each check demands, on which evidence, and what the endpoint did.
 */
@NullMarked
package org.openekm.testkit.conformance;

import org.jspecify.annotations.NullMarked;
