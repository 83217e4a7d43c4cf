// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

import java.net.URI;
import org.openekm.testkit.oci.OAuthApp;

/**
 * What the process of an identity domain tells about itself.
 *
 * @param discoveryUrl where its OpenID configuration is
 * @param tokenUrl where it hands out tokens
 * @param resourceApp stands for the key manager
 * @param clientApp stands for OCI
 */
record DomainDescription(
    URI discoveryUrl, URI tokenUrl, OAuthApp resourceApp, OAuthApp clientApp) {}
