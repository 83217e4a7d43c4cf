// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.backend;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.EkmException;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.store.KeyVersionRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decrypts a known ciphertext under every key version now and then, on every member of its backend,
 * so that a key that was lost, changed or made unusable in a device is noticed before OCI needs it.
 *
 * <p>The ciphertexts are made when a version is first seen and kept in memory. A device that can't
 * be reached is no finding here; its health check tells of that. Used by one thread at a time.
 */
public final class CanaryCheck {

  /** The key versions that OCI may use now. */
  public interface InUse {

    /** Returns them all; asked once a round, for it may take long. */
    List<KeyVersionRecord> all();

    /** Returns true if this one is still among them. */
    boolean contains(KeyVersionRecord version);
  }

  private static final Logger LOG = LoggerFactory.getLogger(CanaryCheck.class);
  private static final byte[] TEXT = "ekm canary: this text is known".getBytes(US_ASCII);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  private final BackendRegistry backends;
  private final InUse versions;
  private final BiConsumer<KeyVersionId, Deadline> usage;
  private final EkmListener listener;
  private final NanoClock clock;
  private final Map<KeyVersionId, Sealed> known = new ConcurrentHashMap<>();
  private final Map<Place, String> findings = new ConcurrentHashMap<>();
  private List<KeyVersionRecord> round = List.of();
  private int next;

  private record Place(KeyVersionRecord version, String name) {}

  /**
   * Makes a check.
   *
   * @param usage counts an encryption under a version, as every encryption is counted
   */
  public CanaryCheck(
      BackendRegistry backends,
      InUse versions,
      BiConsumer<KeyVersionId, Deadline> usage,
      EkmListener listener,
      NanoClock clock) {
    this.backends = backends;
    this.versions = versions;
    this.usage = usage;
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * Tries the next so many versions; after the last one a new round begins with what is in use
   * then.
   *
   * @param share the part of all versions to try, above 0, at most 1
   */
  public void tryNext(double share) {
    findings.keySet().removeIf(place -> !versions.contains(place.version()));
    if (next == round.size()) {
      beginRound();
    }
    int end = Math.min(round.size(), next + (int) Math.ceil(round.size() * share));
    for (; next < end; next++) {
      if (versions.contains(round.get(next))) {
        tryOne(round.get(next));
      }
    }
  }

  /** Returns what is wrong now: texts for an operator, empty if nothing is. */
  public List<String> findings() {
    return List.copyOf(findings.values());
  }

  private void beginRound() {
    round = versions.all();
    next = 0;
    known.keySet().retainAll(round.stream().map(KeyVersionRecord::id).collect(Collectors.toSet()));
  }

  private void tryOne(KeyVersionRecord version) {
    KeyBackend backend = backends.get(version.backend());
    Map<String, KeyBackend> places = new LinkedHashMap<>();
    backend.members().forEach((name, member) -> places.put(version.backend() + "/" + name, member));
    if (places.isEmpty()) {
      places.put(version.backend(), backend);
    }
    Sealed sealed = sealed(version, backend);
    if (sealed != null) {
      places.forEach((place, member) -> note(version, place, problem(version, member, sealed)));
    }
  }

  /** Returns the known ciphertext; null while there is none because the device can't make one. */
  private @Nullable Sealed sealed(KeyVersionRecord version, KeyBackend backend) {
    Sealed present = known.get(version.id());
    if (present != null) {
      return present;
    }
    Deadline deadline = Deadline.after(LIMIT, clock);
    try (SecretBytes text = SecretBytes.copyOf(TEXT)) {
      usage.accept(version.id(), deadline);
      BackendCiphertext made = backend.encrypt(version.ref(), text, aad(version), deadline);
      Sealed sealed = new Sealed(made.iv(), made.ciphertext(), made.tag());
      known.put(version.id(), sealed);
      return sealed;
    } catch (BackendException e) {
      note(version, version.backend(), finding(e));
    } catch (EkmException e) {
      // The version's counts are used up or can't be had, which is told elsewhere.
      LOG.debug("no canary for key version {}: {}", version.id(), e.safeDetail());
    }
    return null;
  }

  private static Bytes aad(KeyVersionRecord version) {
    return Bytes.copyOf(("ekm canary " + version.id()).getBytes(US_ASCII));
  }

  /** Returns what is wrong; null if nothing is or the device can't be reached. */
  private @Nullable String problem(KeyVersionRecord version, KeyBackend member, Sealed sealed) {
    Deadline deadline = Deadline.after(LIMIT, clock);
    try (SecretBytes text = member.decrypt(version.ref(), sealed, aad(version), deadline)) {
      return text.read(bytes -> MessageDigest.isEqual(bytes, TEXT)) ? null : "gives another text";
    } catch (BackendException e) {
      return finding(e);
    } catch (EkmException e) {
      return e.safeDetail();
    }
  }

  /** Only what the device says of the key itself. */
  private static @Nullable String finding(BackendException e) {
    boolean ofTheKey =
        e instanceof BackendException.KeyMissing
            || e instanceof BackendException.KeyUnusable
            || e instanceof BackendException.AuthenticationTagMismatch;
    return ofTheKey ? String.valueOf(e.getMessage()) : null;
  }

  private void note(KeyVersionRecord version, String place, @Nullable String problem) {
    Place at = new Place(version, place);
    if (problem == null) {
      if (findings.remove(at) != null) {
        LOG.info("key version {} works again on {}", version.id(), place);
      }
      return;
    }
    String text =
        "key version "
            + version.id()
            + " on "
            + place
            + ": "
            + problem
            + "; look for the key "
            + version.ref()
            + " in the device before OCI needs it";
    findings.put(at, text);
    listener.onWarning("canary", text);
  }
}
