// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.openekm.api.SecretBytes;
import org.openekm.core.admin.AdminContext;
import org.openekm.core.admin.KeyAdmin;
import org.openekm.core.admin.NewKeyCommand;
import org.openekm.spi.Durations;
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
            request -> Page.KEYS.of(request.query(), keys.list(request.path("vault")))));
    routes.add(AdminRoute.adding("/vaults/{vault}/keys", this::add));
    for (String base : List.of("/keys/{key}", "/vaults/{vault}/keys/{name}")) {
      routes.add(
          AdminRoute.of("GET", base, request -> AdminViews.keyDetails(keys.find(named(request)))));
      routes.add(
          AdminRoute.of(
              "GET",
              base + "/versions",
              request -> Page.VERSIONS.of(request.query(), keys.versions(named(request)))));
      routes.add(AdminRoute.of("POST", base + "/rotate", this::rotate));
      routes.add(action(base + "/block", keys::block));
      routes.add(action(base + "/unblock", keys::unblock));
      routes.add(action(base + "/activate", keys::activate));
      routes.add(action(base + "/enable", keys::enable));
      routes.add(action(base + "/disable", keys::disable));
      routes.add(action(base + "/cancel-deletion", keys::cancelDeletion));
      routes.add(action(base + "/destroy", keys::destroy));
      routes.add(AdminRoute.of("POST", base + "/schedule-deletion", this::scheduleDeletion));
      routes.add(AdminRoute.of("PUT", base + "/policy", this::setPolicy));
      routes.add(AdminRoute.of("DELETE", base + "/policy", this::clearPolicy));
    }
    return routes;
  }

  private static AdminRoute action(String path, BiFunction<AdminContext, String, KeyRecord> use) {
    return AdminRoute.of(
        "POST",
        path,
        request -> {
          request.finish();
          return AdminViews.key(use.apply(request.context(), named(request)));
        });
  }

  private static String named(AdminRequest request) {
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
            request.flag("active", true));
    Optional<SecretBytes> material = material(request);
    Optional<BackendKeyRef> ref = backendRef(request);
    if (material.isPresent() && ref.isPresent()) {
      request.problem(
          "backendRef", "stands beside material", "give one of the two, or none to make a new key");
    }
    try {
      request.finish();
      if (material.isPresent()) {
        return AdminViews.keyDetails(keys.importKey(request.context(), command, material.get()));
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
    try {
      request.finish();
      return AdminViews.keyDetails(
          material.isPresent()
              ? keys.importVersion(request.context(), named(request), material.get())
              : keys.rotate(request.context(), named(request)));
    } finally {
      material.ifPresent(SecretBytes::destroy);
    }
  }

  private Object scheduleDeletion(AdminRequest request) {
    Duration after = duration(request, "after");
    request.finish();
    return AdminViews.key(keys.scheduleDeletion(request.context(), named(request), after));
  }

  private Object setPolicy(AdminRequest request) {
    String policy = request.text("policy");
    request.finish();
    return AdminViews.key(keys.setPolicy(request.context(), named(request), policy));
  }

  private Object clearPolicy(AdminRequest request) {
    return AdminViews.key(keys.clearPolicy(request.context(), named(request)));
  }

  private static Duration duration(AdminRequest request, String field) {
    try {
      return Durations.parse(request.text(field));
    } catch (IllegalArgumentException e) {
      request.problem(field, "is not a length of time", "write it as in 7d or 720h");
      return Duration.ZERO;
    }
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
