// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.conformance;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How to block, disable, rotate and destroy keys at the vendor, so that state checks run without a
 * person. Immutable; used by one thread.
 *
 * <p>A hook returns once the vendor has acknowledged the change; what comes after that is judged.
 */
public final class VendorHooks {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** What can be asked of the vendor. */
  public enum Action {
    /** Keeps the key from serving. */
    BLOCK_KEY,
    /** Takes a block off. */
    UNBLOCK_KEY,
    /** Keeps the whole vault from serving. */
    BLOCK_VAULT,
    /** Takes the vault's block off. */
    UNBLOCK_VAULT,
    /** Takes the key out of the active state. */
    DISABLE_KEY,
    /** Puts the key back into the active state. */
    ENABLE_KEY,
    /** Makes a new version of the key and makes it the current one. */
    ROTATE_KEY,
    /** Destroys the key for good. */
    DESTROY_KEY
  }

  /** One way to ask for it. */
  @FunctionalInterface
  public interface Hook {

    /**
     * Asks the vendor and waits for its acknowledgement.
     *
     * @param key the external key id, or the vault URL for vault actions
     * @throws IOException if the vendor refused or could not be asked
     */
    void run(String key) throws IOException;
  }

  private final Map<Action, Hook> hooks;

  /** Makes hooks. */
  public VendorHooks(Map<Action, Hook> hooks) {
    this.hooks = new EnumMap<>(Action.class);
    this.hooks.putAll(hooks);
  }

  /** Returns true if there is a hook for each of the actions. */
  public boolean has(Action... actions) {
    return hooks.keySet().containsAll(List.of(actions));
  }

  /** Runs the hook for the action. */
  public void run(Action action, String key) throws IOException {
    Hook hook = hooks.get(action);
    if (hook == null) {
      throw new IOException("there is no hook for " + action);
    }
    try {
      hook.run(key);
    } catch (IOException e) {
      throw new IOException("the hook for " + action + " failed: " + e.getMessage(), e);
    }
  }

  /**
   * Returns a hook that runs a program; {@code {key}} in an argument stands for the key. An exit
   * code other than 0 is a failure.
   */
  public static Hook command(List<String> command) {
    return key -> {
      List<String> filled = new ArrayList<>();
      command.forEach(part -> filled.add(part.replace("{key}", key)));
      Process process =
          new ProcessBuilder(filled)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IOException("it did not end within " + LIMIT.toSeconds() + " s");
        }
      } catch (InterruptedException e) {
        process.destroyForcibly();
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      if (process.exitValue() != 0) {
        throw new IOException("it ended with exit code " + process.exitValue());
      }
    };
  }

  /**
   * Returns a hook that sends an empty JSON object by HTTP; {@code {key}} in the URL stands for the
   * key. A status outside 200 to 299 is a failure.
   */
  public static Hook http(
      HttpClient client, String method, String url, Map<String, String> headers) {
    return key -> {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(url.replace("{key}", key)))
              .timeout(LIMIT)
              .header("Content-Type", "application/json")
              .method(method, HttpRequest.BodyPublishers.ofString("{}"));
      headers.forEach(request::header);
      try {
        int status =
            client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
        if (status < 200 || status > 299) {
          throw new IOException("the answer was " + status);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    };
  }
}
