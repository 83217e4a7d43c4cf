// SPDX-License-Identifier: Apache-2.0
/** The engine, independent of any HTTP server. */
module org.openekm.core {
  requires static org.apiguardian.api;
  requires static org.jspecify;
  requires transitive org.openekm.api;
  requires com.github.benmanes.caffeine;
  requires com.nimbusds.jose.jwt;
  requires io.github.resilience4j.bulkhead;
  requires io.github.resilience4j.circuitbreaker;
  requires io.github.resilience4j.core;
  requires java.net.http;
  requires org.slf4j;
  requires tools.jackson.databind;

  exports org.openekm.core;
  exports org.openekm.core.admin;
  exports org.openekm.core.audit;
  exports org.openekm.core.auth;
  exports org.openekm.core.backend;
  exports org.openekm.core.endpoint;
  exports org.openekm.core.policy;
  exports org.openekm.core.store;
  exports org.openekm.core.wire;

  provides org.openekm.spi.audit.AuditSinkProvider with
      org.openekm.core.audit.FileAuditSinkProvider;
  provides org.openekm.spi.backend.KeyBackendProvider with
      org.openekm.core.backend.software.SoftwareKeyBackendProvider;
  provides org.openekm.spi.policy.PolicyEngineProvider with
      org.openekm.core.policy.RulePolicyEngineProvider;
  provides org.openekm.spi.store.MetadataStoreProvider with
      org.openekm.core.store.InMemoryMetadataStoreProvider;
}
