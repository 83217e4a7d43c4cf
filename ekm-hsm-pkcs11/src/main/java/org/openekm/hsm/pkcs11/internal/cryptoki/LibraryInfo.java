// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.cryptoki;

/**
 * What C_GetInfo tells.
 *
 * @param manufacturer without trailing blanks
 * @param description without trailing blanks
 * @param version of the library, major and minor with a dot
 */
public record LibraryInfo(String manufacturer, String description, String version) {}
