// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Says whether a recorded history keeps the promise: all changes take effect one after the other,
 * each at some moment between its request and its answer; the node that was asked follows before it
 * answers; all nodes follow a change that takes access away before it is answered; and each call is
 * answered by what its node had followed at some moment between its request and its answer.
 *
 * <p>On one node this is linearizability of the switches. It goes through the history in the order
 * of time with all courses of events that could explain it so far; a history that none explains
 * breaks the promise.
 */
final class HistoryChecker {

  private final int nodes;

  HistoryChecker(int nodes) {
    this.nodes = nodes;
  }

  /**
   * A course of events so far.
   *
   * @param log the states one after the other, from the oldest that a node may still follow
   * @param follows which of them each node follows
   * @param done the open steps that have taken effect, with the state that they led to
   */
  private record Course(List<Integer> log, List<Integer> follows, Map<Step, Integer> done) {

    int newest() {
      return log.size() - 1;
    }

    Course with(Step step, List<Integer> newLog, int at) {
      Map<Step, Integer> more = new HashMap<>(done);
      more.put(step, at);
      return new Course(newLog, follows, Map.copyOf(more));
    }

    Course following(int node, int at) {
      if (follows.get(node) >= at) {
        return this;
      }
      List<Integer> moved = new ArrayList<>(follows);
      moved.set(node, at);
      return new Course(log, List.copyOf(moved), done);
    }

    /** Forgets a step that is over, and the states that no node follows any more. */
    Course without(Step step) {
      Map<Step, Integer> fewer = new HashMap<>(done);
      fewer.remove(step);
      int oldest = follows.stream().mapToInt(each -> each).min().orElse(0);
      fewer.replaceAll((open, at) -> Math.max(0, at - oldest));
      return new Course(
          List.copyOf(log.subList(oldest, log.size())),
          follows.stream().map(each -> each - oldest).toList(),
          Map.copyOf(fewer));
    }
  }

  private record Event(long time, boolean end, Step step) {}

  /** Returns the first answer that nothing explains; absent if there is none. */
  Optional<String> check(List<Step> history) {
    Set<Course> courses = Set.of(start());
    Set<Step> open = new LinkedHashSet<>();
    for (Event event : events(history)) {
      if (!event.end()) {
        open.add(event.step());
        continue;
      }
      Set<Course> left = new LinkedHashSet<>();
      for (Course course : explained(courses, open)) {
        answered(course, event.step()).ifPresent(left::add);
      }
      if (left.isEmpty()) {
        return Optional.of("nothing explains that " + event.step() + "; open were " + open);
      }
      courses = left;
      open.remove(event.step());
    }
    return Optional.empty();
  }

  private Course start() {
    List<Integer> first = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      first.add(0);
    }
    return new Course(List.of(0), List.copyOf(first), Map.of());
  }

  /** Two steps that touch are taken to overlap: the clock can't tell which came first. */
  private static List<Event> events(List<Step> history) {
    List<Event> events = new ArrayList<>();
    for (Step step : history) {
      // What tells nothing may have taken effect whenever, or never: it is never over.
      events.add(new Event(step.began(), false, step));
      if (!step.outcome().equals(Step.UNKNOWN)) {
        events.add(new Event(step.ended(), true, step));
      }
    }
    events.sort(Comparator.comparingLong(Event::time).thenComparing(Event::end));
    return events;
  }

  /** Returns the courses, and all that come of them if open steps take effect now. */
  private Set<Course> explained(Set<Course> courses, Set<Step> open) {
    Set<Course> all = new LinkedHashSet<>(courses);
    Deque<Course> toDo = new ArrayDeque<>(courses);
    while (!toDo.isEmpty()) {
      Course course = toDo.remove();
      for (Step step : open) {
        if (!course.done().containsKey(step)) {
          for (Course next : effects(course, step)) {
            if (all.add(next)) {
              toDo.add(next);
            }
          }
        }
      }
    }
    return all;
  }

  private List<Course> effects(Course course, Step step) {
    if (step.action().isCall()) {
      return callEffects(course, step);
    }
    int state = course.log().get(course.newest());
    boolean fits =
        step.outcome().equals(Step.UNKNOWN) || step.outcome().equals(step.action().outcome(state));
    if (!fits) {
      return List.of();
    }
    int after = step.action().after(state);
    if (after == state) {
      return List.of(course.with(step, course.log(), course.newest()));
    }
    List<Integer> longer = new ArrayList<>(course.log());
    longer.add(after);
    return List.of(course.with(step, List.copyOf(longer), longer.size() - 1));
  }

  private List<Course> callEffects(Course course, Step step) {
    List<Course> next = new ArrayList<>();
    // A node alone has nobody to follow: it is always where its own changes have led.
    int first = nodes == 1 ? course.newest() : course.follows().get(step.node());
    for (int at = first; at <= course.newest(); at++) {
      if (step.action().outcome(course.log().get(at)).equals(step.outcome())) {
        next.add(course.following(step.node(), at).with(step, course.log(), at));
      }
    }
    return next;
  }

  private Optional<Course> answered(Course course, Step step) {
    Integer at = course.done().get(step);
    if (at == null) {
      return Optional.empty();
    }
    Course next = course;
    if (!step.action().isCall()) {
      for (int node = 0; node < nodes; node++) {
        if (node == step.node() || step.revokes()) {
          next = next.following(node, at);
        }
      }
    }
    return Optional.of(next.without(step));
  }
}
