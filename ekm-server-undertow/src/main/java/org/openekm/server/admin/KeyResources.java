// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.openekm.api.Bytes;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.AdminVerb;
import org.openekm.core.admin.KeyAdmin;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.core.admin.WrappedMaterial;
import org.openekm.core.admin.WrappedMaterial.Wrapping;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.store.KeyRecord;

/**
 * The paths of keys. Each key can be named in two ways: {@code /keys/ID} and {@code
 * /vaults/VAULT/keys/NAME}.
 */
final class KeyResources {

  private static final int AES_256_BYTES = 32;

  private final KeyAdmin keys;

  KeyResources(KeyAdmin keys) {
    this.keys = keys;
  }

  List<AdminRoute> routes() {
    List<AdminRoute> routes = new ArrayList<>();
    routes.add(
        AdminRoute.of(
            "GET",
            "/vaults/{vault}/keys",
            AdminVerb.VIEW,
            request ->
                Page.KEYS.of(
                    request.query(),
                    keys.list(
                        request.context(), request.path("vault"), request.query().labels()))));
    routes.add(AdminRoute.adding("/vaults/{vault}/keys", this::add));
    routes.add(
        AdminRoute.of(
            "GET",
            "/import-key",
            AdminVerb.VIEW,
            request -> AdminViews.importKey(keys.importPublicKey(request.context()))));
    for (String base : List.of("/keys/{key}", "/vaults/{vault}/keys/{name}")) {
      routes.add(
          AdminRoute.of(
              "GET",
              base,
              AdminVerb.VIEW,
              request -> AdminViews.keyDetails(keys.find(request.context(), named(request)))));
      addVersions(routes, base);
      addActions(routes, base);
    }
    return routes;
  }

  private void addVersions(List<AdminRoute> routes, String base) {
    routes.add(
        AdminRoute.of(
            "GET",
            base + "/versions",
            AdminVerb.VIEW,
            request ->
                Page.VERSIONS.of(
                    request.query(),
                    keys.find(request.context(), named(request)).versionDetails())));
    routes.add(
        AdminRoute.of(
            "GET",
            base + "/versions/{version}",
            AdminVerb.VIEW,
            request ->
                AdminViews.version(
                    keys.findVersion(request.context(), named(request), request.path("version")))));
    routes.add(
        AdminRoute.of(
            "POST",
            base + "/versions/{version}/disable",
            AdminVerb.UPDATE,
            request ->
                AdminViews.version(
                    keys.disableVersion(
                        request.context(), named(request), request.path("version")))));
    routes.add(
        AdminRoute.of(
            "POST",
            base + "/versions/{version}/enable",
            AdminVerb.UPDATE,
            request ->
                AdminViews.version(
                    keys.enableVersion(
                        request.context(), named(request), request.path("version")))));
    routes.add(AdminRoute.of("PUT", base + "/rotation", AdminVerb.UPDATE, this::setRotation));
    routes.add(
        AdminRoute.of(
            "DELETE",
            base + "/rotation",
            AdminVerb.UPDATE,
            request -> AdminViews.key(keys.clearRotation(request.context(), named(request)))));
    routes.add(AdminRoute.of("PUT", base + "/labels", AdminVerb.UPDATE, this::setLabels));
  }

  private void addActions(List<AdminRoute> routes, String base) {
    routes.add(AdminRoute.of("POST", base + "/rotate", AdminVerb.ROTATE, this::rotate));
    routes.add(action(base + "/block", AdminVerb.BLOCK, keys::block));
    routes.add(approved(base + "/unblock", AdminVerb.BLOCK, keys::unblock));
    routes.add(action(base + "/activate", AdminVerb.UPDATE, keys::activate));
    routes.add(action(base + "/enable", AdminVerb.UPDATE, keys::enable));
    routes.add(action(base + "/disable", AdminVerb.UPDATE, keys::disable));
    routes.add(action(base + "/cancel-deletion", AdminVerb.DELETE, keys::cancelDeletion));
    routes.add(AdminRoute.forcible("POST", base + "/destroy", AdminVerb.DELETE, this::destroy));
    routes.add(
        AdminRoute.forcible(
            "POST", base + "/schedule-deletion", AdminVerb.DELETE, this::scheduleDeletion));
    routes.add(AdminRoute.of("PUT", base + "/policy", AdminVerb.UPDATE, this::setPolicy));
    routes.add(AdminRoute.of("DELETE", base + "/policy", AdminVerb.UPDATE, this::clearPolicy));
  }

  private static AdminRoute action(
      String path, AdminVerb verb, BiFunction<AdminContext, String, KeyRecord> use) {
    return AdminRoute.of(
        "POST",
        path,
        verb,
        request -> {
          request.finish();
          return AdminViews.key(use.apply(request.context(), named(request)));
        });
  }

  /** An action that others may have to approve. */
  private static AdminRoute approved(
      String path, AdminVerb verb, BiFunction<AdminContext, String, KeyRecord> use) {
    return AdminRoute.of(
        "POST",
        path,
        verb,
        request -> {
          AdminContext context = request.approvedContext();
          request.finish();
          return AdminViews.key(use.apply(context, named(request)));
        });
  }

  /** Returns how a route names a key. */
  static String named(AdminRequest request) {
    return request.has("key")
        ? request.path("key")
        : request.path("vault") + "/" + request.path("name");
  }

  private Object add(AdminRequest request) {
    NewKeyCommand command =
        new NewKeyCommand(
            request.path("vault"),
            request.text("name"),
            request.integer("lengthBytes", AES_256_BYTES),
            request.optionalText("policy"),
            request.flag("active", true),
            new NewKeyCommand.Options(
                request.labels("labels"), request.duration("rotationPeriod")));
    Optional<SecretBytes> material = material(request);
    Optional<WrappedMaterial> wrapped = wrapped(request);
    Optional<BackendKeyRef> ref = backendRef(request);
    requireOne(request, material.isPresent(), wrapped.isPresent(), ref.isPresent());
    try {
      request.finish();
      if (material.isPresent()) {
        return AdminViews.keyDetails(keys.importKey(request.context(), command, material.get()));
      }
      if (wrapped.isPresent()) {
        return AdminViews.keyDetails(keys.importKey(request.context(), command, wrapped.get()));
      }
      return AdminViews.keyDetails(
          ref.isPresent()
              ? keys.adopt(request.context(), command, ref.get())
              : keys.create(request.context(), command));
    } finally {
      material.ifPresent(SecretBytes::destroy);
    }
  }

  private Object rotate(AdminRequest request) {
    Optional<SecretBytes> material = material(request);
    Optional<WrappedMaterial> wrapped = wrapped(request);
    requireOne(request, material.isPresent(), wrapped.isPresent());
    try {
      request.finish();
      if (material.isPresent()) {
        return AdminViews.keyDetails(
            keys.importVersion(request.context(), named(request), material.get()));
      }
      return AdminViews.keyDetails(
          wrapped.isPresent()
              ? keys.importVersion(request.context(), named(request), wrapped.get())
              : keys.rotate(request.context(), named(request)));
    } finally {
      material.ifPresent(SecretBytes::destroy);
    }
  }

  private static void requireOne(AdminRequest request, boolean... present) {
    int count = 0;
    for (boolean each : present) {
      count += each ? 1 : 0;
    }
    if (count > 1) {
      request.problem(
          "material",
          "stands beside wrappedMaterial or backendRef",
          "give one of them, or none to make a new key");
    }
  }

  private Object scheduleDeletion(AdminRequest request) {
    Duration after = request.requiredDuration("after");
    boolean force = request.query().flag("force");
    AdminContext context = request.approvedContext();
    request.finish();
    return AdminViews.key(keys.scheduleDeletion(context, named(request), after, force));
  }

  private Object destroy(AdminRequest request) {
    boolean force = request.query().flag("force");
    AdminContext context = request.approvedContext();
    request.finish();
    return AdminViews.key(keys.destroy(context, named(request), force));
  }

  private Object setRotation(AdminRequest request) {
    Duration period = request.requiredDuration("rotationPeriod");
    request.finish();
    return AdminViews.key(keys.setRotation(request.context(), named(request), period));
  }

  private Object setLabels(AdminRequest request) {
    Map<String, String> labels = request.labels("labels");
    request.finish();
    return AdminViews.key(keys.setLabels(request.context(), named(request), labels));
  }

  private Object setPolicy(AdminRequest request) {
    String policy = request.text("policy");
    request.finish();
    return AdminViews.key(keys.setPolicy(request.context(), named(request), policy));
  }

  private Object clearPolicy(AdminRequest request) {
    return AdminViews.key(keys.clearPolicy(request.context(), named(request)));
  }

  private static Optional<BackendKeyRef> backendRef(AdminRequest request) {
    try {
      return request.optionalText("backendRef").map(BackendKeyRef::new);
    } catch (IllegalArgumentException e) {
      request.problem(
          "backendRef", "is not a key reference", "give 1 to 512 printable ASCII characters");
      return Optional.empty();
    }
  }

  private static Optional<WrappedMaterial> wrapped(AdminRequest request) {
    Optional<String> wrapping = request.optionalText("wrapping");
    Optional<String> text = request.optionalText("wrappedMaterial");
    Optional<String> key = request.optionalText("wrappingKey");
    if (wrapping.isEmpty() && text.isEmpty() && key.isEmpty()) {
      return Optional.empty();
    }
    if (wrapping.isEmpty() || text.isEmpty()) {
      request.problem(
          text.isPresent() ? "wrapping" : "wrappedMaterial",
          "is missing",
          "give both the wrapped key and how it was wrapped");
      return Optional.empty();
    }
    Optional<Wrapping> known =
        Arrays.stream(Wrapping.values())
            .filter(each -> each.text().equals(wrapping.get()))
            .findFirst();
    if (known.isEmpty()) {
      request.problem("wrapping", "is not known", "use rsa-aes-256 or aes-kwp");
      return Optional.empty();
    }
    if (key.isPresent() != (known.get() == Wrapping.AES_KWP)) {
      request.problem(
          "wrappingKey",
          "goes with aes-kwp, and only with that",
          "name the key that the material is wrapped under, or leave it out");
      return Optional.empty();
    }
    try {
      Bytes bytes = Bytes.adopt(Base64.getDecoder().decode(text.get()));
      return Optional.of(new WrappedMaterial(known.get(), bytes, key));
    } catch (IllegalArgumentException e) {
      request.problem("wrappedMaterial", "is not base64", "encode the wrapped key in base64");
      return Optional.empty();
    }
  }

  private static Optional<SecretBytes> material(AdminRequest request) {
    Optional<String> text = request.optionalText("material");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      byte[] raw = Base64.getDecoder().decode(text.get());
      try {
        return Optional.of(SecretBytes.copyOf(raw));
      } finally {
        Arrays.fill(raw, (byte) 0);
      }
    } catch (IllegalArgumentException e) {
      request.problem("material", "is not base64", "encode the raw key in base64");
      return Optional.empty();
    }
  }
}
