// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.openekm.testkit.kmip.KmipFault.Kind;
import org.openekm.testkit.kmip.KmipServerOptions.Habit;

/** Turns requests into answers, right ones or, with a fault, wrong ones. Thread-safe. */
final class Answerer {

  private static final int CONTINUE = 1;
  private static final int SUCCESS = 0;
  private static final int FAILED = 1;
  private static final int PENDING = 2;
  private static final int UNDONE = 3;
  private static final int DISCOVER_VERSIONS = 0x1E;
  private static final int OTHER_OPERATION = 0x0C;
  private static final int SHORT_TAG_BYTES = 12;

  private final KmipServerOptions options;
  private final Handlers handlers;

  Answerer(KmipServerOptions options, Handlers handlers) {
    this.options = options;
    this.handlers = handlers;
  }

  /** Returns the numbers of the operations that a request asks for; empty if it is none. */
  static List<Integer> operations(byte[] request) {
    try {
      return Item.decoded(request).all(Tags.BATCH_ITEM).stream()
          .map(item -> item.get(Tags.OPERATION).asNumber())
          .toList();
    } catch (Refusal e) {
      return List.of();
    }
  }

  /** Returns the answer to a request of this client. */
  byte[] answer(byte[] request, String client, Optional<KmipFault> fault) {
    Caller caller = new Caller(client, 1, 0);
    List<Item> results = new ArrayList<>();
    try {
      Item message = Item.decoded(request);
      Item header = message.get(Tags.REQUEST_HEADER);
      Item version = header.get(Tags.VERSION);
      List<Item> items = message.all(Tags.BATCH_ITEM);
      Caller known =
          new Caller(
              client, version.get(Tags.MAJOR).asNumber(), version.get(Tags.MINOR).asNumber());
      checkHeader(known, header, items);
      caller = known;
      boolean goesOn =
          header.find(Tags.BATCH_OPTION).map(one -> one.asNumber() == CONTINUE).orElse(false);
      results.addAll(results(items, caller, goesOn, fault));
    } catch (Refusal e) {
      results.clear();
      results.add(refused(List.of(), e));
    }
    boolean miscounted = is(fault, Kind.WRONG_COUNT);
    return message(caller, results, results.size() + (miscounted ? 1 : 0)).encoded();
  }

  private void checkHeader(Caller caller, Item header, List<Item> items) {
    boolean discovery =
        items.size() == 1 && items.get(0).get(Tags.OPERATION).asNumber() == DISCOVER_VERSIONS;
    if (!options.versions().contains(caller.version()) && !discovery) {
      throw new Refusal(Refusal.INVALID_MESSAGE, "not that version");
    }
    if (header.get(Tags.BATCH_COUNT).asNumber() != items.size()
        || items.isEmpty()
        || items.size() > options.batchItems()) {
      throw new Refusal(Refusal.INVALID_MESSAGE, "not so many items");
    }
    if (options.has(Habit.NO_CORRELATION_VALUE)
        && header.find(Tags.CLIENT_CORRELATION).isPresent()) {
      throw new Refusal(Refusal.INVALID_MESSAGE, "a field is not known");
    }
  }

  private List<Item> results(
      List<Item> items, Caller caller, boolean goesOn, Optional<KmipFault> fault) {
    List<Item> results = new ArrayList<>();
    for (Item item : items) {
      List<Item> head = head(item, fault);
      try {
        if (items.size() > 1) {
          item.get(Tags.BATCH_ID);
        }
        failOnCue(fault);
        List<Item> fields =
            handlers.handle(
                item.get(Tags.OPERATION).asNumber(), item.get(Tags.REQUEST_PAYLOAD), caller);
        results.add(done(head, altered(fields, fault), fault));
      } catch (Refusal e) {
        results.add(refused(head, e));
        if (!goesOn) {
          return results;
        }
      }
    }
    return results;
  }

  private static List<Item> head(Item item, Optional<KmipFault> fault) {
    List<Item> head = new ArrayList<>();
    head.add(
        is(fault, Kind.WRONG_OPERATION)
            ? Item.choice(Tags.OPERATION, OTHER_OPERATION)
            : item.get(Tags.OPERATION));
    item.find(Tags.BATCH_ID)
        .ifPresent(
            id -> head.add(is(fault, Kind.WRONG_ID) ? Item.bytes(Tags.BATCH_ID, new byte[8]) : id));
    return head;
  }

  private static void failOnCue(Optional<KmipFault> fault) {
    if (is(fault, Kind.REASON)) {
      throw new Refusal(fault.get().value(), "on cue");
    }
  }

  private static Item done(List<Item> head, List<Item> fields, Optional<KmipFault> fault) {
    int status = SUCCESS;
    if (is(fault, Kind.PENDING)) {
      status = PENDING;
    } else if (is(fault, Kind.UNDONE)) {
      status = UNDONE;
    }
    List<Item> all = new ArrayList<>(head);
    all.add(Item.choice(Tags.RESULT_STATUS, status));
    all.add(Item.of(Tags.RESPONSE_PAYLOAD, fields));
    return Item.of(Tags.BATCH_ITEM, all);
  }

  private static Item refused(List<Item> head, Refusal refusal) {
    List<Item> all = new ArrayList<>(head);
    all.add(Item.choice(Tags.RESULT_STATUS, FAILED));
    all.add(Item.choice(Tags.RESULT_REASON, refusal.reason()));
    all.add(Item.text(Tags.RESULT_MESSAGE, String.valueOf(refusal.getMessage())));
    return Item.of(Tags.BATCH_ITEM, all);
  }

  /** Returns the fields of an answer as a broken server would give them. */
  private static List<Item> altered(List<Item> fields, Optional<KmipFault> fault) {
    if (fault.isEmpty()) {
      return fields;
    }
    List<Item> some = new ArrayList<>(fields);
    switch (fault.get().kind()) {
      case NO_TAG -> some.removeIf(item -> item.tag() == Tags.TAG);
      case SHORT_TAG -> some.replaceAll(item -> resized(item, Tags.TAG, SHORT_TAG_BYTES));
      case OTHER_IV -> some.add(2, Item.bytes(Tags.IV, new byte[12]));
      case SHORT_DATA -> some.replaceAll(item -> grown(item, -1));
      case LONG_DATA -> some.replaceAll(item -> grown(item, 1));
      default -> some.addAll(List.of());
    }
    return some;
  }

  private static Item grown(Item item, int by) {
    return item.tag() == Tags.DATA
        ? resized(item, Tags.DATA, Math.max(0, item.asBytes().length + by))
        : item;
  }

  private static Item resized(Item item, int tag, int length) {
    return item.tag() == tag ? Item.bytes(tag, Arrays.copyOf(item.asBytes(), length)) : item;
  }

  private static boolean is(Optional<KmipFault> fault, Kind kind) {
    return fault.filter(one -> one.kind() == kind).isPresent();
  }

  private static Item message(Caller caller, List<Item> results, int count) {
    List<Item> all = new ArrayList<>();
    all.add(
        Item.of(
            Tags.RESPONSE_HEADER,
            Item.of(
                Tags.VERSION,
                Item.number(Tags.MAJOR, caller.major()),
                Item.number(Tags.MINOR, caller.minor())),
            Item.time(Tags.TIME_STAMP, System.currentTimeMillis() / 1000),
            Item.number(Tags.BATCH_COUNT, count)));
    all.addAll(results);
    return Item.of(Tags.RESPONSE, all);
  }
}
