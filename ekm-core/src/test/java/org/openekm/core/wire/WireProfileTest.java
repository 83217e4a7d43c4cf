// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.openekm.core.wire.Wire.KEY;
import static org.openekm.core.wire.Wire.VAULT;
import static org.openekm.core.wire.Wire.VERSION;
import static org.openekm.core.wire.Wire.json;
import static org.openekm.core.wire.Wire.refusal;
import static org.openekm.core.wire.Wire.utf8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openekm.api.Bytes;
import org.openekm.api.EkmErrorCode;
import org.openekm.api.EkmException;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.KeyMetadata;
import org.openekm.api.KeyState;
import org.openekm.api.Operation;
import org.openekm.spi.ConfigurationProblem;
import org.openekm.spi.InvalidConfigurationException;

final class WireProfileTest {

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"oci-default", "oci-strict"})
  void builtIn_bothNames_loadAndSuggestTheDefaultLimits(String name) {
    WireProfile profile = WireProfile.builtIn(name);

    assertThat(profile.name()).isEqualTo(name);
    assertThat(profile.limits()).isEqualTo(WireLimits.defaults());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "oci", "../oci-default", "OCI-DEFAULT"})
  void builtIn_otherName_isRefusedWithTheNamesThatExist(String name) {
    assertThat(problems(() -> WireProfile.builtIn(name)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.hint()).contains("oci-default", "oci-strict"));
  }

  @Test
  void load_copyOfABuiltInProfileWithOtherNames_speaksThoseNames() throws IOException {
    String data =
        resource("oci-strict")
            .replace("\"name\": \"oci-strict\"", "\"name\": \"mine\"")
            .replace("\"plaintext\": [\"plaintext\"]", "\"plaintext\": [\"clear\"]")
            .replace("\"ciphertext\": \"ciphertext\"", "\"secretText\": \"ciphertext\"")
            .replace("/encrypt\"", "/seal\"");
    Wire wire = Wire.of(WireProfile.load(write(data)));

    EncryptRequest request =
        wire.codec.readEncrypt(wire.route("seal"), utf8("{\"clear\":\"AQ==\"}"));

    assertThat(wire.profile.name()).isEqualTo("mine");
    assertThat(request.plaintext().toByteArray()).containsExactly(1);
    assertThat(wire.codec.write(request, sealed()))
        .asString(UTF_8)
        .startsWith("{\"secretText\":\"/w==\",");
    assertThat(refusal(() -> wire.codec.readEncrypt(wire.route("seal"), utf8("{}"))).safeDetail())
        .isEqualTo("clear is required");
  }

  @Test
  void load_profileThatExtendsABuiltInOne_changesOnlyWhatItSays() throws IOException {
    Wire wire =
        Wire.of(
            WireProfile.load(
                write(
                    json(
                        """
                        { 'extends': 'oci-default', 'name': 'acme', 'vendor': 'ACME',
                          'operations': {
                            'encrypt': {
                              'request': { 'plaintext': ['payload'], 'iv': null },
                              'response': { 'result': { 'blob': 'ciphertextAndTag', 'nonce': 'iv' },
                                            'authenticationTag': 'tag' },
                              'errors': { 'KEY_NOT_ACTIVE': 'Asleep.' } },
                            'getKeyMetadata': {
                              'response': { 'version': 'keyVersionId', 'bits': 'lengthBits', 'state': 'state' } } },
                          'states': { 'ACTIVE': 'ENABLED' },
                          'modes': { 'output': 'GCM' },
                          'randomBytes': { 'seal': false, 'defaultLength': 48 },
                          'errors': { 'INTERNAL': 'Sorry.' },
                          'limits': { 'maxPlaintextBytes': 4 } }
                        """))));

    EncryptRequest request = wire.encrypt("{\"payload\":\"AQ==\",\"initializationVector\":\"!\"}");
    assertThat(wire.codec.write(request, sealed()))
        .asString(UTF_8)
        .isEqualTo(
            json(
                "{'result':{'blob':'/wAAAAAAAAAAAAAAAAAAAAA=','nonce':'AAAAAAAAAAAAAAAA'},"
                    + "'authenticationTag':'AAAAAAAAAAAAAAAAAAAAAA=='}"));
    assertThat(
            wire.codec.write(
                new KeyMetadata(VAULT, KEY, "k", KeyState.ACTIVE, 32, VERSION, Instant.EPOCH)))
        .asString(UTF_8)
        .isEqualTo(json("{'version':'%s','bits':256,'state':'ENABLED'}").formatted(VERSION));
    assertThat(wire.random("").length()).isEqualTo(48);
    assertThat(wire.profile.sealsRandomBytes()).isFalse();
    assertThat(refusal(() -> wire.encrypt("{\"payload\":\"AAAAAAAAAA==\"}")).code())
        .isEqualTo(EkmErrorCode.TOO_LARGE);
    assertThat(wire.message(new EkmException(EkmErrorCode.INTERNAL, "x"))).contains("Sorry.");
    assertThat(
            wire.errors.body(
                Optional.of(Operation.ENCRYPT), new EkmException(EkmErrorCode.KEY_NOT_ACTIVE, "x")))
        .asString(UTF_8)
        .contains("Asleep.");
    assertThat(
            wire.decrypt(
                    json("{'encryptedData':'/w==','nonce':'%s','authTag':'%s'}")
                        .formatted(Wire.IV, Wire.TAG))
                .sealed()
                .ciphertext()
                .length())
        .isEqualTo(1);
  }

  @Test
  void load_profileThatIgnoresCallerIvs_takesAnIvAndDropsIt() throws IOException {
    Wire wire =
        Wire.of(
            WireProfile.load(
                write(
                    json("{'extends':'oci-default','name':'x','rules':{'ignoreCallerIv':true}}"))));

    assertThat(
            wire.encrypt("{\"plaintext\":\"AQ==\",\"iv\":\"" + Wire.IV + "\"}")
                .plaintext()
                .length())
        .isEqualTo(1);
  }

  @Test
  void load_manyMistakes_reportsAllOfThemAtOnceWithFieldRuleAndHint() throws IOException {
    List<ConfigurationProblem> problems =
        problems(
            () ->
                WireProfile.load(
                    write(
                        json(
                            """
                            { 'extends': 'oci-default', 'name': '', 'colour': 'red',
                              'operations': {
                                'encrypt': {
                                  'routes': [ { 'method': 'PUT', 'path': 'vaults/{key}' } ],
                                  'request': { 'plaintext': null, 'aad': ['x', 'x'], 'foo': ['a'] },
                                  'response': { 'c': 'ciphertext', 'i': 'plaintext' },
                                  'errors': { 'KEY_NOT_ACTIVE': '{name} sleeps', 'NOPE': 'x' } },
                                'decrypt': { 'query': { 'iv': ['iv'] }, 'response': {} },
                                'sing': {} },
                              'states': { 'ACTIVE': 7 },
                              'modes': { 'accepted': [] },
                              'base64': { 'urlSafe': 'yes' },
                              'randomBytes': { 'defaultLength': 4096 },
                              'errors': { 'INTERNAL': null },
                              'limits': { 'maxDepth': 0, 'maxBodyBytes': '1' } }
                            """))));

    assertThat(problems)
        .extracting(ConfigurationProblem::field)
        .contains(
            "name",
            "colour",
            "operations.sing",
            "operations.encrypt.routes[0].method",
            "operations.encrypt.routes[0].path",
            "operations.encrypt.request.plaintext",
            "operations.encrypt.request.aad",
            "operations.encrypt.request.foo",
            "operations.encrypt.response",
            "operations.encrypt.response.i",
            "operations.encrypt.errors.KEY_NOT_ACTIVE",
            "operations.encrypt.errors.NOPE",
            "operations.decrypt.query.iv",
            "operations.decrypt.response",
            "states.ACTIVE",
            "modes.accepted",
            "base64.urlSafe",
            "randomBytes.defaultLength",
            "errors.INTERNAL",
            "limits.maxDepth",
            "limits.maxBodyBytes");
    assertThat(problems)
        .allSatisfy(
            problem -> {
              assertThat(problem.problem()).isNotBlank();
              assertThat(problem.hint()).isNotBlank();
            });
  }

  @Test
  void load_twoRoutesForTheSameRequests_isRefused() throws IOException {
    String data = resource("oci-default").replace("{key}/decrypt\"", "{key}/encrypt\"");

    assertThat(problems(() -> WireProfile.load(write(data))))
        .extracting(ConfigurationProblem::problem)
        .contains("fits the same requests as another route");
  }

  @Test
  void load_emptyObject_namesEverySectionThatIsMissing() throws IOException {
    assertThat(problems(() -> WireProfile.load(write("{}"))))
        .extracting(ConfigurationProblem::field)
        .contains("name", "vendor", "operations", "states", "rules", "errors.INTERNAL", "limits");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{", "{\"name\":\"a\",\"name\":\"b\"}", "{} {}", "1"})
  void load_noJsonObject_isRefused(String data) throws IOException {
    Path file = write(data);

    assertThat(problems(() -> WireProfile.load(file)))
        .singleElement()
        .satisfies(problem -> assertThat(problem.field()).isEqualTo(file.toString()));
  }

  @Test
  void load_unknownBase_isRefused() throws IOException {
    assertThat(problems(() -> WireProfile.load(write("{\"extends\":\"x\"}"))))
        .extracting(ConfigurationProblem::field)
        .containsExactly("extends");
  }

  @Test
  void load_missingOrOversizedFile_isRefused() throws IOException {
    Path missing = directory.resolve("missing.json");
    Path large = write(" ".repeat((1 << 20) + 1));

    assertThat(problems(() -> WireProfile.load(missing)).get(0).problem())
        .startsWith("can't be read");
    assertThat(problems(() -> WireProfile.load(large)).get(0).problem()).isEqualTo("is over 1 MiB");
  }

  private static EncryptResult sealed() {
    return new EncryptResult(
        VERSION, Bytes.copyOf(new byte[12]), Bytes.ofHex("ff"), Bytes.copyOf(new byte[16]));
  }

  private Path write(String data) throws IOException {
    return Files.writeString(Files.createTempFile(directory, "profile", ".json"), data);
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = WireProfile.class.getResourceAsStream(name + ".json")) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  private static List<ConfigurationProblem> problems(ThrowingCallable call) {
    InvalidConfigurationException refusal =
        catchThrowableOfType(InvalidConfigurationException.class, call);
    assertThat(refusal).isNotNull();
    return refusal.problems();
  }
}
