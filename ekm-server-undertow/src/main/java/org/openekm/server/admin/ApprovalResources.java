// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openekm.core.admin.ApprovalAdmin;
import org.openekm.core.admin.ApprovalRequest;
import org.openekm.core.admin.ApprovedAction;

/** The paths that make the requests which approvers sign. */
final class ApprovalResources {

  private static final String DEFAULT_VALIDITY = "1h";
  private static final String ASK = "/request-approval";

  private final ApprovalAdmin approvals;

  ApprovalResources(ApprovalAdmin approvals) {
    this.approvals = approvals;
  }

  List<AdminRoute> routes() {
    List<AdminRoute> routes = new ArrayList<>();
    routes.add(
        AdminRoute.of(
            "POST",
            "/vaults/{vault}/unblock" + ASK,
            ApprovedAction.UNBLOCK.verb(),
            request -> {
              Duration valid = valid(request);
              request.finish();
              return view(approvals.forVault(request.context(), request.path("vault"), valid));
            }));
    for (String base : List.of("/keys/{key}", "/vaults/{vault}/keys/{name}")) {
      for (ApprovedAction action : ApprovedAction.values()) {
        routes.add(
            AdminRoute.of(
                "POST",
                base + "/" + action.word() + ASK,
                action.verb(),
                request -> ask(request, action)));
      }
    }
    return routes;
  }

  private Object ask(AdminRequest request, ApprovedAction action) {
    Duration valid = valid(request);
    request.finish();
    return view(approvals.forKey(request.context(), action, KeyResources.named(request), valid));
  }

  private static Duration valid(AdminRequest request) {
    return request.duration("validFor", DEFAULT_VALIDITY, "1h or 24h");
  }

  private static Map<String, Object> view(ApprovalRequest request) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("request", request.text());
    view.put("expires", request.expires().toString());
    return view;
  }
}
