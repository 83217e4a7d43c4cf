// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.EnumSet;
import java.util.Set;
import org.openekm.api.EkmException;

/**
 * Reads request fields from the query. Nothing is percent-decoded: ids and numbers need no
 * encoding, so a value that has any breaks its rule. Immutable and thread-safe.
 */
final class QueryReader {

  private static final int MAX_LENGTH = 1024;
  private static final String QUERY = "query";

  private final boolean ignoreUnknown;

  QueryReader(boolean ignoreUnknown) {
    this.ignoreUnknown = ignoreUnknown;
  }

  void read(String query, NameTable names, RequestFields fields) {
    if (query.isEmpty()) {
      return;
    }
    if (query.length() > MAX_LENGTH) {
      throw EkmException.malformed(QUERY, "must be at most " + MAX_LENGTH + " characters");
    }
    Set<RequestField> seen = EnumSet.noneOf(RequestField.class);
    for (int start = 0; start < query.length(); ) {
      int next = query.indexOf('&', start);
      int end = next < 0 ? query.length() : next;
      int equals = query.indexOf('=', start);
      boolean hasValue = equals >= 0 && equals < end;
      String name = query.substring(start, hasValue ? equals : end);
      RequestField field = names.field(name);
      if (field != null) {
        if (!seen.add(field)) {
          throw fields.broken(field, "is given more than once");
        }
        put(field, hasValue ? query.substring(equals + 1, end) : "", fields);
      } else if (!ignoreUnknown) {
        throw EkmException.malformed(QUERY, names.rule());
      }
      start = end + 1;
    }
  }

  private static void put(RequestField field, String value, RequestFields fields) {
    if (field == RequestField.LENGTH) {
      fields.putLength(BodyReader.lengthOf(value, fields));
    } else {
      fields.putVersion(value);
    }
  }
}
