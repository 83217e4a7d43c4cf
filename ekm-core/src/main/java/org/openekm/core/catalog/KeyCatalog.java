// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openekm.api.Deadline;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.NanoClock;
import org.openekm.core.catalog.CatalogView.Question;
import org.openekm.spi.event.EkmListener;
import org.openekm.spi.policy.PolicyEngine;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataDelta;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.RevisionConflictException;
import org.openekm.spi.store.StoreException;

/**
 * The node's view of the metadata and how fresh it is.
 *
 * <p>The view is an immutable snapshot at one revision, and the time at which a query was sent
 * whose answer said that this revision is the newest. It serves while that time is not further back
 * than the staleness bound; past it, the request itself asks the store, and is refused if the store
 * does not answer in time. With an exclusive store nobody else can commit, so that the view is
 * always fresh, except after a commit whose outcome is not known.
 *
 * <p>Thread-safe. Reading a fresh view is one volatile read. Changes go one after the other.
 */
public final class KeyCatalog {

  private static final int COMMIT_TRIES = 5;

  /** How long after its last look at the metadata a node may hand an answer out. */
  private static final Duration HAND_OUT = Duration.ofMillis(40);

  /** Clocks of sound machines differ by less than one part in this many. */
  private static final int CLOCK_RATE_MARGIN = 50;

  private final MetadataStore store;
  private final SnapshotBuilder builder;
  private final Duration stalenessBound;

  /** How old a view may be when an answer that rests on it is handed out. */
  private final Duration lastAnswer;

  private final EkmListener listener;
  private final NanoClock clock;
  private final boolean exclusive;
  private final StoreQueries queries;
  private final Optional<NodeLink> nodes;
  private final ReentrantLock committing = new ReentrantLock();
  private final ReentrantLock loading = new ReentrantLock();
  private final Object installing = new Object();
  private final List<Consumer<CatalogSnapshot>> observers = new CopyOnWriteArrayList<>();
  private final Object notifying = new Object();
  private volatile CatalogView view;
  // How many commits have ended without a known outcome. A view confirmed before the last of them
  // may be outdated.
  private final AtomicLong doubts = new AtomicLong();
  private volatile boolean ended;

  /**
   * What the catalog takes time and threads from.
   *
   * @param clock the monotonic clock
   * @param executor runs the queries that requests wait for, so that a store that hangs can't hold
   *     a request beyond its deadline
   * @param nodes this node among others on the same store; absent if the store keeps no account
   */
  public record Environment(NanoClock clock, Executor executor, Optional<NodeLink> nodes) {

    /** Makes an environment without an account of nodes. */
    public Environment(NanoClock clock, Executor executor) {
      this(clock, executor, Optional.empty());
    }
  }

  /**
   * Loads the metadata.
   *
   * @param stalenessBound how long a view may serve after the store has confirmed it
   * @throws StoreException if the store can't be read
   */
  public KeyCatalog(
      MetadataStore store,
      PolicyEngine engine,
      Duration stalenessBound,
      EkmListener listener,
      Environment environment) {
    this.store = store;
    this.builder = new SnapshotBuilder(new PolicyCompiler(engine, listener), listener);
    this.stalenessBound = stalenessBound;
    this.lastAnswer = stalenessBound.plus(HAND_OUT);
    this.listener = listener;
    this.clock = environment.clock();
    this.exclusive = store.isExclusive();
    this.queries = new StoreQueries(this::refresh, stalenessBound, environment);
    this.nodes = environment.nodes();
    Question question = ask();
    this.view = new CatalogView(builder.build(store.load(), CatalogSnapshot.empty()), question);
    listener.onRevision(view.snapshot().revision());
    nodes.ifPresent(link -> link.serves(view.snapshot().revision()));
  }

  /**
   * Returns a snapshot that may serve now.
   *
   * @throws EkmException STORE_UNAVAILABLE if it is too old and the store does not confirm it
   *     before the deadline
   */
  public CatalogSnapshot current(Deadline deadline) {
    return look(deadline).snapshot();
  }

  /**
   * Returns a view that may serve now, for {@link #requireStillValid}.
   *
   * @throws EkmException STORE_UNAVAILABLE as {@link #current} does
   */
  public CatalogView look(Deadline deadline) {
    CatalogView seen = view;
    while (!isFresh(seen)) {
      queries.awaitAnswer(deadline);
      seen = view;
      if (!isFresh(seen) && deadline.expired()) {
        throw new EkmException(
            EkmErrorCode.STORE_UNAVAILABLE,
            "the metadata store confirms too slowly that our view is fresh");
      }
    }
    return seen;
  }

  /**
   * Says whether an answer that rests on this view may still be handed out. A request that was held
   * up after its last look, for one by the audit or a pause of the machine, may come too late.
   *
   * @throws EkmException STORE_UNAVAILABLE if so
   */
  public void requireStillValid(CatalogView seen) {
    if (!exclusive && clock.nanos() - seen.confirmed().sentAt() > lastAnswer.toNanos()) {
      throw new EkmException(
          EkmErrorCode.STORE_UNAVAILABLE,
          "the answer was held up too long after the last look at the metadata");
    }
  }

  /**
   * Returns the newest snapshot that this node has, fresh or not; for administration and reports,
   * never to serve a request.
   */
  public CatalogSnapshot latest() {
    return view.snapshot();
  }

  /**
   * Asks the store for its newest revision and takes over what is new. Called regularly where other
   * nodes can commit; blocks as long as the store does.
   *
   * @throws StoreException if the store can't be read, or has gone back to an earlier revision
   */
  public void refresh() {
    long known = view.snapshot().revision();
    Question question = ask();
    long newest = nodes.isPresent() ? nodes.get().report() : store.revision();
    if (newest < known) {
      throw new StoreException(
          "the metadata store went back from revision "
              + known
              + " to "
              + newest
              + "; if that was meant, restart this server",
          null);
    }
    if (newest <= view.snapshot().revision()) {
      install(view.snapshot(), question);
      return;
    }
    // One fetches for all who noticed. Whoever waits too long for it, as it may hang, fetches
    // itself.
    boolean alone = loadingAlone();
    try {
      fetch(newest, question);
    } finally {
      if (alone) {
        loading.unlock();
      }
    }
  }

  private boolean loadingAlone() {
    try {
      return loading.tryLock(stalenessBound.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void fetch(long newest, Question question) {
    if (view.snapshot().revision() >= newest) {
      install(view.snapshot(), question);
      return;
    }
    Question again = ask();
    CatalogSnapshot next = newer(view.snapshot());
    if (next.revision() < newest) {
      throw new StoreException(
          "the metadata store announced revision "
              + newest
              + " and then showed "
              + next.revision()
              + "; its replicas must not be read",
          null);
    }
    install(next, again);
  }

  private CatalogSnapshot newer(CatalogSnapshot base) {
    Optional<MetadataDelta> delta = store.changesSince(base.revision());
    if (delta.isPresent()) {
      try {
        return SnapshotEditor.apply(builder, base, delta.get().changes(), delta.get().revision());
      } catch (IllegalArgumentException e) {
        listener.onWarning(
            "metadata-inconsistent",
            "the changes since revision "
                + base.revision()
                + " don't fit what this node has ("
                + e.getMessage()
                + "); it loads everything anew");
      }
    }
    return builder.build(store.load(), base);
  }

  /**
   * Decides on changes and commits them. When this returns, every later {@link #current} of this
   * node shows them.
   *
   * @param decision gets the newest snapshot and returns the changes, none to leave all as it is;
   *     is called again if somebody else was faster. Its exceptions pass through and leave all as
   *     it is
   * @return the snapshot with the changes
   * @throws EkmException STORE_UNAVAILABLE if the store fails, in which case the changes may or may
   *     not be in force later, or if others were faster too often
   */
  public CatalogSnapshot commit(Function<CatalogSnapshot, List<MetadataChange>> decision) {
    committing.lock();
    try {
      for (int attempt = 0; attempt < COMMIT_TRIES; attempt++) {
        if (attempt > 0 || !exclusive || !isFresh(view)) {
          refreshForCommit();
        }
        CatalogSnapshot base = view.snapshot();
        List<MetadataChange> changes = decision.apply(base);
        if (changes.isEmpty()) {
          return base;
        }
        CatalogSnapshot next = SnapshotEditor.apply(builder, base, changes, base.revision() + 1);
        Question question = ask();
        if (stored(base, changes)) {
          install(next, question);
          return next;
        }
      }
      throw new EkmException(
          EkmErrorCode.STORE_UNAVAILABLE,
          "other nodes changed the metadata " + COMMIT_TRIES + " times meanwhile; try again");
    } finally {
      committing.unlock();
    }
  }

  /**
   * Calls the observer with the present snapshot now and with each newer one, one call after the
   * other; it must be quick.
   */
  public void onChange(Consumer<CatalogSnapshot> observer) {
    synchronized (notifying) {
      observers.add(observer);
      observer.accept(view.snapshot());
    }
  }

  /**
   * Calls for news as soon as the store has some, where it tells, and acknowledges what is still
   * owed to other nodes.
   */
  public void follow() {
    nodes.ifPresent(link -> link.onNews(this::refresh));
  }

  /** Returns true if every other node answers by this revision or a newer one. */
  boolean othersServe(long revision) {
    return nodes.isPresent() && nodes.get().othersServe(revision);
  }

  /**
   * Ends: this node answers nothing more, and no change waits for it.
   *
   * @throws StoreException if the store can't be told, in which case it finds out by and by
   */
  public void close() {
    ended = true;
    nodes.ifPresent(NodeLink::leave);
  }

  /**
   * Returns how long after a commit another node may still answer by what was before: nothing with
   * an exclusive store, else the staleness bound with the time to hand an answer out and a margin
   * for the rates of clocks.
   */
  public Duration settleTime() {
    if (exclusive) {
      return Duration.ZERO;
    }
    return lastAnswer.plus(lastAnswer.dividedBy(CLOCK_RATE_MARGIN));
  }

  private boolean isFresh(CatalogView seen) {
    Question confirmed = seen.confirmed();
    return !ended
        && confirmed.doubts() == doubts.get()
        && (exclusive || clock.nanos() - confirmed.sentAt() <= stalenessBound.toNanos());
  }

  private Question ask() {
    return new Question(clock.nanos(), doubts.get());
  }

  private void refreshForCommit() {
    try {
      refresh();
    } catch (StoreException e) {
      throw unavailable("can't be read", e);
    }
  }

  /** Returns false if somebody else was faster. */
  private boolean stored(CatalogSnapshot base, List<MetadataChange> changes) {
    boolean known = false;
    try {
      long revision = store.commit(base.revision(), changes);
      if (revision != base.revision() + 1) {
        throw new StoreException(
            "the store gave revision " + revision + " to a commit on " + base.revision(), null);
      }
      known = true;
      return true;
    } catch (RevisionConflictException e) {
      known = true;
      return false;
    } catch (StoreException e) {
      throw unavailable("failed at a commit, which may or may not have taken effect", e);
    } finally {
      // Whatever else ended the commit, be it an Error: the view must be confirmed anew.
      if (!known) {
        doubts.incrementAndGet();
      }
    }
  }

  private static EkmException unavailable(String what, StoreException cause) {
    return new EkmException(
        EkmErrorCode.STORE_UNAVAILABLE,
        "the metadata store " + what + ": " + cause.getMessage(),
        cause);
  }

  /**
   * Makes the snapshot the view unless the view is newer already; a time of confirmation only moves
   * forward.
   */
  private void install(CatalogSnapshot snapshot, Question answered) {
    boolean newer;
    synchronized (installing) {
      CatalogView old = view;
      newer = snapshot.revision() > old.snapshot().revision();
      view = new CatalogView(newer ? snapshot : old.snapshot(), later(old.confirmed(), answered));
    }
    if (newer) {
      tellObservers();
      nodes.ifPresent(link -> link.serves(snapshot.revision()));
    } else {
      nodes.ifPresent(NodeLink::catchUp);
    }
  }

  private static Question later(Question one, Question other) {
    if (other.doubts() != one.doubts()) {
      return other.doubts() > one.doubts() ? other : one;
    }
    return other.sentAt() - one.sentAt() > 0 ? other : one;
  }

  private void tellObservers() {
    synchronized (notifying) {
      CatalogSnapshot newest = view.snapshot();
      listener.onRevision(newest.revision());
      for (Consumer<CatalogSnapshot> observer : observers) {
        try {
          observer.accept(newest);
        } catch (RuntimeException e) {
          // The change is in force already; one observer's fault must not make it look refused.
          listener.onWarning(
              "catalog-observer-failed",
              "a part of the server failed to take over revision " + newest.revision() + ": " + e);
        }
      }
    }
  }
}
