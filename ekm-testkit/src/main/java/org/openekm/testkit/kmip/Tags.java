// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.kmip;

import java.util.Map;

/** Numbers of the wire that the server knows. */
final class Tags {

  static final int ACTIVATION_DATE = 0x420001;
  static final int ATTRIBUTE = 0x420008;
  static final int ATTRIBUTE_NAME = 0x42000A;
  static final int ATTRIBUTE_VALUE = 0x42000B;
  static final int BATCH_COUNT = 0x42000D;
  static final int BATCH_OPTION = 0x42000E;
  static final int BATCH_ITEM = 0x42000F;
  static final int BLOCK_CIPHER_MODE = 0x420011;
  static final int ALGORITHM = 0x420028;
  static final int LENGTH = 0x42002A;
  static final int PARAMETERS = 0x42002B;
  static final int USAGE_MASK = 0x42002C;
  static final int IV = 0x42003D;
  static final int KEY_BLOCK = 0x420040;
  static final int KEY_FORMAT_TYPE = 0x420042;
  static final int KEY_MATERIAL = 0x420043;
  static final int KEY_VALUE = 0x420045;
  static final int LINK = 0x42004A;
  static final int LINK_TYPE = 0x42004B;
  static final int LINKED_OBJECT = 0x42004C;
  static final int MAXIMUM_ITEMS = 0x42004F;
  static final int NAME = 0x420053;
  static final int OBJECT_TYPE = 0x420057;
  static final int OPERATION = 0x42005C;
  static final int VERSION = 0x420069;
  static final int MAJOR = 0x42006A;
  static final int MINOR = 0x42006B;
  static final int QUERY_FUNCTION = 0x420074;
  static final int REQUEST_HEADER = 0x420077;
  static final int REQUEST = 0x420078;
  static final int REQUEST_PAYLOAD = 0x420079;
  static final int RESPONSE_HEADER = 0x42007A;
  static final int RESPONSE = 0x42007B;
  static final int RESPONSE_PAYLOAD = 0x42007C;
  static final int RESULT_MESSAGE = 0x42007D;
  static final int RESULT_REASON = 0x42007E;
  static final int RESULT_STATUS = 0x42007F;
  static final int STATE = 0x42008D;
  static final int SYMMETRIC_KEY = 0x42008F;
  static final int TEMPLATE_ATTRIBUTE = 0x420091;
  static final int TIME_STAMP = 0x420092;
  static final int BATCH_ID = 0x420093;
  static final int UNIQUE_IDENTIFIER = 0x420094;
  static final int VENDOR = 0x42009D;
  static final int DATA = 0x4200C2;
  static final int DATA_LENGTH = 0x4200C4;
  static final int RANDOM_IV = 0x4200C5;
  static final int IV_LENGTH = 0x4200CD;
  static final int TAG_LENGTH = 0x4200CE;
  static final int LOCATED_ITEMS = 0x4200D5;
  static final int AAD = 0x4200FE;
  static final int TAG = 0x4200FF;
  static final int CLIENT_CORRELATION = 0x420105;
  static final int SENSITIVE = 0x420120;
  static final int EXTRACTABLE = 0x420122;
  static final int ATTRIBUTES = 0x420125;
  static final int ATTRIBUTE_REFERENCE = 0x42013B;

  /** The names of attributes before KMIP 2.0. */
  static final Map<String, Integer> ATTRIBUTE_NAMES =
      Map.of(
          "State", STATE,
          "Object Type", OBJECT_TYPE,
          "Cryptographic Algorithm", ALGORITHM,
          "Cryptographic Length", LENGTH,
          "Cryptographic Usage Mask", USAGE_MASK,
          "Name", NAME,
          "Sensitive", SENSITIVE,
          "Extractable", EXTRACTABLE,
          "Link", LINK,
          "Activation Date", ACTIVATION_DATE);

  private Tags() {}
}
