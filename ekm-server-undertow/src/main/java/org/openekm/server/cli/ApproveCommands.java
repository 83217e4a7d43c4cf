// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.openekm.core.admin.ApprovalRequest;
import org.openekm.core.admin.ApprovedAction;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Approvals of several people before something is unblocked or destroyed. */
@Command(
    name = "approve",
    mixinStandardHelpOptions = true,
    description = {
      "Approvals: several people sign before something is unblocked or destroyed, if the server's configuration asks for it.",
      "Whoever wants it asks the server for a request; each approver signs it on a machine of their own, without the server."
    },
    footer = {
      "",
      "Example:",
      "  ekm approve keygen --out ann.pem",
      "  ekm approve request --action unblock --key payments/bucket-key --out req.json",
      "  ekm approve sign req.json --key ann.pem --out ann.sig",
      "  ekm key unblock payments/bucket-key --approval ann.sig --approval bob.sig"
    })
final class ApproveCommands {

  private static final String PRIVATE = "PRIVATE KEY";
  private static final String PUBLIC = "PUBLIC KEY";
  private static final int LINE = 64;

  @Spec @Nullable CommandSpec spec;

  @Command(
      name = "keygen",
      mixinStandardHelpOptions = true,
      description = {
        "Makes an approver's Ed25519 key, which stays with the approver: FILE is the private key, FILE.pub the public one,",
        "which the server's configuration gets (admin.approvals.approvers)."
      })
  int keygen(
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
          Path file,
      @Mixin Format format)
      throws IOException, GeneralSecurityException {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    Path open = file.resolveSibling(file.getFileName() + ".pub");
    byte[] secret = pem(PRIVATE, keys.getPrivate().getEncoded());
    try {
      PrivateFiles.secret(file, secret);
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
    PrivateFiles.open(open, pem(PUBLIC, keys.getPublic().getEncoded()));
    print(format, Map.of("privateKey", file.toString(), "publicKey", open.toString()));
    return 0;
  }

  /** How commands that need no server print. */
  static final class Format {

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "text or json. Default: text.")
    AdminConnection.Output output = AdminConnection.Output.text;
  }

  /** What a request is about. */
  static final class Subject {

    @Option(
        names = "--key",
        paramLabel = "ID|VAULT/NAME",
        required = true,
        description = "The key.")
    @Nullable String key;

    @Option(
        names = "--vault",
        paramLabel = "NAME|ID",
        required = true,
        description = "The vault, which can only be unblocked.")
    @Nullable String vault;

    String path(String action) {
      return key == null
          ? "/vaults/" + Bodies.segment(String.valueOf(vault)) + "/" + action
          : KeyCommands.path(key, "/" + action);
    }
  }

  @Command(
      name = "request",
      mixinStandardHelpOptions = true,
      description = "Has the server make a request that approvers sign. It is good for one use.")
  int request(
      @Mixin AdminConnection server,
      @ArgGroup(exclusive = true, multiplicity = "1") Subject subject,
      @Option(
              names = "--action",
              required = true,
              paramLabel = "ACTION",
              description = "unblock or destroy; destroy covers schedule-deletion, too.")
          String action,
      @Option(
              names = "--valid",
              paramLabel = "TIME",
              defaultValue = "1h",
              description = "For how long, up to 24h. Default: 1h.")
          String valid,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
          Path file)
      throws IOException {
    if (ApprovedAction.of(action).isEmpty()) {
      throw wrong("--action must be unblock or destroy");
    }
    JsonNode answer =
        server.call("POST", subject.path(action) + "/request-approval", Map.of("validFor", valid));
    PrivateFiles.open(file, new SignedRequest(answer.path("request").asString(""), "").json());
    server.print(answer);
    return 0;
  }

  @Command(
      name = "sign",
      mixinStandardHelpOptions = true,
      description = {
        "Signs a request, without any server. Read what it prints before you hand the signature on: exactly this you approve.",
        "If it is not what you were asked for, delete the signature."
      })
  int sign(
      @Parameters(paramLabel = "REQUEST", description = "The file with the request.") Path request,
      @Option(
              names = "--key",
              required = true,
              paramLabel = "FILE",
              description = "Your private key.")
          Path key,
      @Option(names = "--out", required = true, paramLabel = "FILE", description = "A new file.")
          Path file,
      @Mixin Format format)
      throws IOException, GeneralSecurityException {
    String text = SignedRequest.read(request).request();
    ApprovalRequest parsed =
        ApprovalRequest.parse(text)
            .orElseThrow(
                () ->
                    new CommandFailedException(
                        request + " holds no request that any server would take", null));
    Signature signer = Signature.getInstance("Ed25519");
    signer.initSign(privateKey(key));
    signer.update(text.getBytes(StandardCharsets.UTF_8));
    String signature = Base64.getEncoder().encodeToString(signer.sign());
    PrivateFiles.open(file, new SignedRequest(text, signature).json());
    Map<String, Object> shown = new java.util.LinkedHashMap<>();
    shown.put("server", parsed.server());
    shown.put("action", parsed.action().word());
    shown.put("vaultId", parsed.vault().toString());
    parsed.key().ifPresent(id -> shown.put("externalKeyId", id.toString()));
    shown.put("expires", parsed.expires().toString());
    shown.put("signature", file.toString());
    print(format, shown);
    return 0;
  }

  private void print(Format format, Map<String, Object> shown) {
    PrintWriter out = command().commandLine().getOut();
    JsonNode node = JsonMapper.builder().build().valueToTree(shown);
    Listing listing = new Listing(out);
    if (format.output == AdminConnection.Output.json) {
      listing.json(node);
    } else {
      listing.text(node);
    }
  }

  private static PrivateKey privateKey(Path file) throws IOException, GeneralSecurityException {
    String text = Files.readString(file, StandardCharsets.US_ASCII);
    String body =
        text.replace("-----BEGIN " + PRIVATE + "-----", "")
            .replace("-----END " + PRIVATE + "-----", "")
            .replaceAll("\\s", "");
    try {
      byte[] der = Base64.getDecoder().decode(body);
      try {
        return KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(der));
      } finally {
        Arrays.fill(der, (byte) 0);
      }
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      throw new CommandFailedException(
          file + " is no Ed25519 private key; ekm approve keygen makes one", e);
    }
  }

  private static byte[] pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(der);
    return ("-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(command().commandLine(), message);
  }

  private CommandSpec command() {
    return java.util.Objects.requireNonNull(spec, "set by the command line library");
  }
}
