// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Deadline;
import org.openekm.hsm.kmip.internal.client.TransportException.Kind;
import org.openekm.spi.ComponentContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several servers with the same keys, used as one: the first that works, in their order. Reaches
 * none before the first call. Thread-safe.
 */
public final class KmipClient implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KmipClient.class);

  private final List<Endpoint> endpoints;
  private final TlsContexts tls;
  private volatile boolean closed;

  /** Makes a client. */
  public KmipClient(KmipClientConfig config, ComponentContext context) {
    this.tls = new TlsContexts(config.files(), context.secrets());
    this.endpoints =
        IntStream.range(0, config.servers().size())
            .mapToObj(index -> new Endpoint(index, config, tls, context))
            .toList();
  }

  /** Returns when our certificate ends. */
  public Instant certificateEnd() {
    return tls.validUntil();
  }

  /** Returns the servers' names in their order. */
  public List<String> names() {
    return endpoints.stream().map(endpoint -> endpoint.address().label()).toList();
  }

  /**
   * Has a call done by the first server that can be reached. The call may be made again, from its
   * beginning, on another server or connection: a second time must do no harm.
   *
   * @throws RefusedException if a server refuses it
   * @throws TransportException if no server gives an answer that can be trusted
   */
  public <T> T call(Function<Session, T> work, Deadline deadline) {
    if (closed) {
      throw new TransportException(Kind.CLOSED, "the backend is closed", null);
    }
    RuntimeException last = null;
    List<Endpoint> candidates = candidates();
    for (int i = 0; i < candidates.size(); i++) {
      if (deadline.expired()) {
        throw last == null || isLate(last) ? noTime() : last;
      }
      boolean noOther = i == candidates.size() - 1;
      Deadline share = noOther ? deadline : deadline.atMost(half(deadline));
      try {
        return callOne(candidates.get(i), work, share);
      } catch (TransportException e) {
        if (e.kind() == Kind.SETTINGS || e.kind() == Kind.PROTOCOL) {
          throw e;
        }
        last = e;
      } catch (RefusedException e) {
        if (!isServersTrouble(e)) {
          throw e;
        }
        last = e;
      }
    }
    throw last == null ? nobody() : last;
  }

  /** Has a call done by one server, healthy or not. */
  public <T> T callServer(int index, Function<Session, T> work, Deadline deadline) {
    return callOne(endpoints.get(index), work, deadline);
  }

  private <T> T callOne(Endpoint endpoint, Function<Session, T> work, Deadline deadline) {
    boolean again = false;
    while (true) {
      try {
        ServerInfo info = endpoint.info(deadline);
        T result = work.apply(new Session(endpoint, info, deadline));
        endpoint.health().works();
        return result;
      } catch (RefusedException e) {
        endpoint.health().works();
        throw e;
      } catch (TransportException e) {
        note(endpoint, e);
        if (again || closed || e.kind() != Kind.CLOSED || deadline.expired()) {
          throw e;
        }
        // The server may have been restarted, and be back already.
        again = true;
      }
    }
  }

  private static void note(Endpoint endpoint, TransportException failure) {
    String why = String.valueOf(failure.getMessage());
    switch (failure.kind()) {
      case CONNECT, TLS, CLOSED -> {
        if (endpoint.health().why().isEmpty()) {
          LOG.warn("key manager {} is away: {}", endpoint.address().label(), why);
        }
        endpoint.health().failed(why);
        endpoint.forgetIntroduction();
      }
      case TIMEOUT -> endpoint.health().late(why);
      case PROTOCOL -> LOG.warn("key manager {}: {}", endpoint.address().label(), why);
      default -> LOG.debug("key manager {}: {}", endpoint.address().label(), why);
    }
  }

  /** Returns those that may be asked now, in their order. */
  private List<Endpoint> candidates() {
    List<Endpoint> open = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      if (endpoint.health().open()) {
        open.add(endpoint);
      }
    }
    return open;
  }

  private TransportException nobody() {
    String why =
        endpoints.stream()
            .map(endpoint -> endpoint.health().why())
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining("; "));
    return new TransportException(Kind.CONNECT, why + "; tried again within a second", null);
  }

  private static TransportException noTime() {
    return new TransportException(Kind.TIMEOUT, "no time was left to ask a key manager", null);
  }

  private static boolean isLate(@Nullable RuntimeException failure) {
    return failure instanceof TransportException e && e.kind() == Kind.TIMEOUT;
  }

  private static Duration half(Deadline deadline) {
    return deadline.remaining().dividedBy(2);
  }

  /** Returns true if another server may do what this one can't at the moment. */
  private static boolean isServersTrouble(RefusedException refused) {
    return refused
        .reason()
        .map(
            reason ->
                switch (reason) {
                  case SERVER_LIMIT_EXCEEDED,
                      INTERNAL_SERVER_ERROR,
                      PROTECTION_STORAGE_UNAVAILABLE ->
                      true;
                  case GENERAL_FAILURE -> refused.operation() != KmipOperation.DECRYPT;
                  default -> false;
                })
        .orElse(false);
  }

  /** Returns what there is to say of the servers: which are away, and how many connections. */
  public String summary() {
    return endpoints.stream()
        .map(
            endpoint ->
                endpoint.address().label()
                    + (endpoint.health().why().isEmpty() ? " " : " away, ")
                    + endpoint.connections()
                    + " connections")
        .collect(Collectors.joining(", "));
  }

  @Override
  public void close() {
    closed = true;
    endpoints.forEach(Endpoint::close);
  }
}
