// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.openekm.core.audit.AuditSamples.event;
import static org.openekm.core.audit.AuditSamples.lines;
import static org.openekm.core.audit.AuditSamples.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openekm.api.NanoClock;
import org.openekm.core.audit.AuditReport.Verdict;
import org.openekm.spi.ComponentContext;
import org.openekm.spi.InvalidConfigurationException;
import org.openekm.spi.Settings;
import org.openekm.spi.audit.AuditEvent;
import org.openekm.spi.audit.AuditReceipt;
import org.openekm.spi.audit.AuditSink;
import org.openekm.spi.audit.AuditSinkException;
import org.openekm.spi.audit.AuditSinkProvider;
import org.openekm.testkit.fake.ManualClock;
import org.openekm.testkit.fake.TestSecrets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FileAuditSinkTest {

  private static final long BIG = 1 << 30;

  @TempDir Path directory;
  private Path log;

  @BeforeEach
  void path() {
    log = directory.resolve("audit.log");
  }

  @Test
  void append_oneEvent_isALineOfJsonWithEveryField() throws Exception {
    AuditReceipt receipt = AuditSamples.write(log, BIG, 7, 7);

    List<String> lines = lines(log);
    assertThat(lines).hasSize(2);
    JsonNode header = JsonMapper.shared().readTree(lines.get(0));
    JsonNode event = JsonMapper.shared().readTree(lines.get(1));
    assertThat(header.get("file").asInt()).isEqualTo(1);
    assertThat(header.get("prev").asString()).isEqualTo("0".repeat(64));
    assertThat(event.get("seq").asInt()).isEqualTo(1);
    assertThat(event.get("time").asString()).isEqualTo("2026-05-12T12:00:07.000123Z");
    assertThat(event.get("action").asString()).isEqualTo("encrypt");
    assertThat(event.get("outcome").asString()).isEqualTo("OK");
    assertThat(event.get("actor").asString()).isEqualTo("client-a");
    assertThat(event.get("request").asString()).isEqualTo("req-7");
    assertThat(event.get("vault").asString()).isEqualTo("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
    assertThat(event.get("key").asString()).isEqualTo("f0000000-0000-000f-0000-000000000007");
    assertThat(event.get("version").asString()).isEqualTo("ffffffff-ffff-ffff-0000-000000000007");
    assertThat(event.get("details").get("clause").asString()).isEqualTo("vault:allow-oci");
    assertThat(event.get("prev").asString()).isEqualTo(header.get("hash").asString());
    assertThat(event.get("hash").asString()).isEqualTo(receipt.chainHash());
  }

  @Test
  void append_hostileTexts_stayOneLineOfJsonAndReadBackTheSame() throws Exception {
    String hostile =
        "a\"},{\"outcome\":\"OK\"}\n{\"seq\":9}\r\u0000\u007f\u2028\\ \uD83D\uDD11 \uD800 é";
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      sink.append(
          List.of(
              AuditEvent.builder(Instant.EPOCH, "encrypt")
                  .actor(hostile)
                  .detail(hostile, hostile)
                  .build()));
    }

    String readable = hostile.replace('\uD800', '\uFFFD');
    List<String> lines = lines(log);
    assertThat(lines).hasSize(2);
    JsonNode event = JsonMapper.shared().readTree(lines.get(1));
    assertThat(event.get("actor").asString()).isEqualTo(readable);
    assertThat(event.get("details").get(readable).asString()).isEqualTo(readable);
    assertThat(verify(log).verdict()).isEqualTo(Verdict.INTACT);
  }

  @Test
  void append_veryLongText_isCutVisibly() throws Exception {
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      sink.append(
          List.of(AuditEvent.builder(Instant.EPOCH, "encrypt").actor("x".repeat(1 << 20)).build()));
    }

    assertThat(Files.size(log)).isLessThan(10_000);
    assertThat(lines(log).get(1)).contains("...(cut)");
    assertThat(verify(log).verdict()).isEqualTo(Verdict.INTACT);
  }

  @Test
  void open_newFiles_onlyTheOwnerCanReadThem() throws Exception {
    AuditSamples.write(log, 300, 1, 5);

    try (var files = Files.list(directory)) {
      assertThat(files.toList())
          .hasSizeGreaterThan(3)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void open_existingLog_continuesSequenceAndChain() throws Exception {
    AuditSamples.write(log, BIG, 1, 3);
    AuditReceipt last = AuditSamples.write(log, BIG, 4, 5);

    assertThat(last.sequence()).isEqualTo(5);
    AuditReport report = verify(log);
    assertThat(report.verdict()).isEqualTo(Verdict.INTACT);
    assertThat(report.head()).isEqualTo(last);
    assertThat(report.events()).isEqualTo(5);
  }

  @Test
  void append_fileFull_continuesTheChainInTheNextFile() throws Exception {
    AuditReceipt last = AuditSamples.write(log, 1000, 1, 12);

    assertThat(directory.resolve("audit.log.000001")).exists();
    assertThat(directory.resolve("audit.log.000002")).exists();
    AuditReport report = verify(directory);
    assertThat(report.verdict()).isEqualTo(Verdict.INTACT);
    assertThat(report.files()).isGreaterThan(2);
    assertThat(report.events()).isEqualTo(12);
    assertThat(report.beginsAtFirstFile()).isTrue();
    assertThat(report.head()).isEqualTo(last);
  }

  @Test
  void open_crashBetweenTheTwoRenamesOfARotation_beginsTheNextFile() throws Exception {
    AuditSamples.write(log, BIG, 1, 3);
    Files.move(log, directory.resolve("audit.log.000001"));

    AuditSamples.write(log, BIG, 4, 4);

    AuditReport report = verify(directory);
    assertThat(report.verdict()).isEqualTo(Verdict.INTACT);
    assertThat(report.files()).isEqualTo(2);
    assertThat(report.head().sequence()).isEqualTo(5);
  }

  @Test
  void open_currentFileRemovedOrEmptied_goesOnAndTheLogSaysSo() throws Exception {
    AuditSamples.write(log, 1000, 1, 12);
    Files.delete(log);
    AuditSamples.write(log, BIG, 13, 13);
    assertThat(lines(log).get(1)).contains("\"audit.recovered\"").contains("no current file");
    String afterFile = "\"after-file\":\"" + (verify(directory).files() - 1) + "\"";
    assertThat(lines(log).get(1)).contains(afterFile);

    Files.write(log, new byte[0]);
    AuditSamples.write(log, BIG, 14, 14);

    assertThat(lines(log).get(1)).contains("\"audit.recovered\"").contains(afterFile);
    assertThat(verify(directory).verdict()).isEqualTo(Verdict.INTACT);
  }

  @Test
  void open_cutAnywhereInTheLastWrite_keepsAllBeforeItAndTheChainGoesOn() throws Exception {
    AuditSamples.write(log, BIG, 1, 2);
    int acknowledged = (int) Files.size(log);
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      sink.append(List.of(event(3), event(4)));
    }
    byte[] whole = Files.readAllBytes(log);
    for (int length = acknowledged; length <= whole.length; length += 11) {
      Path copy = Files.createDirectory(directory.resolve("cut" + length)).resolve("audit.log");
      Files.write(copy, Arrays.copyOf(whole, length));

      AuditReceipt last = AuditSamples.write(copy, BIG, 5, 5);

      AuditReport report = verify(copy);
      assertThat(report.verdict()).as("cut at %d", length).isEqualTo(Verdict.INTACT);
      assertThat(report.head()).isEqualTo(last);
      assertThat(Arrays.copyOf(Files.readAllBytes(copy), acknowledged))
          .isEqualTo(Arrays.copyOf(whole, acknowledged));
    }
  }

  @Test
  void open_powerCutLeftHolesInTheLastWrite_movesItAsideAndGoesOn() throws Exception {
    AuditSamples.write(log, BIG, 1, 2);
    int acknowledged = (int) Files.size(log);
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      sink.append(List.of(event(3), event(4), event(5)));
    }
    byte[] holed = Files.readAllBytes(log);
    Arrays.fill(holed, acknowledged + 10, acknowledged + 600, (byte) 0);
    Files.write(log, holed);

    AuditReceipt last = AuditSamples.write(log, BIG, 6, 6);

    assertThat(last.sequence()).isEqualTo(4);
    assertThat(lines(log).get(3)).contains("\"audit.recovered\"").contains("audit.log.torn-3");
    assertThat(directory.resolve("audit.log.torn-3"))
        .hasBinaryContent(Arrays.copyOfRange(holed, acknowledged, holed.length));
    assertThat(verify(log).verdict()).isEqualTo(Verdict.INTACT);
  }

  @Test
  void open_holeFarFromTheEnd_isRefusedAndTheFileIsLeftAlone() throws Exception {
    AuditSamples.write(log, BIG, 1, 1);
    int early = (int) Files.size(log);
    try (FileAuditSink sink = AuditSamples.open(log, BIG)) {
      sink.append(IntStream.range(0, 4_000).mapToObj(AuditSamples::event).toList());
    }
    byte[] holed = Files.readAllBytes(log);
    assertThat(holed.length - early).isGreaterThan(1 << 20);
    Arrays.fill(holed, early + 10, early + 20, (byte) 0);
    Files.write(log, holed);

    assertThatThrownBy(() -> AuditSamples.open(log, BIG))
        .isInstanceOf(AuditSinkException.class)
        .hasMessageContaining("line 3");
    assertThat(log).hasBinaryContent(holed);
  }

  @Test
  void open_emptyFileInPlace_isTakenAsNew() throws Exception {
    Files.createFile(log);

    assertThat(AuditSamples.write(log, BIG, 1, 1).sequence()).isEqualTo(1);
    assertThat(verify(log).verdict()).isEqualTo(Verdict.INTACT);
  }

  @Test
  void open_twoServersOnOneLog_theSecondIsRefused() {
    try (FileAuditSink first = AuditSamples.open(log, BIG)) {
      assertThatThrownBy(() -> AuditSamples.open(log, BIG))
          .isInstanceOf(AuditSinkException.class)
          .hasMessageContaining("in use by another server");
      assertThat(first.append(List.of(event(1))).sequence()).isEqualTo(1);
    }
    assertThat(AuditSamples.write(log, BIG, 2, 2).sequence()).isEqualTo(2);
  }

  @Test
  void open_unfinishedLastLine_isMovedAsideAndReported() throws Exception {
    AuditSamples.write(log, BIG, 1, 3);
    String torn = "{\"seq\":4,\"time\":\"2026-05";
    Files.writeString(log, torn, StandardOpenOption.APPEND);
    assertThat(verify(log).verdict()).isEqualTo(Verdict.TORN_END);

    AuditReceipt last = AuditSamples.write(log, BIG, 4, 4);

    assertThat(last.sequence()).isEqualTo(5);
    assertThat(directory.resolve("audit.log.torn-4")).hasContent(torn);
    assertThat(lines(log).get(4)).contains("\"audit.recovered\"").contains("audit.log.torn-4");
    assertThat(verify(log).verdict()).isEqualTo(Verdict.INTACT);
    assertThat(AuditSamples.write(log, BIG, 5, 5).sequence()).isEqualTo(6);
  }

  @Test
  void open_crashAfterMovingAsideButBeforeTheReport_reportsItTheNextTime() throws Exception {
    AuditSamples.write(log, BIG, 1, 1);
    Files.writeString(directory.resolve("audit.log.torn-2"), "torn");

    AuditSamples.write(log, BIG, 2, 2);

    assertThat(lines(log).get(2)).contains("\"audit.recovered\"");
    assertThat(directory.resolve("audit.log.torn-2")).hasContent("torn");
  }

  @Test
  void open_changedLineInTheMiddle_isRefusedAndTheFileIsLeftAlone() throws Exception {
    AuditSamples.write(log, BIG, 1, 3);
    List<String> lines = lines(log);
    lines.set(2, lines.get(2).replace("client-a", "client-b"));
    AuditSamples.writeLines(log, lines);
    byte[] before = Files.readAllBytes(log);

    assertThatThrownBy(() -> AuditSamples.open(log, BIG))
        .isInstanceOf(AuditSinkException.class)
        .hasMessageContaining("line 3")
        .hasMessageContaining("ekm audit verify");
    assertThat(log).hasBinaryContent(before);
  }

  @Test
  void open_foreignFile_isRefusedAndLeftAlone() throws Exception {
    Files.writeString(log, "root:x:0:0:root:/root:/bin/bash\n");

    assertThatThrownBy(() -> AuditSamples.open(log, BIG))
        .isInstanceOf(AuditSinkException.class)
        .hasMessageContaining("does not begin with the header");
    assertThat(log).hasContent("root:x:0:0:root:/root:/bin/bash\n");
  }

  @Test
  void append_afterClose_fails() {
    FileAuditSink sink = AuditSamples.open(log, BIG);
    sink.close();

    assertThatThrownBy(() -> sink.append(List.of(event(1)))).isInstanceOf(AuditSinkException.class);
    assertThat(sink.check().healthy()).isFalse();
  }

  @Test
  void create_fromSettings_opensTheLog() throws Exception {
    try (AuditSink sink =
        provider().create(context(Map.of("path", log.toString(), "max-file-size", "1KB")))) {
      for (int i = 0; i < 10; i++) {
        sink.append(List.of(event(i)));
      }
      assertThat(sink.check().healthy()).isTrue();
    }
    assertThat(directory.resolve("audit.log.000001")).exists();
  }

  @Test
  void create_wrongSettings_reportsAllProblemsAtOnce() {
    assertThatThrownBy(
            () -> provider().create(context(Map.of("max-file-size", "big", "colour", "red"))))
        .isInstanceOfSatisfying(
            InvalidConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .extracting("field")
                    .containsExactly("path", "max-file-size", "colour"));
    assertThatThrownBy(
            () -> provider().create(context(Map.of("path", directory + "/none/audit.log"))))
        .hasMessageContaining("directory that does not exist");
  }

  private static AuditSinkProvider provider() {
    return ServiceLoader.load(AuditSinkProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(provider -> provider.name().equals("file"))
        .findFirst()
        .orElseThrow();
  }

  private static ComponentContext context(Map<String, String> settings) {
    return new ComponentContext(
        "audit",
        Settings.of(settings),
        new TestSecrets(),
        new ManualClock(),
        NanoClock.system(),
        new java.security.SecureRandom(),
        Runnable::run);
  }
}
