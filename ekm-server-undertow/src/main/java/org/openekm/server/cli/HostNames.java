// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.cli;

import java.util.regex.Pattern;
import org.bouncycastle.util.IPAddress;

/** Tells IP addresses from host names, without asking any name server. */
final class HostNames {

  private static final Pattern NAME =
      Pattern.compile(
          "(?=.{1,253}$)([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)(\\.([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?))*");

  private static final Pattern NUMBER_AT_END = Pattern.compile("(.*\\.)?[0-9]+");

  private HostNames() {}

  static boolean isIpAddress(String host) {
    return IPAddress.isValid(host);
  }

  /** A name whose last part is a number is a mistyped address: no such name can be looked up. */
  static boolean isValid(String host) {
    return isIpAddress(host)
        || (NAME.matcher(host).matches() && !NUMBER_AT_END.matcher(host).matches());
  }

  /** Returns true if the host is this very machine whatever any name server says. */
  static boolean isLoopback(String host) {
    String bare = host.replaceAll("[\\[\\]]", "");
    return bare.equalsIgnoreCase("localhost")
        || bare.equals("::1")
        || (isIpAddress(bare) && bare.startsWith("127."));
  }
}
