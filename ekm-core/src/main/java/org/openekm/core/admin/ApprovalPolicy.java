// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.admin;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.openekm.api.Bytes;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

/** For which actions how many of whom must sign. Immutable. */
public final class ApprovalPolicy {

  private static final Pattern SERVER = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final int MAX_APPROVERS = 32;
  private static final int SIGNATURE_BYTES = 64;

  private final String server;
  private final int required;
  private final List<PublicKey> approvers;
  private final Set<ApprovedAction> actions;

  private ApprovalPolicy(
      String server, int required, List<PublicKey> approvers, Set<ApprovedAction> actions) {
    this.server = server;
    this.required = required;
    this.approvers = List.copyOf(approvers);
    this.actions = Set.copyOf(actions);
  }

  /** Returns the policy that asks nobody. */
  public static ApprovalPolicy none() {
    return new ApprovalPolicy("", 0, List.of(), Set.of());
  }

  /**
   * Makes a policy.
   *
   * @param server the name of this server, which stands in each request, so that a signature for
   *     another server is worth nothing here; 1 to 64 letters, digits, dots, hyphens or underscores
   * @param required how many approvers must sign, from 1 to their number
   * @param approvers the Ed25519 keys of up to 32 approvers, each one once
   * @param actions what they must approve
   * @throws InvalidConfigurationException with everything that is wrong
   */
  public static ApprovalPolicy of(
      String server, int required, List<PublicKey> approvers, Set<ApprovedAction> actions) {
    List<ConfigurationProblem> problems = new ArrayList<>();
    if (!SERVER.matcher(server).matches()) {
      problems.add(
          new ConfigurationProblem(
              "server",
              "must have 1 to 64 letters, digits, dots, hyphens or underscores",
              "give a name that no other server of yours has"));
    }
    if (approvers.isEmpty() || approvers.size() > MAX_APPROVERS) {
      problems.add(
          new ConfigurationProblem(
              "approvers", "must be 1 to " + MAX_APPROVERS, "ekm approve keygen makes a key"));
    }
    Set<Bytes> seen = new HashSet<>();
    for (int i = 0; i < approvers.size(); i++) {
      PublicKey key = approvers.get(i);
      String field = "approvers." + i;
      if (!isEd25519(key)) {
        problems.add(
            new ConfigurationProblem(
                field, "is not an Ed25519 key", "ekm approve keygen makes one"));
      } else if (!seen.add(Bytes.copyOf(key.getEncoded()))) {
        problems.add(
            new ConfigurationProblem(
                field, "is there already", "name each approver once; it would count once anyway"));
      }
    }
    if (required < 1 || required > approvers.size()) {
      problems.add(
          new ConfigurationProblem(
              "required",
              "must be from 1 to the number of approvers, which is " + approvers.size(),
              "2 of 3 lets one of them be away"));
    }
    if (actions.isEmpty()) {
      problems.add(
          new ConfigurationProblem("for", "names nothing", "name unblock, destroy or both"));
    }
    if (!problems.isEmpty()) {
      throw new InvalidConfigurationException(problems);
    }
    return new ApprovalPolicy(server, required, approvers, actions);
  }

  String server() {
    return server;
  }

  int required() {
    return required;
  }

  boolean asksFor(ApprovedAction action) {
    return actions.contains(action);
  }

  /** Returns which approvers have signed the text, each one once, as numbers from 1 on. */
  Set<Integer> signers(byte[] text, List<Bytes> signatures) {
    Set<Integer> signers = new HashSet<>();
    for (int i = 0; i < approvers.size(); i++) {
      for (Bytes signature : signatures) {
        if (verifies(approvers.get(i), text, signature)) {
          signers.add(i + 1);
        }
      }
    }
    return signers;
  }

  private static boolean isEd25519(PublicKey key) {
    return key instanceof EdECPublicKey edwards
        && edwards.getParams().getName().equals(NamedParameterSpec.ED25519.getName());
  }

  private static boolean verifies(PublicKey key, byte[] text, Bytes signature) {
    if (signature.length() != SIGNATURE_BYTES) {
      return false;
    }
    try {
      Signature verifier = Signature.getInstance("Ed25519");
      verifier.initVerify(key);
      verifier.update(text);
      return verifier.verify(signature.toByteArray());
    } catch (SignatureException e) {
      // Not even a point of the curve: no signature of anybody.
      return false;
    } catch (InvalidKeyException | NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java has no Ed25519", e);
    }
  }
}
