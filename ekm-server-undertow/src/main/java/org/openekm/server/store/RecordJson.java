// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.store;

import java.util.List;
import java.util.Set;
import org.openekm.api.Bytes;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** How records are written as JSON, so that equal records are equal text in every process. */
final class RecordJson {

  private static final JsonMapper ELEMENTS =
      JsonMapper.builder()
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .addModule(bytes())
          .build();

  private RecordJson() {}

  @SuppressWarnings("rawtypes") // Jackson asks for the class of a set, whatever is in it
  static SimpleModule module() {
    return bytes().addSerializer(Set.class, new SetSerializer());
  }

  private static SimpleModule bytes() {
    return new SimpleModule()
        .addSerializer(Bytes.class, new BytesSerializer())
        .addDeserializer(Bytes.class, new BytesDeserializer());
  }

  /** The order of a set is another one in each process; this one is not. */
  @SuppressWarnings("rawtypes") // as above
  private static final class SetSerializer extends ValueSerializer<Set> {

    @Override
    public void serialize(Set value, JsonGenerator out, SerializationContext context) {
      Set<?> elements = value;
      List<String> sorted = elements.stream().map(ELEMENTS::writeValueAsString).sorted().toList();
      out.writeStartArray();
      sorted.forEach(out::writeRawValue);
      out.writeEndArray();
    }
  }

  private static final class BytesSerializer extends ValueSerializer<Bytes> {

    @Override
    public void serialize(Bytes value, JsonGenerator out, SerializationContext context) {
      out.writeString(value.toHex());
    }
  }

  private static final class BytesDeserializer extends ValueDeserializer<Bytes> {

    @Override
    public Bytes deserialize(JsonParser in, DeserializationContext context) {
      try {
        return Bytes.ofHex(in.getString());
      } catch (IllegalArgumentException e) {
        return (Bytes) context.handleWeirdStringValue(Bytes.class, in.getString(), "is no hex");
      }
    }
  }
}
