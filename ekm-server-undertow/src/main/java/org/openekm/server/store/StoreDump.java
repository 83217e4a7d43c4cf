// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.openekm.api.KeyVersionId;
import org.openekm.spi.store.MetadataChange;
import org.openekm.spi.store.MetadataSnapshot;
import org.openekm.spi.store.MetadataStore;
import org.openekm.spi.store.StoreException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Everything in a metadata store as a text file, for backups and for moving from one kind of store
 * to another. No key material and no secret is in a store, of administrators' credentials only
 * salted hashes, and so none in the file.
 *
 * <p>A line is one JSON object: first a header, then the records, then the encryptions counted for
 * each key version, at last the SHA-256 of all lines before, so that a file cut short or changed is
 * refused. The <em>digest</em> is another one: over the records alone, in a fixed order, so that it
 * is the same for the same metadata in whatever store, at whatever revision.
 */
public final class StoreDump {

  private static final String FORMAT = "openekm-metadata";
  private static final int VERSION = 1;
  private static final String USAGE = "Usage";
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .addModule(RecordJson.module())
          .build();

  /** The kinds of records, by the name of the change that puts one. */
  private static final Map<String, Class<?>> KINDS =
      Arrays.stream(MetadataChange.class.getPermittedSubclasses())
          .filter(kind -> kind.getSimpleName().startsWith("Put"))
          .collect(Collectors.toUnmodifiableMap(Class::getSimpleName, kind -> kind));

  /**
   * What was written or read.
   *
   * @param revision the store's revision
   * @param records how many records
   * @param digest the SHA-256 of the records in hexadecimal
   */
  public record Summary(long revision, int records, String digest) {}

  private StoreDump() {}

  /** Returns what an export would say, without writing anything. */
  public static Summary summary(MetadataStore store) {
    MetadataSnapshot snapshot = store.load();
    return summary(snapshot.revision(), lines(snapshot));
  }

  /**
   * Writes everything that is in the store at one revision.
   *
   * @throws IOException if the file can't be written
   */
  public static Summary write(MetadataStore store, Writer out) throws IOException {
    MetadataSnapshot snapshot = store.load();
    List<String> records = lines(snapshot);
    List<String> all = new ArrayList<>();
    all.add(
        JSON.writeValueAsString(
            Map.of("format", FORMAT, "version", VERSION, "revision", snapshot.revision())));
    all.addAll(records);
    snapshot.versions().stream().map(version -> usage(store, version.id())).forEach(all::add);
    MessageDigest hash = sha256();
    for (String line : all) {
      hash.update((line + "\n").getBytes(UTF_8));
      out.write(line + "\n");
    }
    out.write(
        JSON.writeValueAsString(Map.of("sha256", HexFormat.of().formatHex(hash.digest()))) + "\n");
    out.flush();
    return summary(snapshot.revision(), records);
  }

  /**
   * Puts everything from a file into an empty store, all at once, and looks whether it is there.
   *
   * @throws IOException if the file can't be read, is damaged or of another version
   * @throws StoreException if the store is not empty, or shows something else afterwards
   */
  public static Summary read(BufferedReader in, MetadataStore store) throws IOException {
    List<String> lines = checked(in);
    List<MetadataChange> changes = new ArrayList<>();
    List<String> records = new ArrayList<>();
    Map<KeyVersionId, Long> usage = new LinkedHashMap<>();
    for (String line : lines) {
      JsonNode node = JSON.readTree(line);
      String kind = node.path("kind").asString("");
      if (kind.equals(USAGE)) {
        usage.put(
            new KeyVersionId(UUID.fromString(node.path("version").asString(""))),
            node.path("reserved").asLong(0));
      } else {
        changes.add(change(kind, node));
        records.add(line);
      }
    }
    if (store.revision() != 0) {
      throw new StoreException(
          "the store is not empty: it is at revision "
              + store.revision()
              + "; import into a new one",
          null);
    }
    usage.forEach(store::reserveUsage);
    if (!changes.isEmpty()) {
      store.commit(0, changes);
    }
    Summary expected = summary(store.revision(), records);
    Summary found = summary(store);
    if (!found.digest().equals(expected.digest())) {
      throw new StoreException("the store shows other records than were put into it", null);
    }
    return found;
  }

  private static List<String> checked(BufferedReader in) throws IOException {
    List<String> lines = in.lines().toList();
    if (lines.size() < 2 || !isHeader(lines.get(0))) {
      throw new IOException("this is no export of version " + VERSION + " of a metadata store");
    }
    MessageDigest hash = sha256();
    List<String> hashed = lines.subList(0, lines.size() - 1);
    hashed.forEach(line -> hash.update((line + "\n").getBytes(UTF_8)));
    String last = lines.get(lines.size() - 1);
    String right =
        JSON.writeValueAsString(Map.of("sha256", HexFormat.of().formatHex(hash.digest())));
    if (!MessageDigest.isEqual(last.getBytes(UTF_8), right.getBytes(UTF_8))) {
      throw new IOException("the export was cut short or changed: its last line does not fit");
    }
    return hashed.subList(1, hashed.size());
  }

  private static boolean isHeader(String line) {
    try {
      JsonNode header = JSON.readTree(line);
      return header.path("format").asString("").equals(FORMAT)
          && header.path("version").asInt(0) == VERSION;
    } catch (JacksonException e) {
      // Whatever it is, it is none of ours.
      return false;
    }
  }

  private static MetadataChange change(String kind, JsonNode node) throws IOException {
    Class<?> type = KINDS.get(kind);
    if (type == null) {
      throw new IOException(
          "the export holds a record of kind " + kind + ", which a newer server has written");
    }
    try {
      return (MetadataChange) JSON.treeToValue(node.path("change"), type);
    } catch (JacksonException e) {
      throw new IOException("a record of kind " + kind + " can't be read", e);
    }
  }

  /** Sorted, so that the order in which a store returns its records does not matter. */
  private static List<String> lines(MetadataSnapshot snapshot) {
    return changes(snapshot).stream()
        .map(change -> JSON.writeValueAsString(new Line(change.getClass().getSimpleName(), change)))
        .sorted()
        .toList();
  }

  private record Line(String kind, MetadataChange change) {}

  private static List<MetadataChange> changes(MetadataSnapshot snapshot) {
    List<MetadataChange> all = new ArrayList<>();
    snapshot.issuers().forEach(issuer -> all.add(new MetadataChange.PutIssuer(issuer)));
    snapshot.tenancies().forEach(tenancy -> all.add(new MetadataChange.PutTenancy(tenancy)));
    snapshot.vaults().forEach(vault -> all.add(new MetadataChange.PutVault(vault)));
    snapshot.keys().forEach(key -> all.add(new MetadataChange.PutKey(key)));
    snapshot.versions().forEach(version -> all.add(new MetadataChange.PutKeyVersion(version)));
    snapshot.administrators().forEach(one -> all.add(new MetadataChange.PutAdministrator(one)));
    snapshot.spentApprovals().forEach(one -> all.add(new MetadataChange.PutSpentApproval(one)));
    return all;
  }

  /** Asking for the count sets one more encryption aside, which is never too few. */
  private static String usage(MetadataStore store, KeyVersionId version) {
    return JSON.writeValueAsString(
        new Usage(USAGE, store.reserveUsage(version, 1) + 1, version.toString()));
  }

  private record Usage(String kind, long reserved, String version) {}

  private static Summary summary(long revision, List<String> records) {
    MessageDigest hash = sha256();
    records.forEach(line -> hash.update((line + "\n").getBytes(UTF_8)));
    return new Summary(revision, records.size(), HexFormat.of().formatHex(hash.digest()));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException("every Java machine has SHA-256", e));
    }
  }
}
