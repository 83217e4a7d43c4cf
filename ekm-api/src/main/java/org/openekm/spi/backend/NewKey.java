// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.backend;

import org.openekm.api.KeyVersionId;

/**
 * What a key to be made or imported shall be.
 *
 * <p>The version id makes the call repeatable: a backend that already holds a key for this id, made
 * by an earlier try whose answer was lost, returns that key's reference instead of making a second
 * one.
 *
 * @param version the key version that this material is for; unique for ever
 * @param label a name for people, at most 64 characters; need not be unique
 * @param lengthBytes 16, 24 or 32
 */
public record NewKey(KeyVersionId version, String label, int lengthBytes) {}
