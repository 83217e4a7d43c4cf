// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;

/** Tells IP addresses from host names, without asking any name server. */
final class HostNames {

  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\\.([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?))*");

  private HostNames() {}

  static boolean isIpAddress(String host) {
    return IPAddress.isValid(host);
  }

  static boolean isValid(String host) {
    return isIpAddress(host) || NAME.matcher(host).matches();
  }
}
