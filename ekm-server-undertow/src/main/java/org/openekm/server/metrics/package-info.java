// SPDX-License-Identifier: Apache-2.0
/** What operators watch: the core's events as Micrometer meters in Prometheus' text form. */
@NullMarked
package org.openekm.server.metrics;

import org.jspecify.annotations.NullMarked;
