// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.config;

/**
 * What the reference says about one setting.
 *
 * @param path the dotted path
 * @param type what to write
 * @param defaultValue what holds without it; empty if it must be given or has none
 * @param range which values are allowed; empty for any
 * @param description what it does
 */
record ConfigKey(String path, String type, String defaultValue, String range, String description) {}
