// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.net.URI;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.openekm.api.SecretBytes;
import org.openekm.testkit.conformance.VendorHooks.Action;
import org.openekm.testkit.oci.TokenMint;
import org.openekm.testkit.oci.TokenSource;

/**
 * The endpoint under test and what is known of it. Immutable.
 *
 * @param vaultUrl the external vault URL, as it is entered in OCI
 * @param tls trusts the endpoint's authority
 * @param tokens gives good tokens for the vault
 * @param forge makes tokens of any content that the trusted identity domain signs
 * @param keys the keys that may be used
 * @param otherVault another vault's URL
 * @param hooks changes the state of keys at the vendor
 */
public record Target(
    URI vaultUrl,
    SSLContext tls,
    TokenSource tokens,
    Optional<Forge> forge,
    Keys keys,
    Optional<URI> otherVault,
    VendorHooks hooks) {

  /** Makes tokens for attacks, signed rightly unless the attack is in the signature. */
  @FunctionalInterface
  public interface Forge {

    /** Returns a mint of good tokens for the vault, the start of bad ones. */
    TokenMint good();

    /**
     * Returns the RSA public key that the endpoint trusts, as an X.509 structure; empty if unknown.
     */
    default byte[] publicKey() {
      return new byte[0];
    }

    /** Returns true if {@link #withholdKeys} does something. */
    default boolean canWithholdKeys() {
      return false;
    }

    /** Makes the identity domain stop giving its signing keys, or give them again. */
    default void withholdKeys(boolean withheld) {
      throw new UnsupportedOperationException("this identity domain is somebody else's");
    }
  }

  /**
   * External key ids.
   *
   * @param main an active AES-256 key; state checks block and rotate it and put it back
   * @param other another active key of the same vault
   * @param disposable a key that is destroyed
   * @param known a key whose material is known
   */
  public record Keys(
      String main, Optional<String> other, Optional<String> disposable, Optional<KnownKey> known) {

    /** Returns one key and nothing else. */
    public static Keys only(String main) {
      return new Keys(main, Optional.empty(), Optional.empty(), Optional.empty());
    }
  }

  /**
   * A key whose material is known, so that its ciphertexts can be checked.
   *
   * @param id its external key id
   * @param material 32 bytes; a key made for tests only
   */
  public record KnownKey(String id, SecretBytes material) {

    @Override
    public String toString() {
      return "KnownKey[" + id + "]";
    }
  }

  /** Returns which needs of checks are met. */
  public Set<Need> offers() {
    Set<Need> offers = EnumSet.noneOf(Need.class);
    offer(offers, Need.FORGED_TOKENS, forge.isPresent());
    offer(offers, Need.KEYS_OUTAGE, forge.map(Forge::canWithholdKeys).orElse(false));
    offer(offers, Need.OTHER_KEY, keys.other().isPresent());
    offer(offers, Need.OTHER_VAULT, otherVault.isPresent());
    offer(offers, Need.KNOWN_KEY, keys.known().isPresent());
    offer(offers, Need.DISPOSABLE_KEY, keys.disposable().isPresent());
    offer(offers, Need.KEY_BLOCK, hooks.has(Action.BLOCK_KEY, Action.UNBLOCK_KEY));
    offer(offers, Need.VAULT_BLOCK, hooks.has(Action.BLOCK_VAULT, Action.UNBLOCK_VAULT));
    offer(offers, Need.KEY_DISABLE, hooks.has(Action.DISABLE_KEY, Action.ENABLE_KEY));
    offer(offers, Need.KEY_ROTATE, hooks.has(Action.ROTATE_KEY));
    offer(offers, Need.KEY_DESTROY, hooks.has(Action.DESTROY_KEY));
    return offers;
  }

  private static void offer(Set<Need> offers, Need need, boolean met) {
    if (met) {
      offers.add(need);
    }
  }

  @Override
  public String toString() {
    return "Target[" + vaultUrl + "]";
  }
}
