// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      request.query().finish();
    }
    ChangeGuard guard = changes ? conditions.guard(request.path()) : ChangeGuard.open();
    if (conditions.repeatKey().isEmpty() || !makesSomethingNew(route)) {
      return carriedOut(index, request, guard);
    }
    return repeated.once(
        new RepeatedRequests.Request(
            request.context().actor(), conditions.repeatKey().get(), request.fingerprint(route)),
        guard,
        () -> carriedOut(index, request, guard));
  }

  /** All others do no harm if they are repeated, and must be carried out whenever they come. */
  static boolean makesSomethingNew(AdminRoute route) {
    List<String> segments = route.segments();
    return route.method().equals("POST")
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
