// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.openekm.core.admin.AdminAccess;
import org.openekm.core.admin.AdminIdentity;
import org.openekm.core.admin.ChangeGuard;
import org.openekm.core.admin.EntityTag;

/**
 * Carries requests out that were matched with a route: under the condition that {@code If-Match}
 * states, and once per {@code Idempotency-Key}. Thread-safe.
 */
final class AdminCalls {

  private static final String JSON = "application/json";

  private final AdminResources resources;
  private final List<AdminRoute> routes;
  private final RepeatedRequests repeated;

  AdminCalls(AdminResources resources, InstantSource clock) {
    this.resources = resources;
    this.routes = resources.routes();
    this.repeated = new RepeatedRequests(clock);
  }

  List<AdminRoute> routes() {
    return routes;
  }

  /**
   * Returns the answer to a request.
   *
   * @param index which of the routes it goes to
   */
  AdminAnswer answer(int index, AdminRequest request, Conditions conditions) {
    AdminRoute route = routes.get(index);
    boolean changes = !route.method().equals("GET");
    if (changes) {
      // What only reads finds out itself which parameters it knows.
      boolean unused = route.forcible() && request.query().flag("force");
      request.query().finish();
    }
    ChangeGuard guard = changes ? conditions.guard(request.path()) : ChangeGuard.open();
    if (conditions.repeatKey().isEmpty() || !makesSomethingNew(route)) {
      return carriedOut(index, request, guard);
    }
    requirePermission(route, request);
    return repeated.once(
        new RepeatedRequests.Request(
            caller(request.context().identity()),
            conditions.repeatKey().get(),
            request.fingerprint(route)),
        guard,
        () -> carriedOut(index, request, guard));
  }

  /** An answer that is only repeated tells nothing to somebody who has lost the verb since. */
  private void requirePermission(AdminRoute route, AdminRequest request) {
    AdminAccess access = resources.access();
    if (request.has("key") || request.has("name")) {
      access.requireForKey(
          request.context(), route.verb(), route.action(), KeyResources.named(request));
    } else if (request.has("vault")) {
      access.requireForVault(
          request.context(), route.verb(), route.action(), request.path("vault"));
    } else {
      access.requireEverywhere(request.context(), route.verb(), route.action());
    }
  }

  /** Names can be given again to somebody else; ids can't. */
  private static String caller(AdminIdentity identity) {
    return identity instanceof AdminIdentity.Administrator known
        ? "administrator " + known.id()
        : "root " + identity.actor();
  }

  /**
   * All others do no harm if they are repeated, and must be carried out whenever they come. An
   * answer with the credential of an administrator is never kept.
   */
  static boolean makesSomethingNew(AdminRoute route) {
    List<String> segments = route.segments();
    return route.method().equals("POST")
        && !segments.get(0).equals("administrators")
        && (route.status() == 201 || segments.get(segments.size() - 1).equals("rotate"));
  }

  private AdminAnswer carriedOut(int index, AdminRequest request, ChangeGuard guard) {
    AdminRoute route = resources.under(guard).routes().get(index);
    Object body = route.use().apply(request);
    request.query().finish();
    Optional<EntityTag> tag = Conditions.tag(guard, route.segments(), body);
    return AdminAnswer.json(
        route.status(),
        JSON,
        body,
        tag.map(each -> Map.of("ETag", "\"" + each.value() + "\"")).orElse(Map.of()));
  }
}
