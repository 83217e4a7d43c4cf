// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.SecretReference;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.store.VaultRecord;

/**
 * What can be said of input by itself, without looking at what exists. The use cases hold to the
 * same rules; a tool may ask beforehand, to tell everything that is wrong at once.
 */
public final class InputRules {

  private static final int MAX_PORT = 65_535;
  private static final Pattern OCID =
      Pattern.compile("ocid1\\.tenancy\\.[a-z0-9-]+\\.[a-z0-9-]*\\.[a-z0-9.]{1,200}");
  private static final Pattern HOST =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|[0-9a-fA-F:.]{2,45}");
  private static final Pattern PATH = Pattern.compile("(?:/[A-Za-z0-9._~-]+){0,16}");

  private InputRules() {}

  /** Returns what is wrong with an issuer. */
  public static List<ConfigurationProblem> issuer(NewIssuer input) {
    return check(input).all();
  }

  /** Returns what is wrong with a tenancy. */
  public static List<ConfigurationProblem> tenancy(String name, String ocid) {
    return checkTenancy(name, ocid).all();
  }

  /** Returns what is wrong with a vault, apart from the names in it of other things. */
  public static List<ConfigurationProblem> vault(NewVault input, PolicyEngine policies) {
    return check(input, policies).all();
  }

  /** Returns what is wrong with a key, apart from what its vault's backend can't do. */
  public static List<ConfigurationProblem> key(NewKeyCommand input, PolicyEngine policies) {
    return check(input, policies).all();
  }

  /** Returns what is wrong with an administrator's name. */
  public static List<ConfigurationProblem> administrator(String name) {
    Problems problems = new Problems();
    problems.name("name", name);
    return problems.all();
  }

  static Problems check(NewIssuer input) {
    Problems problems = new Problems();
    problems.name("name", input.name());
    urls(problems, "discoveryUrls", input.discoveryUrls());
    urls(problems, "jwksUrls", input.jwksUrls());
    boolean discovers = !input.discoveryUrls().isEmpty();
    problems.require(
        discovers || !input.jwksUrls().isEmpty(),
        "discoveryUrls",
        "is missing, and so is jwksUrls",
        "give the identity domain's discovery URL");
    problems.require(
        discovers || !input.acceptedIssuers().isEmpty(),
        "acceptedIssuers",
        "is missing, and without discovery nothing else tells it",
        "give the values of iss to believe");
    input.acceptedIssuers().forEach(iss -> problems.tokenText("acceptedIssuers", iss));
    input.jwksClient().ifPresent(client -> check(problems, client));
    return problems;
  }

  static Problems checkTenancy(String name, String ocid) {
    Problems problems = new Problems();
    problems.name("name", name);
    return problems.require(
        OCID.matcher(ocid).matches(),
        "ocid",
        "must be the OCID of a tenancy such as ocid1.tenancy.oc1..aaaa",
        "copy it from the tenancy's page in the OCI console");
  }

  static Problems check(NewVault input, PolicyEngine policies) {
    Problems problems = new Problems();
    problems.name("name", input.name());
    problems.tokenText("clientId", input.access().clientId());
    input.access().audiences().forEach(audience -> problems.tokenText("audiences", audience));
    input.access().scopes().forEach(scope -> problems.tokenText("scopes", scope));
    check(problems, input.endpoint());
    problems.labels("labels", input.options().labels());
    problems.policy(policies, input.policy());
    return problems;
  }

  static Problems check(NewKeyCommand input, PolicyEngine policies) {
    Problems problems = new Problems();
    problems.name("name", input.name());
    problems.require(
        List.of(16, 24, 32).contains(input.lengthBytes()),
        "lengthBytes",
        "must be 16, 24 or 32",
        "OCI takes 32 only");
    problems.policy(policies, input.policy());
    problems.labels("labels", input.options().labels());
    input.options().rotationPeriod().ifPresent(period -> KeyRotator.checkPeriod(problems, period));
    return problems;
  }

  private static void check(Problems problems, NewIssuer.JwksClient client) {
    problems.tokenText("jwksClient.clientId", client.clientId());
    Optional<String> tokenUrl = client.tokenUrl();
    tokenUrl.ifPresent(url -> problems.url("jwksClient.tokenUrl", url));
    try {
      SecretReference unused = SecretReference.parse(client.clientSecret());
    } catch (IllegalArgumentException e) {
      problems.add(
          "jwksClient.clientSecret",
          String.valueOf(e.getMessage()),
          "put the secret into a file on the server");
    }
  }

  private static void check(Problems problems, VaultRecord.Endpoint endpoint) {
    problems.require(
        HOST.matcher(endpoint.host()).matches(),
        "endpoint.host",
        "must be a host name or an IP address",
        "give the name or address at which OCI reaches this server, without https://");
    problems.require(
        endpoint.port() >= 1 && endpoint.port() <= MAX_PORT,
        "endpoint.port",
        "must be from 1 to 65535",
        "443 unless OCI reaches this server at another port");
    problems.require(
        PATH.matcher(endpoint.path()).matches(),
        "endpoint.path",
        "must begin with a slash and not end with one",
        "such as /ekm/v1");
  }

  private static void urls(Problems problems, String field, List<String> texts) {
    for (int i = 0; i < texts.size(); i++) {
      problems.url(field + "[" + i + "]", texts.get(i));
    }
  }
}
