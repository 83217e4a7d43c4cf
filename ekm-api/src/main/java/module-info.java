// SPDX-License-Identifier: Apache-2.0

/**
 * The types that services, backends, stores, sinks and policies of OpenEKM share. No dependency at
 * run time.
 */
module org.openekm.api {
  requires static org.jspecify;

  exports org.openekm.api;
  exports org.openekm.spi;
  exports org.openekm.spi.audit;
  exports org.openekm.spi.auth;
  exports org.openekm.spi.backend;
  exports org.openekm.spi.event;
  exports org.openekm.spi.policy;
  exports org.openekm.spi.store;
}
