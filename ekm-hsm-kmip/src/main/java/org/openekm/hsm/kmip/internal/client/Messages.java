// SPDX-License-Identifier: Apache-2.0
package org.openekm.hsm.kmip.internal.client;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.openekm.hsm.kmip.internal.ttlv.Tag;
import org.openekm.hsm.kmip.internal.ttlv.Ttlv;
import org.openekm.hsm.kmip.internal.ttlv.TtlvDecoder;
import org.openekm.hsm.kmip.internal.ttlv.TtlvEncoder;
import org.openekm.hsm.kmip.internal.ttlv.TtlvException;
import org.openekm.hsm.kmip.internal.ttlv.TtlvLimits;

/**
 * Puts items into a message, and takes the answers to just these items out of another. Whatever
 * does not fit, item by item, is a {@link TtlvException}: an answer to something else must never
 * pass for one to this.
 */
public final class Messages {

  private static final int CONTINUE = 1;
  private static final int SUCCESS = 0;
  private static final int FAILED = 1;

  private Messages() {}

  /**
   * A request as it goes out.
   *
   * @param items what is asked
   * @param firstId the number of the first; the others follow
   * @param numbered whether the items carry their numbers
   */
  public record Sent(List<RequestItem> items, long firstId, boolean numbered) {

    /** Copies the list. */
    public Sent {
      items = List.copyOf(items);
    }

    byte[] id(int index) {
      return ByteBuffer.allocate(Long.BYTES).putLong(firstId + index).array();
    }
  }

  /** Returns the request's bytes, which the caller wipes. */
  public static byte[] encode(ProtocolVersion version, Sent sent) {
    List<Ttlv> header = new ArrayList<>();
    int count = sent.items().size();
    header.add(version.toTtlv());
    if (count > 1) {
      header.add(Ttlv.enumeration(Tag.BATCH_ERROR_CONTINUATION_OPTION, CONTINUE));
    }
    header.add(Ttlv.integer(Tag.BATCH_COUNT, count));
    List<Ttlv> message = new ArrayList<>();
    message.add(Ttlv.structure(Tag.REQUEST_HEADER, header));
    for (int i = 0; i < count; i++) {
      message.add(item(sent, i));
    }
    return TtlvEncoder.encode(Ttlv.structure(Tag.REQUEST_MESSAGE, message));
  }

  private static Ttlv item(Sent sent, int index) {
    RequestItem item = sent.items().get(index);
    List<Ttlv> fields = new ArrayList<>();
    fields.add(Ttlv.enumeration(Tag.OPERATION, item.operation().code()));
    if (sent.numbered()) {
      fields.add(Ttlv.bytes(Tag.UNIQUE_BATCH_ITEM_ID, sent.id(index)));
    }
    fields.add(item.payload());
    return Ttlv.structure(Tag.BATCH_ITEM, fields);
  }

  /**
   * Returns what came of each item, in the order in which they were sent.
   *
   * @throws TtlvException if the message is no answer to them
   */
  public static List<Result> decode(byte[] message, Sent sent, int maxBytes) {
    Ttlv response = TtlvDecoder.decode(message, TtlvLimits.ofBytes(maxBytes));
    require(response.is(Tag.RESPONSE_MESSAGE), "the message is no response");
    Ttlv header = response.get(Tag.RESPONSE_HEADER);
    ProtocolVersion.of(header.get(Tag.PROTOCOL_VERSION));
    List<Ttlv> items = response.all(Tag.BATCH_ITEM);
    require(
        header.get(Tag.BATCH_COUNT).asInteger() == items.size(),
        "the response counts its items wrongly");
    if (items.size() == 1 && sent.items().size() > 1) {
      return refusedAsAWhole(items.get(0), sent);
    }
    require(items.size() == sent.items().size(), "the response has another number of items");
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      results.add(result(items.get(i), sent, i));
    }
    return results;
  }

  /** One refusal without a number answers a batch that the server could not even read. */
  private static List<Result> refusedAsAWhole(Ttlv item, Sent sent) {
    int status = item.get(Tag.RESULT_STATUS).asEnumeration();
    require(
        status == FAILED && item.find(Tag.UNIQUE_BATCH_ITEM_ID).isEmpty(),
        "the response has another number of items");
    return sent.items().stream().map(one -> Result.of(refusal(item, one.operation()))).toList();
  }

  private static Result result(Ttlv item, Sent sent, int index) {
    KmipOperation asked = sent.items().get(index).operation();
    int status = item.get(Tag.RESULT_STATUS).asEnumeration();
    Optional<Ttlv> operation = item.find(Tag.OPERATION);
    Optional<Ttlv> id = item.find(Tag.UNIQUE_BATCH_ITEM_ID);
    require(
        operation.map(one -> one.asEnumeration() == asked.code()).orElse(status == FAILED),
        "the response is one to another operation");
    require(
        id.map(one -> Arrays.equals(one.asBytes(), sent.id(index)))
            .orElse(status == FAILED || !sent.numbered()),
        "the response is one to another item");
    if (status == SUCCESS) {
      return Result.of(
          item.find(Tag.RESPONSE_PAYLOAD)
              .orElseGet(() -> Ttlv.structure(Tag.RESPONSE_PAYLOAD, List.of())));
    }
    require(status == FAILED, "the operation is pending or undone, which was not asked for");
    return Result.of(refusal(item, asked));
  }

  private static RefusedException refusal(Ttlv item, KmipOperation asked) {
    int reason =
        item.find(Tag.RESULT_REASON)
            .map(Ttlv::asEnumeration)
            .orElse(ResultReason.GENERAL_FAILURE.code());
    return new RefusedException(
        asked, reason, item.find(Tag.RESULT_MESSAGE).map(Ttlv::asText).orElse(""));
  }

  private static void require(boolean right, String otherwise) {
    if (!right) {
      throw new TtlvException(otherwise);
    }
  }
}
