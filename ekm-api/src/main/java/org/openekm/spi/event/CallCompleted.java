// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.event;

import java.util.Optional;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.Operation;

/**
 * A call of OCI has been answered.
 *
 * @param operation the operation; absent if the path named none
 * @param error what went wrong; absent for a success
 * @param nanos from the start of handling to the answer
 */
public record CallCompleted(
    Optional<Operation> operation, Optional<EkmErrorCode> error, long nanos) {}
