// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

/** What a check needs of the target besides a vault, a key and a token. */
public enum Need {
  /** Tokens of any content, signed by the identity domain that the vault trusts. */
  FORGED_TOKENS("the endpoint must trust the kit's own identity domain: use setup in the target"),
  /** A way to keep the identity domain's signing keys from the endpoint. */
  KEYS_OUTAGE("the endpoint must trust the kit's own identity domain: use setup in the target"),
  /** A second key in the same vault. */
  OTHER_KEY("name it as key.other in the target"),
  /** A second vault at the same endpoint, with the same client, without the first vault's keys. */
  OTHER_VAULT("name it as vault.other in the target"),
  /** A key whose material is known. */
  KNOWN_KEY("name it as key.known and its material as key.known.material in the target"),
  /** A key that may be destroyed. */
  DISPOSABLE_KEY("name it as key.disposable in the target"),
  /** A way to block and unblock a key. */
  KEY_BLOCK("give hook.block-key and hook.unblock-key in the target"),
  /** A way to block and unblock the vault. */
  VAULT_BLOCK("give hook.block-vault and hook.unblock-vault in the target"),
  /** A way to disable and enable a key. */
  KEY_DISABLE("give hook.disable-key and hook.enable-key in the target"),
  /** A way to make a new version of a key. */
  KEY_ROTATE("give hook.rotate-key in the target"),
  /** A way to destroy a key. */
  KEY_DESTROY("give hook.destroy-key in the target");

  private final String remedy;

  Need(String remedy) {
    this.remedy = remedy;
  }

  /** Returns what to do so that the need is met. */
  public String remedy() {
    return remedy;
  }
}
