// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.openekm.core.admin.ApprovalPolicy;
import org.openekm.core.admin.ApprovedAction;
import org.openekm.spi.InvalidConfigurationException;

/** The settings that say what several people must approve. */
final class ApprovalSchema {

  private static final int MAX_APPROVERS = 32;

  private ApprovalSchema() {}

  static ApprovalPolicy approvals(Section section) {
    Optional<String> server =
        section.text(
            "server",
            "The name of this server in requests for approval, so that what is signed for another server is worth nothing here. The same on all nodes of one store.");
    int required =
        section.integer("required", 2, 1, MAX_APPROVERS, "How many different approvers must sign.");
    List<Path> files =
        section.files(
            "approvers",
            "PEM files with the Ed25519 public keys of those who may approve; ekm approve keygen makes them. Without any, nothing has to be approved.");
    List<String> actions =
        section.list(
            "for",
            List.of("unblock", "destroy"),
            "What they must approve: unblock (of keys and vaults), destroy (of keys, also by schedule-deletion).");
    section.finish();
    if (!section.has("approvers")) {
      for (String beside : List.of("server", "required", "for")) {
        if (section.has(beside)) {
          section.problem(
              beside, "stands without approvers", "add approvers, or remove the section");
        }
      }
      return ApprovalPolicy.none();
    }
    return made(section, server.orElse(""), required, files, actions);
  }

  private static ApprovalPolicy made(
      Section section, String server, int required, List<Path> files, List<String> actions) {
    List<PublicKey> keys = new ArrayList<>();
    files.forEach(file -> key(section, file).ifPresent(keys::add));
    Set<ApprovedAction> approved = EnumSet.noneOf(ApprovedAction.class);
    for (String word : actions) {
      ApprovedAction.of(word)
          .ifPresentOrElse(
              approved::add,
              () ->
                  section.problem(
                      "for", "holds something else than unblock and destroy", "correct its name"));
    }
    if (keys.size() < files.size()) {
      return ApprovalPolicy.none();
    }
    try {
      return ApprovalPolicy.of(server, required, keys, approved);
    } catch (InvalidConfigurationException e) {
      e.problems()
          .forEach(
              each ->
                  section.problem(each.field().split("\\.", 2)[0], each.problem(), each.hint()));
      return ApprovalPolicy.none();
    }
  }

  private static Optional<PublicKey> key(Section section, Path file) {
    if (!Files.isReadable(file)) {
      // Told when its name was read.
      return Optional.empty();
    }
    try (PEMParser parser =
        new PEMParser(new StringReader(Files.readString(file, StandardCharsets.US_ASCII)))) {
      if (parser.readObject() instanceof SubjectPublicKeyInfo info) {
        return Optional.of(
            KeyFactory.getInstance("Ed25519")
                .generatePublic(new X509EncodedKeySpec(info.getEncoded())));
      }
    } catch (IOException | GeneralSecurityException e) {
      section.problem(
          "approvers",
          "names the file " + file + ", which is no Ed25519 public key: " + e.getMessage(),
          "ekm approve keygen makes one");
      return Optional.empty();
    }
    section.problem(
        "approvers",
        "names the file " + file + ", which holds no public key",
        "give the file that ends in .pub");
    return Optional.empty();
  }
}
