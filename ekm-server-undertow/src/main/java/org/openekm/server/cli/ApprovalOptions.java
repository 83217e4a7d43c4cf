// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What others have signed, for commands that may need it. */
final class ApprovalOptions {

  @Option(
      names = "--approval",
      paramLabel = "FILE",
      description =
          "What an approver has signed, if the server asks for approvals; repeat for more. See ekm approve.")
  @Nullable List<Path> files;

  /** Returns the fields of a body that carry the approvals; none if none were given. */
  Map<String, Object> body() {
    Map<String, Object> body = new LinkedHashMap<>();
    if (files == null) {
      return body;
    }
    List<SignedRequest> signed = files.stream().map(SignedRequest::read).toList();
    Set<String> requests = signed.stream().map(SignedRequest::request).collect(Collectors.toSet());
    if (requests.size() > 1) {
      throw new CommandFailedException(
          "The approvals are of different requests; have all approvers sign the same file", null);
    }
    body.put("approvalRequest", signed.get(0).request());
    body.put("approvalSignatures", signed.stream().map(SignedRequest::signature).toList());
    return body;
  }
}
