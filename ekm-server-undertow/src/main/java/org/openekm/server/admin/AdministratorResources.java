// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminAccess;
import org.openekm.core.admin.AdminVerb;
import org.openekm.core.admin.AdministratorAdmin;
import org.openekm.core.admin.IssuedCredential;
import org.openekm.core.admin.NewAdministrator;
import org.openekm.core.admin.NewGrant;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.AdministratorRecord.Credential;
import org.openekm.spi.store.AdministratorRecord.Grant;
import org.openekm.spi.store.AdministratorRecord.Permission;

/** The paths of administrators. */
final class AdministratorResources {

  private static final String ONE = "/administrators/{administrator}";
  private static final String DEFAULT_OVERLAP = "1h";

  private final AdministratorAdmin administrators;

  AdministratorResources(AdministratorAdmin administrators) {
    this.administrators = administrators;
  }

  List<AdminRoute> routes() {
    return List.of(
        AdminRoute.of(
            "GET",
            "/administrators",
            AdminVerb.VIEW,
            request ->
                Page.ADMINISTRATORS.of(request.query(), administrators.list(request.context()))),
        AdminRoute.adding("/administrators", this::add),
        AdminRoute.of(
            "GET",
            ONE,
            AdminVerb.VIEW,
            request -> view(administrators.find(request.context(), named(request)))),
        AdminRoute.of("POST", ONE + "/grant", AdminVerb.UPDATE, this::grant),
        AdminRoute.of("POST", ONE + "/revoke", AdminVerb.UPDATE, this::revoke),
        AdminRoute.of("POST", ONE + "/rotate", AdminVerb.ROTATE, this::rotate),
        AdminRoute.of(
            "DELETE",
            ONE,
            AdminVerb.DELETE,
            request -> {
              administrators.remove(request.context(), named(request));
              return Map.of();
            }));
  }

  private static String named(AdminRequest request) {
    return request.path("administrator");
  }

  private Object add(AdminRequest request) {
    NewAdministrator input =
        new NewAdministrator(request.text("name"), grants(request), certificate(request));
    request.finish();
    return view(administrators.add(request.context(), input));
  }

  private Object grant(AdminRequest request) {
    Set<NewGrant> grants = grants(request);
    request.finish();
    return view(administrators.grant(request.context(), named(request), grants));
  }

  private Object revoke(AdminRequest request) {
    Set<NewGrant> grants = grants(request);
    request.finish();
    return view(administrators.revoke(request.context(), named(request), grants));
  }

  private Object rotate(AdminRequest request) {
    Duration overlap = request.duration("overlap", DEFAULT_OVERLAP, "1h or 0s");
    Optional<Bytes> certificate = certificate(request);
    request.finish();
    return view(administrators.rotate(request.context(), named(request), certificate, overlap));
  }

  /** Reads grants such as {@code view} and {@code block@payments}. */
  private static Set<NewGrant> grants(AdminRequest request) {
    Set<NewGrant> grants = new HashSet<>();
    for (String text : request.texts("grants")) {
      int at = text.indexOf('@');
      String word = at < 0 ? text : text.substring(0, at);
      Optional<Permission> permission = permission(word);
      if (permission.isPresent() && at != text.length() - 1) {
        grants.add(
            new NewGrant(
                permission.get(), at < 0 ? Optional.empty() : Optional.of(text.substring(at + 1))));
      } else {
        request.problem(
            "grants",
            "must hold verbs, each alone or with a vault",
            "use view, create, update, delete, rotate, block or block-only, as in view or block@payments");
      }
    }
    return grants;
  }

  private static Optional<Permission> permission(String word) {
    for (Permission each : Permission.values()) {
      if (spelled(each).equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static Optional<Bytes> certificate(AdminRequest request) {
    Optional<String> pem = request.optionalText("certificate");
    if (pem.isEmpty()) {
      return Optional.empty();
    }
    try {
      X509Certificate certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(pem.get().getBytes(StandardCharsets.US_ASCII)));
      return Optional.of(AdminAccess.fingerprint(certificate));
    } catch (CertificateException e) {
      request.problem(
          "certificate", "is not a certificate", "give the client's X.509 certificate as PEM");
      return Optional.empty();
    }
  }

  private static Map<String, Object> view(IssuedCredential issued) {
    Map<String, Object> view = view(issued.administrator());
    if (issued.credential().isPresent()) {
      try (SecretBytes text = issued.credential().get()) {
        view.put("credential", text.read(bytes -> new String(bytes, StandardCharsets.US_ASCII)));
      }
    }
    return view;
  }

  static Map<String, Object> view(AdministratorRecord administrator) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("name", administrator.name());
    view.put("id", administrator.id().toString());
    view.put(
        "grants",
        administrator.grants().stream().map(AdministratorResources::text).sorted().toList());
    List<Map<String, Object>> credentials = new ArrayList<>();
    administrator.credentials().forEach(each -> credentials.add(view(each)));
    view.put("credentials", credentials);
    view.put("createdAt", administrator.createdAt().toString());
    return view;
  }

  /** No hash and no salt: nobody who administers needs them. */
  private static Map<String, Object> view(Credential credential) {
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("proof", credential.proof().name().toLowerCase(Locale.ROOT));
    view.put("id", credential.id().toString());
    view.put("createdAt", credential.createdAt().toString());
    credential.validUntil().ifPresent(end -> view.put("validUntil", end.toString()));
    if (credential.proof() == AdministratorRecord.Proof.CERTIFICATE) {
      view.put("fingerprint", credential.hash().toHex());
    }
    return view;
  }

  private static String text(Grant grant) {
    return spelled(grant.permission()) + grant.vault().map(vault -> "@" + vault).orElse("");
  }

  private static String spelled(Permission permission) {
    return permission.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
