// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.cli;

/**
 * A step of the demo and what came of it.
 *
 * @param number from 1 on
 * @param who {@code operator} or {@code OCI}
 * @param what what was done
 * @param outcome an HTTP status, {@code exit 0}, or {@code none} if there was no answer
 * @param expected what the outcome should be
 * @param ok true if it is, and what came back is right
 * @param millis how long it took
 * @param answer the answer in short, without secrets
 */
record DemoStep(
    int number,
    String who,
    String what,
    String outcome,
    String expected,
    boolean ok,
    long millis,
    String answer) {}
