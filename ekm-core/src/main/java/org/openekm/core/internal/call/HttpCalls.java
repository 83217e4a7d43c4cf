// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptResult;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.RandomBytesRequest;
import org.openekm.api.RandomBytesResult;
import org.openekm.api.RequestId;
import org.openekm.api.VerifiedClient;
import org.openekm.core.auth.BearerHeader;
import org.openekm.core.catalog.CatalogSnapshot;
import org.openekm.core.catalog.VaultEntry;
import org.openekm.core.endpoint.EkmEndpoint;
import org.openekm.core.endpoint.EkmRequest;
import org.openekm.core.endpoint.EkmResponse;
import org.openekm.core.wire.ErrorMapper;
import org.openekm.core.wire.Route;
import org.openekm.core.wire.WireCodec;
import org.openekm.core.wire.WireRoutes;
import org.openekm.spi.auth.TokenVerifier;
import org.openekm.spi.event.CallCompleted;
import org.openekm.spi.store.IssuerRecord;

/** The operations for callers over HTTP: route, token, admission, body, work, answer. */
public final class HttpCalls implements EkmEndpoint {

  private final CallKernel kernel;
  private final TokenVerifier verifier;
  private final WireRoutes routes;
  private final WireCodec codec;
  private final ErrorMapper errors;

  /** Makes the endpoint for one wire profile. */
  public HttpCalls(
      CallKernel kernel,
      TokenVerifier verifier,
      WireRoutes routes,
      WireCodec codec,
      ErrorMapper errors) {
    this.kernel = kernel;
    this.verifier = verifier;
    this.routes = routes;
    this.codec = codec;
    this.errors = errors;
  }

  @Override
  public EkmResponse handle(EkmRequest request, Deadline deadline) {
    long start = kernel.environment().nanoClock().nanos();
    RequestId requestId = requestId(request);
    try {
      return routed(request, requestId, start, deadline);
    } finally {
      request.body().wipe();
    }
  }

  private EkmResponse routed(
      EkmRequest request, RequestId requestId, long start, Deadline deadline) {
    Route route;
    try {
      route = routes.match(request.method(), request.path(), request.query());
    } catch (EkmException e) {
      long nanos = kernel.environment().nanoClock().nanos() - start;
      kernel
          .environment()
          .listener()
          .onCall(new CallCompleted(Optional.empty(), Optional.of(e.code()), nanos));
      return failure(
          requestId, errors.body(Optional.empty(), e), e, routes.allowedMethods(request.path()));
    }
    CallRecord call = new CallRecord(route.operation(), requestId, request.source(), start);
    call.target(route.vault(), route.key(), route.version());
    try {
      AuditedCalls.Cleared<byte[]> cleared =
          kernel
              .calls()
              .run(call, deadline, () -> answer(call, route, request, deadline), HttpCalls::wipe);
      return new EkmResponse(200, headers(requestId), cleared.result(), cleared.ticket()::close);
    } catch (EkmException e) {
      return failure(requestId, errors.body(Optional.of(route.operation()), e), e, Set.of());
    }
  }

  private byte[] answer(CallRecord call, Route route, EkmRequest request, Deadline deadline) {
    String token = BearerHeader.token(request.headers().authorization().orElse(null));
    CatalogSnapshot snapshot = kernel.catalog().current(deadline);
    VerifiedClient client = authenticate(route, token, snapshot);
    call.client(client);
    Admission admission = kernel.guard().admit(call, client, route.vault(), route.key(), snapshot);
    requireJson(request);
    byte[] body = request.body().array();
    return switch (route.operation()) {
      case GET_VAULT_METADATA -> codec.write(Metadata.of(admission.vault()));
      case GET_KEY_METADATA -> codec.write(Metadata.of(admission.key()));
      case GET_KEY_VERSION_METADATA ->
          codec.write(Metadata.of(admission.key(), route.requireVersion()));
      case ENCRYPT -> {
        EncryptRequest encrypt = codec.readEncrypt(route, body);
        try {
          yield codec.write(
              encrypt, kernel.operations().encrypt(call, admission.key(), encrypt, deadline));
        } finally {
          encrypt.plaintext().destroy();
        }
      }
      case DECRYPT -> {
        DecryptRequest decrypt = codec.readDecrypt(route, body);
        DecryptResult result =
            kernel.operations().decrypt(call, admission.key(), decrypt, deadline);
        try {
          yield codec.write(decrypt, result);
        } finally {
          result.plaintext().destroy();
        }
      }
      case GENERATE_RANDOM_BYTES -> {
        RandomBytesRequest random = codec.readRandomBytes(route, body);
        RandomBytesResult result =
            kernel.operations().randomBytes(call, admission.key(), random, deadline);
        try {
          yield codec.write(random, result);
        } finally {
          result.randomBytes().destroy();
        }
      }
    };
  }

  /**
   * The vault in the path chooses the issuer. For a vault that doesn't exist some issuer of ours
   * must have made the token all the same, so that strangers can't find out which vaults exist.
   */
  private VerifiedClient authenticate(Route route, String token, CatalogSnapshot snapshot) {
    Optional<VaultEntry> vault = route.vault().flatMap(snapshot::vault);
    if (vault.isPresent()) {
      return verifier.verify(vault.get().issuer(), token);
    }
    EkmException refusal = new EkmException(EkmErrorCode.TOKEN_INVALID, "no issuer is registered");
    for (IssuerRecord issuer : snapshot.issuers()) {
      try {
        return verifier.verify(issuer, token);
      } catch (EkmException e) {
        refusal = e;
      }
    }
    throw refusal;
  }

  private static void requireJson(EkmRequest request) {
    if (request.body().length() == 0 || request.headers().contentType().isEmpty()) {
      return;
    }
    String type = request.headers().contentType().get();
    int end = type.indexOf(';');
    String mediaType = (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    if (!mediaType.equals("application/json")) {
      throw new EkmException(
          EkmErrorCode.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be application/json");
    }
  }

  private RequestId requestId(EkmRequest request) {
    Optional<String> sent = request.headers().requestId().filter(RequestId::isValid);
    if (sent.isPresent()) {
      return new RequestId(sent.get());
    }
    byte[] random = new byte[16];
    kernel.environment().random().nextBytes(random);
    return new RequestId(HexFormat.of().formatHex(random));
  }

  private static Map<String, String> headers(RequestId requestId) {
    return Map.of(
        "Content-Type",
        "application/json",
        "Cache-Control",
        "no-store",
        "opc-request-id",
        requestId.value());
  }

  private static EkmResponse failure(
      RequestId requestId, byte[] body, EkmException failure, Set<String> allowedMethods) {
    Map<String, String> headers = new LinkedHashMap<>(headers(requestId));
    if (failure.code().httpStatus() == 401) {
      headers.put("WWW-Authenticate", "Bearer");
    }
    if (failure.code() == EkmErrorCode.METHOD_NOT_ALLOWED) {
      headers.put("Allow", String.join(", ", allowedMethods));
    }
    return new EkmResponse(failure.code().httpStatus(), headers, body);
  }

  private static void wipe(byte[] body) {
    Arrays.fill(body, (byte) 0);
  }
}
