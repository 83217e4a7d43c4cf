// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.Predicate;
import org.openekm.api.KeyState;
import org.openekm.core.admin.KeyVersionDetails;
import org.openekm.spi.store.AdministratorRecord;
import org.openekm.spi.store.IssuerRecord;
import org.openekm.spi.store.KeyRecord;
import org.openekm.spi.store.TenancyRecord;
import org.openekm.spi.store.VaultRecord;

/**
 * How a list is filtered, ordered and cut into pages. A cursor is the place of the last thing that
 * was shown, so that nothing is left out or shown twice because something else comes or goes.
 *
 * @param view how one of them looks
 * @param name what they are ordered by
 * @param id tells apart those of the same name
 * @param filters which parameters choose among them
 */
record Page<R>(
    Function<R, Map<String, Object>> view,
    Function<R, String> name,
    Function<R, String> id,
    List<Filter<R>> filters) {

  static final Page<IssuerRecord> ISSUERS =
      new Page<>(
          AdminViews::issuer,
          IssuerRecord::name,
          issuer -> issuer.id().toString(),
          List.of(named(IssuerRecord::name)));
  static final Page<TenancyRecord> TENANCIES =
      new Page<>(
          AdminViews::tenancy,
          TenancyRecord::name,
          tenancy -> tenancy.id().toString(),
          List.of(named(TenancyRecord::name)));
  static final Page<VaultRecord> VAULTS =
      new Page<>(
          AdminViews::vault,
          VaultRecord::name,
          vault -> vault.id().toString(),
          List.of(named(VaultRecord::name), blocked(VaultRecord::blocked)));
  static final Page<KeyRecord> KEYS =
      new Page<>(
          AdminViews::key,
          KeyRecord::name,
          key -> key.id().toString(),
          List.of(named(KeyRecord::name), state(KeyRecord::state), blocked(KeyRecord::blocked)));

  /** The newest version first. */
  static final Page<KeyVersionDetails> VERSIONS =
      new Page<>(
          AdminViews::version,
          details -> String.format("%010d", Integer.MAX_VALUE - details.version().number()),
          details -> details.version().id().toString(),
          List.of(state(details -> details.version().state())));

  static final Page<AdministratorRecord> ADMINISTRATORS =
      new Page<>(
          AdministratorResources::view,
          AdministratorRecord::name,
          administrator -> administrator.id().toString(),
          List.of(named(AdministratorRecord::name)));

  private static final int DEFAULT_LIMIT = 100;
  private static final int MAX_LIMIT = 500;

  /**
   * A parameter that chooses among the records.
   *
   * @param choices all its values; empty if it takes any text
   */
  private record Filter<R>(String parameter, List<String> choices, BiPredicate<R, String> test) {}

  private record Place(String name, String id) implements Comparable<Place> {

    private static final String FORM = "1";
    private static final Comparator<Place> ORDER =
        Comparator.comparing(Place::name).thenComparing(Place::id);

    String cursor() {
      String text = String.join("\n", FORM, name, id);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    static Optional<Place> of(String cursor) {
      try {
        String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        String[] parts = text.split("\n", -1);
        return parts.length == 3 && parts[0].equals(FORM)
            ? Optional.of(new Place(parts[1], parts[2]))
            : Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }

    @Override
    public int compareTo(Place other) {
      return ORDER.compare(this, other);
    }
  }

  /** Returns the page that the request asks for. */
  Map<String, Object> of(QueryParameters query, List<R> all) {
    int limit = query.integer("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
    Optional<Place> after = after(query);
    Predicate<R> chosen = chosen(query);
    query.finish();
    List<R> rest =
        all.stream()
            .filter(chosen)
            .filter(record -> after.isEmpty() || place(record).compareTo(after.get()) > 0)
            .sorted(Comparator.comparing(this::place))
            .limit(limit + 1L)
            .toList();
    List<R> shown = rest.subList(0, Math.min(limit, rest.size()));
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("items", shown.stream().map(view).toList());
    if (rest.size() > limit) {
      page.put("nextCursor", place(shown.get(limit - 1)).cursor());
    }
    return page;
  }

  private Predicate<R> chosen(QueryParameters query) {
    Predicate<R> chosen = record -> true;
    for (Filter<R> filter : filters) {
      Optional<String> wanted =
          filter.choices().isEmpty()
              ? query.text(filter.parameter())
              : query.choice(filter.parameter(), filter.choices());
      if (wanted.isPresent()) {
        chosen = chosen.and(record -> filter.test().test(record, wanted.get()));
      }
    }
    return chosen;
  }

  private static Optional<Place> after(QueryParameters query) {
    Optional<String> cursor = query.text("cursor");
    Optional<Place> place = cursor.flatMap(Place::of);
    if (cursor.isPresent() && place.isEmpty()) {
      query.problem("cursor", "is none that this server gave", "begin again without it");
    }
    return place;
  }

  private Place place(R record) {
    return new Place(name.apply(record), id.apply(record));
  }

  private static <R> Filter<R> named(Function<R, String> name) {
    return new Filter<>(
        "namePrefix", List.of(), (record, prefix) -> name.apply(record).startsWith(prefix));
  }

  private static <R> Filter<R> blocked(Predicate<R> blocked) {
    return new Filter<>(
        "blocked",
        List.of("true", "false"),
        (record, wanted) -> wanted.equals(Boolean.toString(blocked.test(record))));
  }

  private static <R> Filter<R> state(Function<R, KeyState> state) {
    return new Filter<>(
        "state",
        Arrays.stream(KeyState.values()).map(KeyState::name).toList(),
        (record, wanted) -> state.apply(record).name().equals(wanted));
  }
}
