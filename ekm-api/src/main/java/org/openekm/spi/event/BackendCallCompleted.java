// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.event;

/**
 * A backend has been called.
 *
 * @param backend the instance's name
 * @param call {@code encrypt}, {@code decrypt}, {@code random} and so on
 * @param outcome {@code ok}, or the kind of failure in lower case with hyphens
 * @param nanos how long it took
 */
public record BackendCallCompleted(String backend, String call, String outcome, long nanos) {}
