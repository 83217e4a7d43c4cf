// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.openekm.core.admin.AdminAccess;
import org.openekm.core.admin.AdminServices;
import org.openekm.core.admin.AdminVerb;
import org.openekm.core.admin.ChangeGuard;
import org.openekm.core.admin.NewIssuer;
import org.openekm.core.admin.NewVault;
import org.openekm.spi.CheckResult;
import org.openekm.spi.store.VaultRecord;

/** The paths of the management API and the use cases behind them. */
public final class AdminResources {

  private static final int HTTPS = 443;

  private final AdminServices services;
  private final Defaults defaults;
  private final Supplier<Map<String, Object>> status;

  /**
   * What a request may leave out.
   *
   * @param backends the names of all backends; if there is only one, a vault need not name it
   * @param mount the path prefix of a vault's URL
   * @param url the base URL by which OCI reaches the endpoint, if the configuration tells it
   */
  public record Defaults(Set<String> backends, String mount, Optional<URI> url) {

    /** Copies the set. */
    public Defaults {
      backends = Set.copyOf(backends);
    }

    private Optional<String> host() {
      return url.map(URI::getHost).map(host -> host.replaceAll("[\\[\\]]", ""));
    }

    /** The endpoint's own port if that is where the vault is reached, else that of https. */
    private int portOf(Optional<String> given) {
      boolean own = given.isEmpty() || given.equals(host());
      return url.filter(each -> own && each.getPort() > 0).map(URI::getPort).orElse(HTTPS);
    }
  }

  private AdminResources(
      AdminServices services, Defaults defaults, Supplier<Map<String, Object>> status) {
    this.services = services;
    this.defaults = defaults;
    this.status = status;
  }

  /**
   * Makes the resources.
   *
   * @param revision tells the revision served now
   * @param checks tells by name whether each part can work
   */
  public static AdminResources of(
      AdminServices services,
      Defaults defaults,
      Supplier<Long> revision,
      Supplier<Map<String, CheckResult>> checks) {
    return new AdminResources(
        services, defaults, () -> AdminViews.status(revision.get(), checks.get()));
  }

  /** Returns the same resources for one request, which the guard goes with. */
  AdminResources under(ChangeGuard guard) {
    return new AdminResources(services.under(guard), defaults, status);
  }

  List<AdminRoute> routes() {
    List<AdminRoute> routes = new ArrayList<>();
    routes.add(AdminRoute.of("GET", "/status", AdminVerb.VIEW, this::status));
    routes.addAll(issuerRoutes());
    routes.addAll(tenancyRoutes());
    routes.addAll(vaultRoutes());
    routes.addAll(deadManRoutes());
    routes.addAll(new KeyResources(services.keys()).routes());
    routes.addAll(new AdministratorResources(services.administrators()).routes());
    routes.addAll(new ApprovalResources(services.approvals()).routes());
    return List.copyOf(routes);
  }

  /** Returns what finds out who somebody is. */
  AdminAccess access() {
    return services.access();
  }

  /** What the parts tell of themselves is about all vaults. */
  private Object status(AdminRequest request) {
    services.access().requireEverywhere(request.context(), AdminVerb.VIEW, "status.show");
    return status.get();
  }

  private List<AdminRoute> issuerRoutes() {
    return List.of(
        AdminRoute.of(
            "GET",
            "/issuers",
            AdminVerb.VIEW,
            request ->
                Page.ISSUERS.of(request.query(), services.issuers().list(request.context()))),
        AdminRoute.adding("/issuers", this::addIssuer),
        AdminRoute.of(
            "GET",
            "/issuers/{issuer}",
            AdminVerb.VIEW,
            request ->
                AdminViews.issuer(
                    services.issuers().find(request.context(), request.path("issuer")))),
        AdminRoute.of(
            "DELETE",
            "/issuers/{issuer}",
            AdminVerb.DELETE,
            request -> {
              services.issuers().delete(request.context(), request.path("issuer"));
              return Map.of();
            }));
  }

  private Object addIssuer(AdminRequest request) {
    Optional<String> clientId = request.optionalText("clientId");
    Optional<String> clientSecret = request.optionalText("clientSecret");
    Optional<String> tokenUrl = request.optionalText("tokenUrl");
    if (clientId.isPresent() != clientSecret.isPresent()) {
      request.problem(
          clientId.isPresent() ? "clientSecret" : "clientId",
          "is missing",
          "protected signing keys need both the client id and where its secret is");
    }
    NewIssuer issuer =
        new NewIssuer(
            request.text("name"),
            request.texts("discoveryUrls"),
            request.texts("jwksUrls"),
            Set.copyOf(request.texts("acceptedIssuers")),
            clientId.map(id -> new NewIssuer.JwksClient(id, clientSecret.orElse(""), tokenUrl)));
    request.finish();
    return AdminViews.issuer(services.issuers().create(request.context(), issuer));
  }

  private List<AdminRoute> tenancyRoutes() {
    return List.of(
        AdminRoute.of(
            "GET",
            "/tenancies",
            AdminVerb.VIEW,
            request ->
                Page.TENANCIES.of(request.query(), services.tenancies().list(request.context()))),
        AdminRoute.adding(
            "/tenancies",
            request -> {
              String name = request.text("name");
              String ocid = request.text("ocid");
              request.finish();
              return AdminViews.tenancy(services.tenancies().create(request.context(), name, ocid));
            }),
        AdminRoute.of(
            "GET",
            "/tenancies/{tenancy}",
            AdminVerb.VIEW,
            request ->
                AdminViews.tenancy(
                    services.tenancies().find(request.context(), request.path("tenancy")))),
        AdminRoute.of(
            "DELETE",
            "/tenancies/{tenancy}",
            AdminVerb.DELETE,
            request -> {
              services.tenancies().delete(request.context(), request.path("tenancy"));
              return Map.of();
            }));
  }

  private List<AdminRoute> vaultRoutes() {
    return List.of(
        AdminRoute.of(
            "GET",
            "/vaults",
            AdminVerb.VIEW,
            request ->
                Page.VAULTS.of(
                    request.query(),
                    services.vaults().list(request.context(), request.query().labels()))),
        AdminRoute.adding("/vaults", this::addVault),
        AdminRoute.of(
            "GET",
            "/vaults/{vault}",
            AdminVerb.VIEW,
            request ->
                AdminViews.vault(services.vaults().find(request.context(), request.path("vault")))),
        AdminRoute.forcible(
            "DELETE",
            "/vaults/{vault}",
            AdminVerb.DELETE,
            request -> {
              boolean force = request.query().flag("force");
              request.finish();
              services.vaults().delete(request.context(), request.path("vault"), force);
              return Map.of();
            }),
        AdminRoute.of(
            "POST",
            "/vaults/{vault}/block",
            AdminVerb.BLOCK,
            request ->
                AdminViews.vault(
                    services.vaults().block(request.context(), request.path("vault")))),
        AdminRoute.of(
            "POST",
            "/vaults/{vault}/unblock",
            AdminVerb.BLOCK,
            request ->
                AdminViews.vault(
                    services.vaults().unblock(request.approvedContext(), request.path("vault")))),
        AdminRoute.of("PUT", "/vaults/{vault}/policy", AdminVerb.UPDATE, this::setVaultPolicy),
        AdminRoute.of("PUT", "/vaults/{vault}/labels", AdminVerb.UPDATE, this::setVaultLabels),
        AdminRoute.of(
            "PUT", "/vaults/{vault}/audit-success", AdminVerb.UPDATE, this::setAuditSuccess),
        AdminRoute.of("PUT", "/vaults/{vault}/backend", AdminVerb.UPDATE, this::setBackend),
        AdminRoute.of(
            "POST",
            "/vaults/{vault}/lock-backend",
            AdminVerb.UPDATE,
            request ->
                AdminViews.vault(
                    services.vaults().lockBackend(request.context(), request.path("vault")))));
  }

  private List<AdminRoute> deadManRoutes() {
    return List.of(
        AdminRoute.of("PUT", "/vaults/{vault}/dead-man", AdminVerb.UPDATE, this::setDeadMan),
        AdminRoute.of(
            "DELETE",
            "/vaults/{vault}/dead-man",
            AdminVerb.UPDATE,
            request ->
                AdminViews.vault(
                    services.deadMan().clear(request.context(), request.path("vault")))),
        AdminRoute.of(
            "POST",
            "/vaults/{vault}/heartbeat",
            AdminVerb.BLOCK,
            request ->
                AdminViews.vault(
                    services.deadMan().heartbeat(request.context(), request.path("vault")))));
  }

  private Object setVaultLabels(AdminRequest request) {
    Map<String, String> labels = request.labels("labels");
    request.finish();
    return AdminViews.vault(
        services.vaults().setLabels(request.context(), request.path("vault"), labels));
  }

  private Object setAuditSuccess(AdminRequest request) {
    boolean recorded = request.flag("auditSuccess");
    request.finish();
    return AdminViews.vault(
        services.vaults().setAuditSuccess(request.context(), request.path("vault"), recorded));
  }

  private Object setBackend(AdminRequest request) {
    String backend = request.text("backend");
    request.finish();
    return AdminViews.vault(
        services.vaults().setBackend(request.context(), request.path("vault"), backend));
  }

  private Object setDeadMan(AdminRequest request) {
    Duration period = request.requiredDuration("period");
    request.finish();
    return AdminViews.vault(
        services.deadMan().set(request.context(), request.path("vault"), period));
  }

  private Object setVaultPolicy(AdminRequest request) {
    String policy = request.text("policy");
    request.finish();
    return AdminViews.vault(
        services.vaults().setPolicy(request.context(), request.path("vault"), policy));
  }

  private Object addVault(AdminRequest request) {
    Optional<String> backend = request.optionalText("backend");
    if (backend.isEmpty() && defaults.backends().size() > 1) {
      request.problem(
          "backend", "is missing", "name one of " + String.join(", ", defaults.backends()));
    }
    Optional<String> host = request.optionalText("host");
    if (host.isEmpty() && defaults.url().isEmpty()) {
      request.problem(
          "host", "is missing", "give it, or set endpoint.url in the server's configuration");
    }
    NewVault vault =
        new NewVault(
            request.text("name"),
            request.text("tenancy"),
            new NewVault.Access(
                request.text("issuer"),
                request.text("clientId"),
                Set.copyOf(request.texts("audiences")),
                Set.copyOf(request.texts("scopes"))),
            new VaultRecord.Endpoint(
                host.or(defaults::host).orElse(""),
                request.integer("port", defaults.portOf(host)),
                request.optionalText("path").orElse(defaults.mount())),
            backend.orElseGet(() -> defaults.backends().iterator().next()),
            request.optionalText("policy"),
            request.flag("auditSuccess", true),
            new NewVault.Options(request.labels("labels"), request.flag("backendLocked", false)));
    request.finish();
    return AdminViews.vault(services.vaults().create(request.context(), vault));
  }
}
