// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.pkcs11.internal.set;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.SecretBytes;
import org.openekm.spi.CheckResult;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendFeature;
import org.openekm.spi.backend.BackendKeyInfo;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.Capabilities;
import org.openekm.spi.backend.Capabilities.IvSource;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;

/**
 * Several tokens that hold the same keys under the same references. A call goes to one of them, and
 * to the next one within the same deadline if that one can't be reached or lacks the key. Whether a
 * tag fits is never asked twice. Thread-safe; owns its members.
 */
public final class TokenSetKeyBackend implements KeyBackend {

  private final List<Member> members;
  private final boolean balanced;
  private final boolean hedge;
  private final ComponentContext context;
  private final Latencies latencies = new Latencies();
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * Makes a set.
   *
   * @param members at least one, in the order of preference
   * @param balanced true to let them take turns
   * @param hedge true to ask a second one when a decryption takes longer than 95 % of the others
   */
  public TokenSetKeyBackend(
      List<Member> members, boolean balanced, boolean hedge, ComponentContext context) {
    this.members = List.copyOf(members);
    this.balanced = balanced;
    this.hedge = hedge;
    this.context = context;
  }

  /** Returns what all members can do. */
  @Override
  public Capabilities capabilities() {
    List<Capabilities> all =
        members.stream().map(member -> member.backend().capabilities()).toList();
    Set<Integer> lengths = new HashSet<>(all.get(0).keyLengths());
    Set<BackendFeature> features = EnumSet.allOf(BackendFeature.class);
    all.forEach(
        one -> {
          lengths.retainAll(one.keyLengths());
          features.retainAll(one.features());
        });
    boolean byDevice = all.stream().anyMatch(one -> one.ivSource() == IvSource.DEVICE);
    return new Capabilities(
        byDevice ? IvSource.DEVICE : IvSource.HOST,
        all.stream().mapToInt(Capabilities::maxPlaintextBytes).min().orElseThrow(),
        all.stream().mapToInt(Capabilities::maxAadBytes).min().orElseThrow(),
        lengths,
        features,
        all.stream().mapToInt(Capabilities::maxConcurrentCalls).sum());
  }

  @Override
  public BackendCiphertext encrypt(
      BackendKeyRef key, SecretBytes plaintext, Bytes aad, Deadline deadline) {
    return onOne(
        order(), key, deadline, (backend, limit) -> backend.encrypt(key, plaintext, aad, limit));
  }

  @Override
  public SecretBytes decrypt(BackendKeyRef key, Sealed sealed, Bytes aad, Deadline deadline) {
    BiFunction<KeyBackend, Deadline, SecretBytes> call =
        (backend, limit) -> backend.decrypt(key, sealed, aad, limit);
    List<Member> order = order();
    if (!hedge || order.size() < 2 || !order.get(1).inFront()) {
      return onOne(order, key, deadline, call);
    }
    return hedged(key, order, call, deadline);
  }

  /** The second token is asked only when the first is slow, and the others never. */
  private SecretBytes hedged(
      BackendKeyRef key,
      List<Member> order,
      BiFunction<KeyBackend, Deadline, SecretBytes> call,
      Deadline deadline) {
    long began = context.nanoClock().nanos();
    Race race = new Race();
    enter(race, key, order.get(0), call, deadline);
    SecretBytes first = race.await(Math.min(latencies.usual(), deadline.remainingNanos()));
    if (first == null && !race.isDecided() && !deadline.expired()) {
      enter(race, key, order.get(1), call, deadline);
    }
    SecretBytes made = race.end(deadline);
    latencies.add(context.nanoClock().nanos() - began);
    return made;
  }

  private void enter(
      Race race,
      BackendKeyRef key,
      Member member,
      BiFunction<KeyBackend, Deadline, SecretBytes> call,
      Deadline deadline) {
    race.enter(context.executor(), member.name(), () -> attempt(member, key, call, deadline));
  }

  @Override
  public SecretBytes randomBytes(int length, Deadline deadline) {
    return onOne(order(), null, deadline, (backend, limit) -> backend.randomBytes(length, limit));
  }

  /**
   * Makes the key on the first member and on no other, not even when that one fails: it may have
   * made the key and not said so, and a second one would be another key under the same reference.
   * The others get it by the devices' own replication or lack it.
   */
  @Override
  public BackendKeyRef generateKey(NewKey newKey, Deadline deadline) {
    BackendKeyRef made =
        attempt(
            members.get(0), null, (backend, limit) -> backend.generateKey(newKey, limit), deadline);
    lookEverywhere(made, deadline);
    return made;
  }

  /** Takes the key in on every member that can be reached. */
  @Override
  public BackendKeyRef importKey(NewKey newKey, SecretBytes material, Deadline deadline) {
    return takenIn(member -> member.importKey(newKey, material, deadline), deadline);
  }

  /** Takes the key in on every member that can be reached and has the wrapping key. */
  @Override
  public BackendKeyRef unwrapKey(
      NewKey newKey, BackendKeyRef wrappingKey, Bytes wrapped, Deadline deadline) {
    return takenIn(member -> member.unwrapKey(newKey, wrappingKey, wrapped, deadline), deadline);
  }

  private BackendKeyRef takenIn(Function<KeyBackend, BackendKeyRef> taking, Deadline deadline) {
    BackendKeyRef made = null;
    BackendException failure = null;
    for (Member member : order()) {
      try {
        made = taking.apply(member.backend());
      } catch (BackendException e) {
        failure = e;
      }
    }
    if (made == null) {
      throw requireNonNull(failure);
    }
    lookEverywhere(made, deadline);
    return made;
  }

  /** Destroys the key on every member; fails if one could not be reached, after all were tried. */
  @Override
  public void destroyKey(BackendKeyRef key, Deadline deadline) {
    BackendException failure = null;
    List<String> left = new ArrayList<>();
    for (Member member : members) {
      try {
        member.backend().destroyKey(key, deadline);
        member.has(key.value());
      } catch (BackendException e) {
        failure = e;
        left.add(member.name());
      }
    }
    if (failure instanceof BackendException.TimedOut) {
      throw failure;
    }
    if (failure != null) {
      throw new BackendException.Unavailable(
          "the key " + key + " may still be on " + left + ": " + failure.getMessage(),
          true,
          failure);
    }
  }

  @Override
  public BackendKeyInfo inspectKey(BackendKeyRef key, Deadline deadline) {
    Map<Member, BackendKeyInfo> found = new LinkedHashMap<>();
    BackendException failure = null;
    for (Member member : order()) {
      try {
        found.put(member, attempt(member, key, (it, at) -> it.inspectKey(key, at), deadline));
      } catch (BackendException e) {
        failure = worse(failure, e);
      }
    }
    if (found.isEmpty()) {
      throw requireNonNull(failure);
    }
    BackendKeyInfo first = found.values().iterator().next();
    List<String> warnings = new ArrayList<>(first.warnings());
    for (Member member : members) {
      if (!found.containsKey(member)) {
        warnings.add(
            member.isLacking(key.value())
                ? "token " + member.name() + " lacks it"
                : "token " + member.name() + " could not be asked");
      }
    }
    return new BackendKeyInfo(key, first.lengthBytes(), warnings, first.unwrapsOnly());
  }

  /** Healthy if one member is; the text tells of each. */
  @Override
  public CheckResult check(Deadline deadline) {
    boolean healthy = false;
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(i);
      CheckResult result = member.backend().check(share(deadline, members.size() - i));
      healthy |= result.healthy();
      String lacking =
          member.lackingCount() == 0 ? "" : ", lacks " + member.lackingCount() + " keys";
      texts.add(
          member.name()
              + (result.healthy() ? " works: " : " fails: ")
              + result.message()
              + lacking);
    }
    return new CheckResult(healthy, String.join("; ", texts));
  }

  @Override
  public Map<String, KeyBackend> members() {
    Map<String, KeyBackend> all = new LinkedHashMap<>();
    members.forEach(member -> all.put(member.name(), member.backend()));
    return all;
  }

  @Override
  public void close() {
    members.forEach(member -> member.backend().close());
  }

  /** Those that work come first, in their order or by turns; the others follow as a last resort. */
  private List<Member> order() {
    List<Member> order = new ArrayList<>(members);
    if (balanced) {
      Collections.rotate(order, turn.getAndIncrement() % members.size());
    }
    order.sort(Comparator.comparing(member -> !member.inFront()));
    return order;
  }

  private static <T> T onOne(
      List<Member> order,
      @Nullable BackendKeyRef key,
      Deadline deadline,
      BiFunction<KeyBackend, Deadline, T> call) {
    BackendException failure = null;
    for (int i = 0; i < order.size(); i++) {
      try {
        return attempt(order.get(i), key, call, share(deadline, order.size() - i));
      } catch (BackendException e) {
        if (e instanceof BackendException.AuthenticationTagMismatch
            || e instanceof BackendException.KeyUnusable
            || deadline.expired()) {
          throw e;
        }
        failure = worse(failure, e);
      }
    }
    throw requireNonNull(failure);
  }

  private static <T> T attempt(
      Member member,
      @Nullable BackendKeyRef key,
      BiFunction<KeyBackend, Deadline, T> call,
      Deadline deadline) {
    try {
      T result = call.apply(member.backend(), deadline);
      member.succeeded();
      if (key != null) {
        member.has(key.value());
      }
      return result;
    } catch (BackendException.KeyMissing e) {
      if (key != null) {
        member.lacks(key.value());
      }
      throw e;
    } catch (BackendException.AuthenticationTagMismatch | BackendException.KeyUnusable e) {
      member.succeeded();
      throw e;
    } catch (BackendException e) {
      member.failed(e);
      throw e;
    }
  }

  /** A member that hangs must leave time for those that are left. */
  private static Deadline share(Deadline deadline, int left) {
    return left == 1
        ? deadline
        : deadline.atMost(Duration.ofNanos(Math.max(0, deadline.remainingNanos()) / left));
  }

  /**
   * A failure that may pass says more than a missing key: the key may be where nobody could look.
   */
  private static BackendException worse(@Nullable BackendException one, BackendException two) {
    return one == null || one instanceof BackendException.KeyMissing ? two : one;
  }

  private void lookEverywhere(BackendKeyRef key, Deadline deadline) {
    for (Member member : members) {
      try {
        attempt(member, key, (it, at) -> it.inspectKey(key, at), deadline);
      } catch (BackendException e) {
        // Told by the member's own state; the key is there on another one.
        member.lacks(key.value());
      }
    }
  }
}
