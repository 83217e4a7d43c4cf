// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

/**
 * The use cases of administration.
 *
 * @param issuers whose tokens are believed
 * @param tenancies who owns vaults
 * @param vaults what OCI vaults see of us
 * @param keys the external keys
 * @param deadMan vaults that serve only as long as somebody gives signs of life
 * @param administrators who may administer
 * @param approvals requests for approval
 * @param access who somebody is, and whether they may do something
 */
public record AdminServices(
    IssuerAdmin issuers,
    TenancyAdmin tenancies,
    VaultAdmin vaults,
    KeyAdmin keys,
    DeadManAdmin deadMan,
    AdministratorAdmin administrators,
    ApprovalAdmin approvals,
    AdminAccess access) {

  /** Makes all use cases on one environment. */
  public static AdminServices of(AdminEnvironment environment) {
    return new AdminServices(
        new IssuerAdmin(environment),
        new TenancyAdmin(environment),
        new VaultAdmin(environment),
        new KeyAdmin(environment),
        new DeadManAdmin(environment),
        new AdministratorAdmin(environment),
        new ApprovalAdmin(environment),
        new AdminAccess(environment));
  }

  /** Returns the same use cases for one request, which the guard goes with. */
  public AdminServices under(ChangeGuard guard) {
    return new AdminServices(
        issuers.under(guard),
        tenancies.under(guard),
        vaults.under(guard),
        keys.under(guard),
        deadMan.under(guard),
        administrators.under(guard),
        approvals.under(guard),
        access);
  }
}
