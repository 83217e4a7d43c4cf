// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.auth;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.openekm.spi.store.IssuerId;
import org.openekm.spi.store.IssuerRecord;

/** The issuers that are believed, each with its source of keys. Thread-safe; readers never wait. */
final class IssuerRegistry implements AutoCloseable {

  private final Function<IssuerRecord, JwkSetSource> sources;
  private volatile Map<IssuerId, JwkSetSource> byId = Map.of();
  private boolean closed;

  IssuerRegistry(Function<IssuerRecord, JwkSetSource> sources) {
    this.sources = sources;
  }

  Optional<JwkSetSource> find(IssuerId id) {
    return Optional.ofNullable(byId.get(id));
  }

  Collection<JwkSetSource> all() {
    return byId.values();
  }

  /**
   * Believes exactly these issuers from now on. One that has changed starts without keys, for the
   * old ones may be what the operator wanted to be rid of.
   */
  synchronized void replace(Collection<IssuerRecord> issuers) {
    if (closed) {
      throw new IllegalStateException("the token check is closed");
    }
    Map<IssuerId, JwkSetSource> before = byId;
    Map<IssuerId, JwkSetSource> after = new HashMap<>();
    Map<IssuerId, JwkSetSource> fresh = new HashMap<>();
    for (IssuerRecord issuer : issuers) {
      JwkSetSource known = before.get(issuer.id());
      if (known != null && known.issuer().equals(issuer)) {
        after.put(issuer.id(), known);
      } else {
        JwkSetSource source = sources.apply(issuer);
        after.put(issuer.id(), source);
        fresh.put(issuer.id(), source);
      }
    }
    byId = Map.copyOf(after);
    before.values().stream()
        .filter(source -> after.get(source.issuer().id()) != source)
        .forEach(JwkSetSource::close);
    fresh.values().forEach(JwkSetSource::start);
  }

  @Override
  public synchronized void close() {
    closed = true;
    byId.values().forEach(JwkSetSource::close);
    byId = Map.of();
  }
}
