// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.cli;

import static java.util.Objects.requireNonNull;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.openekm.api.Bytes;
import org.openekm.api.Deadline;
import org.openekm.api.DecryptRequest.Sealed;
import org.openekm.api.KeyVersionId;
import org.openekm.api.NanoClock;
import org.openekm.api.SecretBytes;
import org.openekm.hsm.kmip.KmipProfile;
import org.openekm.hsm.kmip.internal.client.KmipClient;
import org.openekm.hsm.kmip.internal.client.KmipOperation;
import org.openekm.hsm.kmip.internal.client.RefusedException;
import org.openekm.hsm.kmip.internal.client.ServerInfo;
import org.openekm.hsm.kmip.internal.client.Session;
import org.openekm.hsm.kmip.internal.client.TransportException;
import org.openekm.hsm.kmip.internal.setup.KmipBackends;
import org.openekm.spi.backend.BackendCiphertext;
import org.openekm.spi.backend.BackendException;
import org.openekm.spi.backend.BackendKeyRef;
import org.openekm.spi.backend.KeyBackend;
import org.openekm.spi.backend.NewKey;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a key manager can do, and how to set a server up for it. */
@Command(
    name = "probe",
    mixinStandardHelpOptions = true,
    description = {
      "Asks a key manager for its versions and operations. With a key it also tries AES-GCM, among",
      "the rest with wrong additional data, which must be refused. Prints a block for the server's",
      "configuration. Fails if the key manager can't be reached or does not pass."
    },
    footer = {
      "",
      "Example:",
      "  ekm kmip probe --host kms.example.com --ca ca.pem --certificate client.pem \\",
      "    --private-key client.key --make-key"
    })
final class ProbeCommand implements Callable<Integer> {

  private static final Duration LIMIT = Duration.ofSeconds(15);

  @Spec private @Nullable CommandSpec spec;
  @Mixin private ServerOptions server = new ServerOptions();

  @Option(
      names = "--key",
      paramLabel = "ID",
      description = "Unique Identifier of an active AES key to try.")
  private @Nullable String key;

  @Option(names = "--make-key", description = "Tries a new key, which is destroyed afterwards.")
  private boolean makeKey;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private Output output = Output.TEXT;

  @Override
  public Integer call() {
    PrintWriter out = requireNonNull(spec).commandLine().getOut();
    ServerInfo info = ask();
    KmipProfile profile =
        server
            .profile()
            .flatMap(KmipProfile::named)
            .orElseGet(() -> KmipProfile.ofVendor(info.vendor()));
    Map<String, String> settings = new HashMap<>(server.settings());
    settings.put("profile", profile.name());
    Optional<ProbeReport.Trial> trial =
        key != null || makeKey ? Optional.of(tried(info, settings)) : Optional.empty();
    ProbeReport report = new ProbeReport(info, profile, trial, server.settings());
    if (output == Output.JSON) {
      out.println(JsonText.of(report.json()));
    } else {
      report.print(out);
    }
    out.flush();
    return trial.map(ProbeReport.Trial::works).orElse(true) ? 0 : 1;
  }

  private ServerInfo ask() {
    try (KmipClient client = KmipBackends.client(ServerOptions.context(server.settings()))) {
      return client.call(Session::info, soon());
    } catch (TransportException | RefusedException e) {
      throw new BackendException.Unavailable(String.valueOf(e.getMessage()), false, e);
    }
  }

  private ProbeReport.Trial tried(ServerInfo info, Map<String, String> settings) {
    Map<String, String> lenient = new HashMap<>(settings);
    lenient.put("key-check", "warn");
    if (!info.has(KmipOperation.RNG_RETRIEVE)) {
      lenient.put("random", "local");
    }
    try (KeyBackend backend = KmipBackends.open(ServerOptions.context(lenient))) {
      String given = key;
      return given == null ? withNewKey(backend) : with(backend, new BackendKeyRef(given));
    } catch (BackendException e) {
      return new ProbeReport.Trial(false, String.valueOf(e.getMessage()));
    }
  }

  private static ProbeReport.Trial withNewKey(KeyBackend backend) {
    NewKey wanted = new NewKey(new KeyVersionId(UUID.randomUUID()), "probe", 32);
    BackendKeyRef made = backend.generateKey(wanted, soon());
    try {
      return with(backend, made);
    } finally {
      backend.destroyKey(made, soon());
    }
  }

  /** The backend tries the server by itself before the first encryption; once more, as a caller. */
  private static ProbeReport.Trial with(KeyBackend backend, BackendKeyRef ref) {
    Bytes aad = Bytes.copyOf(new byte[] {1, 2, 3});
    try (SecretBytes text = SecretBytes.copyOf(new byte[32])) {
      BackendCiphertext made = backend.encrypt(ref, text, aad, soon());
      Sealed sealed = new Sealed(made.iv(), made.ciphertext(), made.tag());
      try (SecretBytes back = backend.decrypt(ref, sealed, aad, soon())) {
        return back.equals(text)
            ? new ProbeReport.Trial(true, "key " + ref)
            : new ProbeReport.Trial(false, "a decryption did not give the plaintext");
      }
    }
  }

  private static Deadline soon() {
    return Deadline.after(LIMIT, NanoClock.system());
  }
}
