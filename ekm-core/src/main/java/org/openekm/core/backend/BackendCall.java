// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.openekm.api.Deadline;

/**
 * One call of a backend, made ready to run on any thread.
 *
 * @param name the call's name for metrics
 * @param deadline when the result must be there
 * @param hurried false if the call may take its time, so that its length says nothing about how the
 *     device serves requests
 * @param work calls the backend
 * @param wipe destroys a result that nobody will get
 * @param cleanUp runs once, when the call has ended or is sure never to start
 */
record BackendCall<T>(
    String name,
    Deadline deadline,
    boolean hurried,
    Supplier<T> work,
    Consumer<T> wipe,
    Runnable cleanUp) {

  /** Returns a call that leaves nothing to wipe. */
  static <T> BackendCall<T> of(String name, Deadline deadline, Supplier<T> work) {
    return new BackendCall<>(name, deadline, true, work, result -> {}, () -> {});
  }

  /** Returns the same call as one that may take its time, as making a key does. */
  BackendCall<T> unhurried() {
    return new BackendCall<>(name, deadline, false, work, wipe, cleanUp);
  }

  /** Returns the same call with something to do when it has ended. */
  BackendCall<T> withCleanUp(Runnable newCleanUp) {
    return new BackendCall<>(
        name,
        deadline,
        hurried,
        work,
        wipe,
        () -> {
          cleanUp.run();
          newCleanUp.run();
        });
  }

  /** Returns the same call with a way to destroy its result. */
  BackendCall<T> withWipe(Consumer<T> newWipe) {
    return new BackendCall<>(name, deadline, hurried, work, newWipe, cleanUp);
  }
}
