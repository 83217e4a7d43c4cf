// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.conformance.OwnDomainForge;
import org.openekm.testkit.conformance.Target;
import org.openekm.testkit.conformance.VendorHooks;
import org.openekm.testkit.conformance.VendorHooks.Action;
import org.openekm.testkit.fake.LoopbackTlsServer;
import org.openekm.testkit.fake.TestCertificates;
import org.openekm.testkit.oci.FakeIdentityDomain;
import org.openekm.testkit.oci.OAuthApp;
import tools.jackson.databind.json.JsonMapper;

/**
 * A vendor's endpoint on a loopback port, right or with one flaw. Thread-safe; {@link #close()}
 * frees the port and ends its threads.
 */
public final class MutantServer implements AutoCloseable {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String BASE = "/ekm/v1/vaults/";
  private static final int LIMIT_MILLIS = 1_000;
  private static final int KEY_BYTES = 32;

  private final Flaws flaws;
  private final Cryptor cryptor;
  private final Vault vault;
  private final Vault otherVault;
  private final Operations operations;
  private final Operations otherOperations;
  private final LoopbackTlsServer server;
  private final SSLContext trust;
  private final FakeIdentityDomain domain;
  private final OAuthApp client;
  private final TokenCheck tokens;
  private final Object turn = new Object();

  private MutantServer(Site site, Optional<Mutation> mutation) throws IOException {
    this.flaws = new Flaws(mutation);
    this.cryptor = new Cryptor(flaws);
    this.vault = new Vault(flaws, cryptor);
    this.otherVault = new Vault(flaws, cryptor);
    this.operations = new Operations(vault, cryptor, flaws);
    this.otherOperations = new Operations(otherVault, cryptor, flaws);
    this.server = new LoopbackTlsServer(site.server, this::serve);
    this.trust = site.trust;
    this.domain = site.domain;
    String audience = "https://127.0.0.1:" + server.port() + "/";
    this.client = domain.addClientApp("oci", domain.addResourceApp("mutant", audience));
    this.tokens = new TokenCheck(domain, client, flaws);
  }

  /** What mutants share: a certificate and an identity domain, which take long to make. */
  public static final class Site implements AutoCloseable {
    private final SSLContext server;
    private final SSLContext trust;
    private final FakeIdentityDomain domain = FakeIdentityDomain.start();

    /** Makes a site. */
    public Site() {
      TestCertificates authority = TestCertificates.create();
      this.server = authority.server().serverContext();
      this.trust = authority.clientContext();
    }

    /** Starts a server with the flaw, or a right one. */
    public MutantServer start(Optional<Mutation> mutation) throws IOException {
      return new MutantServer(this, mutation);
    }

    @Override
    public void close() {
      domain.close();
    }
  }

  /** Returns the server as a target of checks; its hooks are method calls. */
  public Target target() {
    byte[] known = cryptor.random(KEY_BYTES);
    Target.KnownKey knownKey =
        new Target.KnownKey(vault.addKey(known.clone()), SecretBytes.adopt(known));
    Target.Keys keys =
        new Target.Keys(
            newKey(), Optional.of(newKey()), Optional.of(newKey()), Optional.of(knownKey));
    return new Target(
        url(vault),
        trust,
        () -> domain.token(client).serialize(),
        Optional.of(OwnDomainForge.of(domain, client)),
        keys,
        Optional.of(url(otherVault)),
        hooks());
  }

  private String newKey() {
    byte[] material = new byte[KEY_BYTES];
    new java.security.SecureRandom().nextBytes(material);
    return vault.addKey(material);
  }

  private URI url(Vault one) {
    return URI.create("https://127.0.0.1:" + server.port() + BASE + one.id);
  }

  private VendorHooks hooks() {
    Map<Action, VendorHooks.Hook> hooks = new EnumMap<>(Action.class);
    hooks.put(Action.BLOCK_KEY, key -> vault.blockKey(key, true));
    hooks.put(Action.UNBLOCK_KEY, key -> vault.blockKey(key, false));
    hooks.put(Action.BLOCK_VAULT, key -> vault.block(true));
    hooks.put(Action.UNBLOCK_VAULT, key -> vault.block(false));
    hooks.put(Action.DISABLE_KEY, key -> vault.disable(key, true));
    hooks.put(Action.ENABLE_KEY, key -> vault.disable(key, false));
    hooks.put(Action.ROTATE_KEY, vault::rotate);
    hooks.put(Action.DESTROY_KEY, vault::destroy);
    return new VendorHooks(hooks);
  }

  private void serve(Socket connection) throws IOException {
    boolean patient = flaws.has(Mutation.SLOW_BODY_HELD) || flaws.has(Mutation.SLOW_HEADER_HELD);
    connection.setSoTimeout(patient ? 0 : LIMIT_MILLIS);
    RequestReader reader =
        new RequestReader(
            new BufferedInputStream(connection.getInputStream()), flaws, vault.changes());
    boolean open = true;
    while (open) {
      open = answerNext(reader, connection);
    }
  }

  private boolean answerNext(RequestReader reader, Socket connection) throws IOException {
    Optional<Request> request;
    try {
      request = reader.next();
    } catch (Refused e) {
      write(connection, Optional.empty(), e.status(), error(e), false);
      return false;
    }
    if (request.isEmpty()) {
      return false;
    }
    boolean keep = !flaws.has(Mutation.CLOSES_EVERY_TIME);
    try {
      write(connection, request, 200, answer(request.get()), keep);
    } catch (Refused e) {
      int status = flaws.has(Mutation.ERROR_WITH_200) ? 200 : e.status();
      write(connection, request, status, error(e), keep);
    }
    return keep;
  }

  private Map<String, Object> answer(Request request) throws Refused {
    String path = request.path();
    String below = path.startsWith(BASE) ? path.substring(BASE.length()) : "";
    List<String> parts = new ArrayList<>(Arrays.asList(below.split("/", -1)));
    String vaultId = parts.remove(0);
    Optional<Vault> found = vault(vaultId, parts);
    if (flaws.has(Mutation.KEY_BEFORE_TOKEN) && found.isEmpty()) {
      throw new Refused(404, "Error in getting OCI vault");
    }
    if (flaws.has(Mutation.BLOCK_BEFORE_TOKEN)
        && vault.allKeys().stream().anyMatch(key -> key.blocked)) {
      throw new Refused(403, "OCI key is blocked.");
    }
    if (!flaws.has(Mutation.METADATA_WITHOUT_TOKEN) || !path.endsWith("/metadata")) {
      tokens.check(request);
    }
    boolean forbidden = flaws.has(Mutation.UNKNOWN_VAULT_403);
    Vault here =
        found.orElseThrow(() -> new Refused(forbidden ? 403 : 404, "Error in getting OCI vault"));
    return (here == vault ? operations : otherOperations).answer(request, parts);
  }

  private Optional<Vault> vault(String id, List<String> below) {
    if (id.equalsIgnoreCase(otherVault.id)) {
      boolean shared = flaws.has(Mutation.KEY_OF_OTHER_VAULT) && below.size() > 1;
      return Optional.of(shared ? vault : otherVault);
    }
    return id.equalsIgnoreCase(vault.id) ? Optional.of(vault) : Optional.empty();
  }

  private Map<String, Object> error(Refused refused) {
    if (flaws.has(Mutation.ERROR_BODY_OTHER)) {
      return Map.of("error", refused.text());
    }
    Map<String, Object> body = new LinkedHashMap<>();
    String code = Integer.toString(flaws.has(Mutation.ERROR_CODE_DIFFERS) ? 400 : refused.status());
    body.put("code", flaws.has(Mutation.ERROR_CODE_NUMBER) ? refused.status() : code);
    body.put("message", refused.text());
    return body;
  }

  private void write(
      Socket connection,
      Optional<Request> request,
      int status,
      Map<String, Object> body,
      boolean keep)
      throws IOException {
    byte[] content = JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" -\r\n");
    String type = flaws.has(Mutation.PLAIN_TEXT_TYPE) ? "text/plain" : "application/json";
    head.append("Content-Type: ").append(type).append("\r\n");
    if (!flaws.has(Mutation.CACHEABLE)) {
      head.append("Cache-Control: no-store\r\n");
    }
    if (status == 401 && !flaws.has(Mutation.NO_CHALLENGE)) {
      head.append("WWW-Authenticate: Bearer\r\n");
    }
    Optional<String> id = request.flatMap(one -> one.header("opc-request-id"));
    if (id.isPresent() && !flaws.has(Mutation.REQUEST_ID_LOST)) {
      head.append("opc-request-id: ").append(id.get()).append("\r\n");
    }
    if (!keep) {
      head.append("Connection: close\r\n");
    }
    head.append("Content-Length: ").append(content.length).append("\r\n\r\n");
    byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(start, start.length + content.length);
    System.arraycopy(content, 0, all, start.length, content.length);
    if (flaws.has(Mutation.WRITES_IN_TURN)) {
      synchronized (turn) {
        connection.getOutputStream().write(all);
      }
    } else {
      connection.getOutputStream().write(all);
    }
    connection.getOutputStream().flush();
  }

  @Override
  public void close() {
    server.close();
  }
}
