// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.setup;

import org.openekm.hsm.kmip.internal.client.KmipClient;
import org.openekm.hsm.kmip.internal.ops.KmipKeyBackend;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.KeyBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts a backend together from its settings. */
public final class KmipBackends {

  private static final Logger LOG = LoggerFactory.getLogger(KmipBackends.class);

  private KmipBackends() {}

  /**
   * Returns the backend that the settings want; reaches no server.
   *
   * @throws org.openekm.spi.InvalidConfigurationException with everything that is wrong
   */
  public static KeyBackend open(ComponentContext context) {
    KmipConfig config = KmipConfigReader.read(context.settings());
    if (config.backend().localCrypto()) {
      LOG.warn(
          "backend {} fetches keys and computes here ('mode: local-crypto'): key material is in this"
              + " process's memory during each call",
          context.instanceName());
    }
    KmipClient client = new KmipClient(config.client(), context);
    return KmipKeyBackend.of(config.backend(), client, config.client().maxCalls(), context);
  }

  /** Returns a client alone, for a look at servers. */
  public static KmipClient client(ComponentContext context) {
    return new KmipClient(KmipConfigReader.read(context.settings()).client(), context);
  }
}
