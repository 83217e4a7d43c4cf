// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.openekm.testkit.conformance.Check;
import org.openekm.testkit.conformance.ConformanceSuite;
import org.openekm.testkit.conformance.ConformanceTck;
import org.openekm.testkit.conformance.Severity;
import org.openekm.testkit.conformance.Target;

/** The right server by way of JUnit, as a vendor would judge his own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RightServerTckTest extends ConformanceTck {

  private final MutantServer.Site site = new MutantServer.Site();
  private Optional<MutantServer> server = Optional.empty();

  @BeforeAll
  void start() throws IOException {
    server = Optional.of(site.start(Optional.empty()));
  }

  @AfterAll
  void close() {
    server.ifPresent(MutantServer::close);
    site.close();
  }

  @Override
  protected Target target() {
    return server.orElseThrow().target();
  }

  @Override
  protected List<Check> checks() {
    return ConformanceSuite.select(Severity.MUST, "state.*");
  }
}
