// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.setup;

import org.openekm.hsm.kmip.internal.client.KmipClientConfig;
import org.openekm.hsm.kmip.internal.ops.KmipBackendConfig;

/**
 * The settings of a backend of the kind {@code kmip}, read and checked.
 *
 * @param client how servers are reached
 * @param backend what is done with them
 */
record KmipConfig(KmipClientConfig client, KmipBackendConfig backend) {}
