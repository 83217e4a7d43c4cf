// SPDX-License-Identifier: Apache-2.0
/** A backend without a device: keys in an encrypted file, AES-GCM by the Java platform. */
@NullMarked
package org.openekm.core.backend.software;

import org.jspecify.annotations.NullMarked;
