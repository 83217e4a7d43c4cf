// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.setup;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openekm.hsm.pkcs11.internal.binding.Binding;
import org.openekm.hsm.pkcs11.internal.token.TokenConfig;

/**
 * The settings of a backend of the kind {@code pkcs11}, read and checked.
 *
 * @param binding how the library is called
 * @param members its tokens, at least one
 * @param isolation whether each runs in a process of its own
 * @param set how several tokens share the work
 */
record Pkcs11Config(Binding binding, List<Member> members, Isolation isolation, Set set) {

  /** Copies the list. */
  Pkcs11Config {
    members = List.copyOf(members);
  }

  /**
   * One token.
   *
   * @param name its name in messages
   * @param token what it needs to know
   * @param settings the same as settings of a backend with this token alone, in this process
   */
  record Member(String name, TokenConfig token, Map<String, String> settings) {

    Member {
      settings = Map.copyOf(settings);
    }
  }

  /**
   * Processes for tokens.
   *
   * @param used true if each token runs in one
   * @param spare true to keep a second one ready for each
   * @param hangAfter how long a call may go unanswered beyond its deadline before the process is
   *     replaced
   */
  record Isolation(boolean used, boolean spare, Duration hangAfter) {}

  /**
   * The work of several tokens.
   *
   * @param balanced true to share calls among them, false to use the first that works
   * @param hedge true to ask a second token when a decryption takes unusually long
   */
  record Set(boolean balanced, boolean hedge) {}
}
