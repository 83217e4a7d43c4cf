// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a set-up file means for one thing: the fields as they are and shall be, and the calls that
 * bring it about.
 *
 * @param kind issuer, tenancy, vault, key or administrator
 * @param name its name; of a key, {@code VAULT/NAME}
 * @param path where it stands in the file
 * @param mark what happens to it as a whole
 * @param fields what happens to each field that the file names
 * @param calls in their order; empty if there is nothing to do
 * @param tag what it was like when the change was decided on; absent for something new
 */
record SetupChange(
    String kind,
    String name,
    String path,
    Mark mark,
    List<Field> fields,
    List<Call> calls,
    Optional<String> tag) {

  SetupChange {
    fields = List.copyOf(fields);
    calls = List.copyOf(calls);
  }

  /** What happens to a thing or a field. */
  enum Mark {
    ADD("+"),
    CHANGE("~"),
    SAME("="),
    /** Differs, and is not for a file to change. */
    LEAVE("!");

    private final String sign;

    Mark(String sign) {
      this.sign = sign;
    }

    String sign() {
      return sign;
    }
  }

  /**
   * One field.
   *
   * @param before what it is on the server; empty if it is not there
   * @param after what the file says
   * @param hint what to do oneself; empty if nothing
   */
  record Field(String name, Mark mark, String before, String after, String hint) {}

  /**
   * One call of the management API.
   *
   * @param body the body; empty for none
   */
  record Call(String method, String path, Map<String, Object> body) {}
}
