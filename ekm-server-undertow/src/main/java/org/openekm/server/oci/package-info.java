// SPDX-License-Identifier: Apache-2.0
/** The Oracle Cloud half of a set-up, written as Terraform from what the server knows. */
@NullMarked
package org.openekm.server.oci;

import org.jspecify.annotations.NullMarked;
