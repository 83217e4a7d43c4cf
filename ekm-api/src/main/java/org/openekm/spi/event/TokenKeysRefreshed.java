// SPDX-License-Identifier: Apache-2.0
package org.openekm.spi.event;

/**
 * The set of token keys of an issuer has been fetched, or not.
 *
 * @param issuer the issuer's id
 * @param keys how many keys it has now
 * @param succeeded false if the fetch failed and the last good set stays
 */
public record TokenKeysRefreshed(String issuer, int keys, boolean succeeded) {}
