// SPDX-License-Identifier: Apache-2.0
package org.openekm.core.internal.call;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.openekm.api.CallContext;
import org.openekm.api.DecryptRequest;
import org.openekm.api.DecryptResult;
import org.openekm.api.EncryptRequest;
import org.openekm.api.EncryptResult;
import org.openekm.api.ExternalKeyService;
import org.openekm.api.KeyId;
import org.openekm.api.KeyMetadata;
import org.openekm.api.KeyVersionId;
import org.openekm.api.KeyVersionMetadata;
import org.openekm.api.NanoClock;
import org.openekm.api.Operation;
import org.openekm.api.RandomBytesRequest;
import org.openekm.api.RandomBytesResult;
import org.openekm.api.VaultId;
import org.openekm.api.VaultMetadata;

/** The operations for callers inside the process, who have checked the client themselves. */
public final class EngineService implements ExternalKeyService {

  private final CallKernel kernel;

  /** Makes the service. */
  public EngineService(CallKernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public VaultMetadata getVaultMetadata(CallContext context, VaultId vault) {
    Target target =
        new Target(Operation.GET_VAULT_METADATA, vault, Optional.empty(), Optional.empty());
    return run(context, target, running -> Metadata.of(running.admission().vault()), result -> {});
  }

  @Override
  public KeyMetadata getKeyMetadata(CallContext context, VaultId vault, KeyId key) {
    Target target =
        new Target(Operation.GET_KEY_METADATA, vault, Optional.of(key), Optional.empty());
    return run(context, target, running -> Metadata.of(running.admission().key()), result -> {});
  }

  @Override
  public KeyVersionMetadata getKeyVersionMetadata(
      CallContext context, VaultId vault, KeyId key, KeyVersionId version) {
    Target target =
        new Target(
            Operation.GET_KEY_VERSION_METADATA, vault, Optional.of(key), Optional.of(version));
    return run(
        context, target, running -> Metadata.of(running.admission().key(), version), result -> {});
  }

  @Override
  public EncryptResult encrypt(CallContext context, EncryptRequest request) {
    Target target =
        new Target(
            Operation.ENCRYPT, request.vault(), Optional.of(request.key()), request.version());
    return run(
        context,
        target,
        running ->
            kernel
                .operations()
                .encrypt(running.call(), running.admission().key(), request, context.deadline()),
        result -> {});
  }

  @Override
  public DecryptResult decrypt(CallContext context, DecryptRequest request) {
    Target target =
        new Target(
            Operation.DECRYPT, request.vault(), Optional.of(request.key()), request.version());
    return run(
        context,
        target,
        running ->
            kernel
                .operations()
                .decrypt(running.call(), running.admission().key(), request, context.deadline()),
        result -> result.plaintext().destroy());
  }

  @Override
  public RandomBytesResult generateRandomBytes(CallContext context, RandomBytesRequest request) {
    Target target =
        new Target(
            Operation.GENERATE_RANDOM_BYTES,
            request.vault(),
            Optional.of(request.key()),
            request.version());
    return run(
        context,
        target,
        running ->
            kernel
                .operations()
                .randomBytes(
                    running.call(), running.admission().key(), request, context.deadline()),
        result -> result.randomBytes().destroy());
  }

  private <R> R run(
      CallContext context, Target target, Function<Running, R> work, Consumer<R> discard) {
    NanoClock clock = kernel.environment().nanoClock();
    CallRecord call =
        new CallRecord(target.operation(), context.requestId(), context.source(), clock.nanos());
    call.target(Optional.of(target.vault()), target.key(), target.version());
    call.client(context.client());
    AuditedCalls.Cleared<R> cleared =
        kernel
            .calls()
            .run(
                call,
                context.deadline(),
                () -> work.apply(admitted(call, context, target)),
                discard);
    cleared.ticket().close();
    return cleared.result();
  }

  private Running admitted(CallRecord call, CallContext context, Target target) {
    Admission admission =
        kernel
            .guard()
            .admit(
                call,
                context.client(),
                Optional.of(target.vault()),
                target.key(),
                kernel.catalog().current(context.deadline()));
    return new Running(call, admission);
  }

  private record Target(
      Operation operation, VaultId vault, Optional<KeyId> key, Optional<KeyVersionId> version) {}

  private record Running(CallRecord call, Admission admission) {}
}
