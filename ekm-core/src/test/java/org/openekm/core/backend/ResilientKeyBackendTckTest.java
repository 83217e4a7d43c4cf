// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.openekm.api.NanoClock;
import org.openekm.core.backend.ResilienceConfig.Threading;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.event.EkmListener;
import org.openekm.testkit.fake.FakeKeyBackend;
import org.openekm.testkit.tck.KeyBackendTck;

/** The guard is a backend itself and keeps the contract, with threads of its own. */
class ResilientKeyBackendTckTest extends KeyBackendTck {

  private final ExecutorService pool = Executors.newCachedThreadPool();
  private final FakeKeyBackend device = new FakeKeyBackend();

  @Override
  protected KeyBackend createBackend() {
    return new ResilientKeyBackend(
        "fake",
        device.reopen(),
        ResilienceConfig.defaults(Threading.POOL)
            .withCallTimes(Duration.ofSeconds(10), Duration.ofSeconds(5)),
        new BackendRuntime(pool, NanoClock.system(), new EkmListener() {}));
  }

  @Override
  protected void cleanUp() {
    super.cleanUp();
    pool.shutdown();
  }
}
