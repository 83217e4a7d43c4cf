// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.catalog;

import java.util.AbstractCollection;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * A map that is immutable, and cheap to change by one: what is in it is spread over parts, and a
 * change copies only the parts that it touches. A vault of a hundred thousand keys would otherwise
 * take as many steps for each block.
 */
final class PartedMap<K, V> {

  private static final int PARTS = 256;
  private static final PartedMap<?, ?> EMPTY = new PartedMap<>(emptyParts(), 0);

  private final Map<K, V>[] parts;
  private final int size;

  private PartedMap(Map<K, V>[] parts, int size) {
    this.parts = parts;
    this.size = size;
  }

  @SuppressWarnings("unchecked")
  static <K, V> PartedMap<K, V> empty() {
    return (PartedMap<K, V>) EMPTY;
  }

  @Nullable V get(K key) {
    return parts[partOf(key)].get(key);
  }

  int size() {
    return size;
  }

  /** Returns all values in no particular order. */
  Collection<V> values() {
    return new AbstractCollection<>() {
      @Override
      public Iterator<V> iterator() {
        return new EveryPart<>(parts);
      }

      @Override
      public int size() {
        return size;
      }
    };
  }

  /** Begins a change; this map stays as it is. */
  Change<K, V> change() {
    return new Change<>(this);
  }

  /** A map in the making. Used by one thread. */
  static final class Change<K, V> {

    private final Map<K, V>[] parts;
    private final boolean[] copied = new boolean[PARTS];
    private int size;

    private Change(PartedMap<K, V> before) {
      this.parts = before.parts.clone();
      this.size = before.size;
    }

    @Nullable V get(K key) {
      return parts[partOf(key)].get(key);
    }

    /** Returns what was there before. */
    @Nullable V put(K key, V value) {
      V before = own(key).put(key, value);
      if (before == null) {
        size++;
      }
      return before;
    }

    /** Returns what was there before. */
    @Nullable V remove(K key) {
      V before = own(key).remove(key);
      if (before != null) {
        size--;
      }
      return before;
    }

    /** Returns the map; the change must not be used any more. */
    PartedMap<K, V> done() {
      return new PartedMap<>(parts, size);
    }

    private Map<K, V> own(K key) {
      int part = partOf(key);
      if (!copied[part]) {
        copied[part] = true;
        parts[part] = new HashMap<>(parts[part]);
      }
      return parts[part];
    }
  }

  /** Goes through all parts. Streams would do, at several times the cost for each value. */
  private static final class EveryPart<V> implements Iterator<V> {

    private final Map<?, V>[] parts;
    private int next;
    private Iterator<V> within = Collections.emptyIterator();

    EveryPart(Map<?, V>[] parts) {
      this.parts = parts;
    }

    @Override
    public boolean hasNext() {
      while (!within.hasNext() && next < parts.length) {
        within = parts[next].values().iterator();
        next++;
      }
      return within.hasNext();
    }

    @Override
    public V next() {
      if (!hasNext()) {
        throw new NoSuchElementException("there are no more values");
      }
      return within.next();
    }
  }

  private static int partOf(Object key) {
    int hash = key.hashCode();
    // The maps inside use the upper bits too; these are others.
    return (hash ^ (hash >>> 8) ^ (hash >>> 16) ^ (hash >>> 24)) & (PARTS - 1);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  private static <K, V> Map<K, V>[] emptyParts() {
    Map<K, V>[] parts = new Map[PARTS];
    Arrays.fill(parts, Map.of());
    return parts;
  }
}
