// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.openekm.testkit.kmip.KmipServerOptions.Habit;

/** What the server does. Thread-safe. */
final class Handlers {

  /** The operations that it knows, by their numbers. */
  static final List<Integer> ALL =
      List.of(0x01, 0x03, 0x04, 0x08, 0x0A, 0x0B, 0x12, 0x13, 0x14, 0x18, 0x1E, 0x1F, 0x20, 0x25);

  private static final int ENCRYPT = 4;
  private static final int DECRYPT = 8;
  private static final int AES = 3;
  private static final Set<Integer> AES_BITS = Set.of(128, 192, 256);
  private static final int SYMMETRIC_KEY = 2;
  private static final int RAW = 1;
  private static final int QUERY_OPERATIONS = 1;
  private static final int QUERY_SERVER = 3;
  private static final int KEY_COMPROMISE = 2;
  private static final int REVOCATION_REASON = 0x420081;
  private static final int REVOCATION_CODE = 0x420082;
  private static final int RANDOM_PIECE = 16;

  private final KmipServerOptions options;
  private final KeyShelf shelf;
  private final SecureRandom random = new SecureRandom();

  Handlers(KmipServerOptions options, KeyShelf shelf) {
    this.options = options;
    this.shelf = shelf;
  }

  /** Returns the fields of the answer. */
  List<Item> handle(int operation, Item payload, Caller caller) {
    if (!knows(operation)) {
      throw new Refusal(Refusal.OPERATION_NOT_SUPPORTED, "not here");
    }
    return switch (operation) {
      case 0x01 -> create(payload, caller);
      case 0x03 -> register(payload, caller);
      case 0x04 -> rekey(payload, caller);
      case 0x08 -> locate(payload, caller);
      case 0x0A -> get(payload, caller);
      case 0x0B -> attributes(payload, caller);
      case 0x12 -> activate(payload, caller);
      case 0x13 -> revoke(payload, caller);
      case 0x14 -> destroy(payload, caller);
      case 0x18 -> query(payload);
      case 0x1E -> versions(payload);
      case 0x1F ->
          GcmEngine.encrypt(options, caller, shelf.usable(caller, id(payload), ENCRYPT), payload);
      case 0x20 ->
          GcmEngine.decrypt(options, caller, shelf.usable(caller, id(payload), DECRYPT), payload);
      default -> random(payload);
    };
  }

  private boolean knows(int operation) {
    boolean discover = operation != 0x1E || !options.has(Habit.NO_DISCOVER);
    return ALL.contains(operation) && discover && !options.without().contains(operation);
  }

  private List<Item> create(Item payload, Caller caller) {
    List<Item> attributes = newAttributes(payload, caller);
    int bits = value(attributes, Tags.LENGTH).asNumber();
    if (value(attributes, Tags.ALGORITHM).asNumber() != AES || !AES_BITS.contains(bits)) {
      throw new Refusal(Refusal.INVALID_FIELD, "only AES keys are made here");
    }
    byte[] material = new byte[bits / 8];
    random.nextBytes(material);
    ShelfKey key = shelf.add(caller, material, attributes);
    return List.of(
        Item.choice(Tags.OBJECT_TYPE, SYMMETRIC_KEY), Item.text(Tags.UNIQUE_IDENTIFIER, key.id()));
  }

  private List<Item> register(Item payload, Caller caller) {
    Item block = payload.get(Tags.SYMMETRIC_KEY).get(Tags.KEY_BLOCK);
    byte[] material = block.get(Tags.KEY_VALUE).get(Tags.KEY_MATERIAL).asBytes();
    if (!AES_BITS.contains(material.length * 8)) {
      throw new Refusal(Refusal.INVALID_FIELD, "only AES keys are kept here");
    }
    List<Item> attributes = new ArrayList<>(newAttributes(payload, caller));
    for (int tag : new int[] {Tags.ALGORITHM, Tags.LENGTH}) {
      attributes.removeIf(item -> item.tag() == tag);
      attributes.add(block.get(tag));
    }
    ShelfKey key = shelf.add(caller, material, attributes);
    return List.of(Item.text(Tags.UNIQUE_IDENTIFIER, key.id()));
  }

  private List<Item> rekey(Item payload, Caller caller) {
    ShelfKey key =
        shelf.replace(
            caller,
            id(payload),
            old -> {
              random.nextBytes(old);
              return old;
            });
    return List.of(Item.text(Tags.UNIQUE_IDENTIFIER, key.id()));
  }

  /** Returns the attributes of a new object, each under a tag of its own. */
  private List<Item> newAttributes(Item payload, Caller caller) {
    if (payload.get(Tags.OBJECT_TYPE).asNumber() != SYMMETRIC_KEY) {
      throw new Refusal(Refusal.INVALID_FIELD, "only symmetric keys are kept here");
    }
    List<Item> given =
        caller.speaks2()
            ? payload.get(Tags.ATTRIBUTES).items()
            : unnamed(payload.get(Tags.TEMPLATE_ATTRIBUTE).items());
    if (options.has(Habit.NO_PROTECTION_ATTRIBUTES)
        && given.stream()
            .anyMatch(item -> item.tag() == Tags.SENSITIVE || item.tag() == Tags.EXTRACTABLE)) {
      throw new Refusal(Refusal.INVALID_FIELD, "an attribute is not known");
    }
    return given;
  }

  private static List<Item> unnamed(List<Item> attributes) {
    List<Item> known = new ArrayList<>();
    for (Item one : attributes) {
      Optional<Integer> tag =
          Optional.ofNullable(Tags.ATTRIBUTE_NAMES.get(one.get(Tags.ATTRIBUTE_NAME).asText()));
      tag.ifPresent(number -> known.add(one.get(Tags.ATTRIBUTE_VALUE).withTag(number)));
    }
    return known;
  }

  private static Item value(List<Item> attributes, int tag) {
    return attributes.stream()
        .filter(item -> item.tag() == tag)
        .findFirst()
        .orElseThrow(() -> new Refusal(Refusal.INVALID_FIELD, "an attribute is missing"));
  }

  private List<Item> locate(Item payload, Caller caller) {
    List<Item> wanted =
        caller.speaks2()
            ? payload.find(Tags.ATTRIBUTES).map(Item::items).orElse(List.of())
            : unnamed(payload.all(Tags.ATTRIBUTE));
    List<ShelfKey> found = shelf.named(caller, value(wanted, Tags.NAME));
    int most = payload.find(Tags.MAXIMUM_ITEMS).map(Item::asNumber).orElse(Integer.MAX_VALUE);
    List<Item> fields = new ArrayList<>();
    if (caller.speaks2() || caller.minor() >= 3) {
      fields.add(Item.number(Tags.LOCATED_ITEMS, found.size()));
    }
    found.stream()
        .limit(most)
        .forEach(key -> fields.add(Item.text(Tags.UNIQUE_IDENTIFIER, key.id())));
    return fields;
  }

  private List<Item> get(Item payload, Caller caller) {
    ShelfKey key = shelf.find(caller, id(payload));
    if (key.state() == ShelfKey.DESTROYED) {
      throw new Refusal(Refusal.OBJECT_DESTROYED, "the object is destroyed");
    }
    boolean sensitive = key.attribute(Tags.SENSITIVE).map(Item::asTruth).orElse(false);
    if (sensitive) {
      throw new Refusal(
          caller.speaks2() ? Refusal.SENSITIVE : Refusal.PERMISSION_DENIED, "not given out");
    }
    return List.of(
        Item.choice(Tags.OBJECT_TYPE, SYMMETRIC_KEY),
        Item.text(Tags.UNIQUE_IDENTIFIER, key.id()),
        Item.of(
            Tags.SYMMETRIC_KEY,
            Item.of(
                Tags.KEY_BLOCK,
                Item.choice(Tags.KEY_FORMAT_TYPE, RAW),
                Item.of(Tags.KEY_VALUE, Item.bytes(Tags.KEY_MATERIAL, key.material())),
                Item.choice(Tags.ALGORITHM, AES),
                Item.number(Tags.LENGTH, key.bits()))));
  }

  private List<Item> attributes(Item payload, Caller caller) {
    ShelfKey key = shelf.find(caller, id(payload));
    List<Item> fields = new ArrayList<>();
    fields.add(Item.text(Tags.UNIQUE_IDENTIFIER, key.id()));
    if (caller.speaks2()) {
      List<Item> told = new ArrayList<>();
      payload
          .all(Tags.ATTRIBUTE_REFERENCE)
          .forEach(one -> key.attribute(one.asNumber()).ifPresent(told::add));
      fields.add(Item.of(Tags.ATTRIBUTES, told));
      return fields;
    }
    Map<String, Integer> names = Tags.ATTRIBUTE_NAMES;
    for (Item name : payload.all(Tags.ATTRIBUTE_NAME)) {
      Optional.ofNullable(names.get(name.asText()))
          .flatMap(key::attribute)
          .ifPresent(
              value ->
                  fields.add(Item.of(Tags.ATTRIBUTE, name, value.withTag(Tags.ATTRIBUTE_VALUE))));
    }
    return fields;
  }

  private List<Item> activate(Item payload, Caller caller) {
    shelf.activate(caller, id(payload));
    return List.of(payload.get(Tags.UNIQUE_IDENTIFIER));
  }

  private List<Item> revoke(Item payload, Caller caller) {
    int code = payload.get(REVOCATION_REASON).get(REVOCATION_CODE).asNumber();
    shelf.revoke(caller, id(payload), code == KEY_COMPROMISE);
    return List.of(payload.get(Tags.UNIQUE_IDENTIFIER));
  }

  private List<Item> destroy(Item payload, Caller caller) {
    shelf.destroy(caller, id(payload));
    return List.of(payload.get(Tags.UNIQUE_IDENTIFIER));
  }

  private List<Item> query(Item payload) {
    List<Item> fields = new ArrayList<>();
    for (Item function : payload.all(Tags.QUERY_FUNCTION)) {
      if (function.asNumber() == QUERY_OPERATIONS) {
        ALL.stream()
            .filter(this::knows)
            .forEach(operation -> fields.add(Item.choice(Tags.OPERATION, operation)));
      } else if (function.asNumber() == QUERY_SERVER) {
        fields.add(Item.text(Tags.VENDOR, "OpenEKM test kit"));
      }
    }
    return fields;
  }

  private List<Item> versions(Item payload) {
    List<String> asked =
        payload.all(Tags.VERSION).stream()
            .map(one -> one.get(Tags.MAJOR).asNumber() + "." + one.get(Tags.MINOR).asNumber())
            .toList();
    return options.versions().stream()
        .filter(version -> asked.isEmpty() || asked.contains(version))
        .map(
            version ->
                Item.of(
                    Tags.VERSION,
                    Item.number(Tags.MAJOR, version.charAt(0) - '0'),
                    Item.number(Tags.MINOR, version.charAt(2) - '0')))
        .toList();
  }

  private List<Item> random(Item payload) {
    int length = payload.get(Tags.DATA_LENGTH).asNumber();
    if (length < 1 || length > 1 << 20) {
      throw new Refusal(Refusal.INVALID_FIELD, "not that many bytes");
    }
    byte[] bytes =
        new byte[options.has(Habit.SHORT_RANDOM) ? Math.min(RANDOM_PIECE, length) : length];
    random.nextBytes(bytes);
    return List.of(Item.bytes(Tags.DATA, bytes));
  }

  private static String id(Item payload) {
    return payload.get(Tags.UNIQUE_IDENTIFIER).asText();
  }
}
