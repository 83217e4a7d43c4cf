// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.drill;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.openekm.testkit.fake.TcpProxy;
import org.openekm.testkit.oci.OciCaller;

/**
 * A node under drill.
 *
 * @param name its name in the report
 * @param callers makes callers of its endpoint, one for each thread
 * @param admin sends a POST with an empty body to a path of its management and returns the status;
 *     0 if there was no answer
 * @param line its line to the store; absent if it can't be cut
 */
public record DrilledNode(
    String name,
    Supplier<OciCaller> callers,
    ToIntFunction<String> admin,
    Optional<TcpProxy> line) {}
