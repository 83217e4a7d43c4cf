// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/**
 * The handles of a new key pair.
 *
 * @param publicKey the public key
 * @param privateKey the private key
 */
public record KeyPairHandles(long publicKey, long privateKey) {}
