// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import java.util.List;

/** What a profile says of one operation. */
record OperationProfile(
    List<RoutePattern> routes, NameTable request, NameTable query, ResponseTemplate response) {}
