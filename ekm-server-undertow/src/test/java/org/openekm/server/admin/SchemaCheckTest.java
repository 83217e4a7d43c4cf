// SPDX-License-Identifier: Apache-2.0
package org.openekm.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The check that judges the answers of the management API must itself find what is wrong. */
class SchemaCheckTest {

  private static final JsonNode DOCUMENT =
      YAMLMapper.builder()
          .build()
          .readTree(
              """
              schemas:
                Id: {type: string, format: uuid}
                Thing:
                  type: object
                  required: [id]
                  properties:
                    id:
                      $ref: '#/schemas/Id'
                    size: {type: integer, minimum: 1, maximum: 9}
                    kind: {type: string, enum: [a, b]}
                    code: {type: string, pattern: '^x', minLength: 2, maxLength: 3}
                    on: {type: boolean}
                    when: {type: string, format: date-time}
                    where: {type: string, format: uri}
                    parts: {type: array, minItems: 1, items: {type: string}}
                    open: {type: object, additionalProperties: {type: string}}
              """);
  private static final String ID = "'id':'00000000-0000-4000-8000-000000000000'";

  private final SchemaCheck check = new SchemaCheck(DOCUMENT);

  @Test
  void value_asTheSchemaSays_hasNoFault() {
    assertThat(
            faults(
                "{"
                    + ID
                    + ",'size':9,'kind':'a','code':'xy','on':true,'when':'2026-01-01T00:00:00Z',"
                    + "'where':'https://a/','parts':['p'],'open':{'any':'text'}}"))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{}|id is missing",
        "{@,'other':1}|the field other is not in docs/openapi.yaml",
        "{'id':'x'}|no uuid",
        "{'id':7}|not of type string",
        "{@,'size':0}|out of range",
        "{@,'size':10}|out of range",
        "{@,'size':1.5}|not of type integer",
        "{@,'kind':'c'}|none of",
        "{@,'code':'ab'}|does not match",
        "{@,'code':'x'}|has 1 characters",
        "{@,'code':'xabc'}|has 4 characters",
        "{@,'on':'true'}|not of type boolean",
        "{@,'when':'yesterday'}|no date-time",
        "{@,'where':'here'}|no uri",
        "{@,'parts':[]}|only 0 elements",
        "{@,'parts':[1]}|not of type string",
        "{@,'open':{'any':1}}|not of type string",
        "[]|not of type object"
      })
  void value_wrong_isFound(String value, String fault) {
    assertThat(faults(value.replace("@", ID))).singleElement().asString().contains(fault);
  }

  @Test
  void reference_toNothing_isAFaultOfTheDocument() {
    JsonNode schema = JsonMapper.shared().readTree("{\"$ref\":\"#/schemas/None\"}");
    assertThatThrownBy(() -> check.faults(schema, schema)).hasMessageContaining("#/schemas/None");
  }

  @Test
  void keyword_thatIsNotChecked_isAFault() {
    JsonNode schema = JsonMapper.shared().readTree("{\"type\":\"string\",\"not\":{}}");
    assertThat(check.faults(schema, JsonMapper.shared().readTree("\"x\"")))
        .singleElement()
        .asString()
        .contains("keyword not");
  }

  private java.util.List<String> faults(String json) {
    return check.faults(
        DOCUMENT.at("/schemas/Thing"), JsonMapper.shared().readTree(json.replace('\'', '"')));
  }
}
