// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import org.openekm.testkit.oci.DomainEndpoint;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import org.openekm.testkit.oci.Outage;
import org.openekm.testkit.oci.TokenMint;

/** Forges tokens with the key of the kit's own identity domain. Thread-safe. */
public final class OwnDomainForge implements Target.Forge {

  private final FakeIdentityDomain domain;
  private final OAuthApp app;

  private OwnDomainForge(FakeIdentityDomain domain, OAuthApp app) {
    this.domain = domain;
    this.app = app;
  }

  /** Returns a forge of tokens for a client application. */
  public static OwnDomainForge of(FakeIdentityDomain domain, OAuthApp app) {
    return new OwnDomainForge(domain, app);
  }

  @Override
  public TokenMint good() {
    return domain.token(app);
  }

  @Override
  public boolean canWithholdKeys() {
    return true;
  }

  @Override
  public void withholdKeys(boolean withheld) {
    if (withheld) {
      domain.outage(DomainEndpoint.JWKS, Outage.status(503));
      domain.outage(DomainEndpoint.DISCOVERY, Outage.down());
    } else {
      domain.recover();
    }
  }

  @Override
  public byte[] publicKey() {
    return domain.publicKey().getEncoded();
  }
}
