// SPDX-License-Identifier: Apache-2.0
package org.openekm.testkit.mutant;

/** The one way in which a mutant is wrong. */
public enum Mutation {
  /** Takes tokens without a signature whose alg is none. */
  ALG_NONE("takes tokens without a signature whose alg is none"),
  /** Refuses alg none, but only in lower case. */
  ALG_NONE_ANY_CASE("refuses alg none, but only in lower case"),
  /** Takes HS256 signatures made with the public key. */
  HMAC_WITH_PUBLIC_KEY("takes HS256 signatures made with the public key"),
  /** Never checks a signature. */
  SIGNATURE_UNCHECKED("never checks a signature"),
  /** Takes any alg as long as the signature is right. */
  ALGORITHM_BY_LENGTH("takes any alg as long as the signature is right"),
  /** Takes tokens that have ended. */
  EXPIRY_UNCHECKED("takes tokens that have ended"),
  /** Takes tokens without an end. */
  EXPIRY_OPTIONAL("takes tokens without an end"),
  /** Takes an end given as a text. */
  EXPIRY_AS_TEXT("takes an end given as a text"),
  /** Takes tokens that have not begun. */
  START_UNCHECKED("takes tokens that have not begun"),
  /** Takes tokens of any issuer. */
  ISSUER_UNCHECKED("takes tokens of any issuer"),
  /** Takes tokens for any audience. */
  AUDIENCE_UNCHECKED("takes tokens for any audience"),
  /** Takes audiences that merely begin like its own. */
  AUDIENCE_PREFIX("takes audiences that merely begin like its own"),
  /** Takes tokens of any client. */
  CLIENT_UNCHECKED("takes tokens of any client"),
  /** Looks at client_id and never at sub. */
  SUBJECT_UNCHECKED("looks at client_id and never at sub"),
  /** Takes tokens with any scope. */
  SCOPE_UNCHECKED("takes tokens with any scope"),
  /** Takes scopes that merely contain its own. */
  SCOPE_SUBSTRING("takes scopes that merely contain its own"),
  /** Takes tokens of any tenancy of the general issuer. */
  TENANCY_UNCHECKED("takes tokens of any tenancy of the general issuer"),
  /** Takes tokens that are not access tokens. */
  TOKEN_TYPE_UNCHECKED("takes tokens that are not access tokens"),
  /** Trusts the key that a token brings along. */
  EMBEDDED_KEY_TRUSTED("trusts the key that a token brings along"),
  /** Asks the address in a token for a key. */
  KEY_ADDRESS_FETCHED("asks the address in a token for a key"),
  /** Ignores critical headers that it does not know. */
  CRITICAL_HEADER_IGNORED("ignores critical headers that it does not know"),
  /** Takes tokens with a claim given twice. */
  DUPLICATE_CLAIM_TAKEN("takes tokens with a claim given twice"),
  /** Ignores characters in tokens that are not base64url. */
  FOREIGN_CHARACTERS_IGNORED("ignores characters in tokens that are not base64url"),
  /** Takes signatures with other unused bits at the end. */
  UNUSED_BITS_IGNORED("takes signatures with other unused bits at the end"),
  /** Takes tokens in the URL. */
  TOKEN_IN_QUERY("takes tokens in the URL"),
  /** Asks no token for metadata. */
  METADATA_WITHOUT_TOKEN("asks no token for metadata"),
  /** Says that a vault is unknown before it looks at the token. */
  KEY_BEFORE_TOKEN("says that a vault is unknown before it looks at the token"),
  /** Uses one IV for ever. */
  IV_CONSTANT("uses one IV for ever"),
  /** Counts IVs up from a number. */
  IV_COUNTER("counts IVs up from a number"),
  /** Uses every IV twice. */
  IV_REPEATS("uses every IV twice"),
  /** Makes IVs of 16 bytes. */
  IV_16_BYTES("makes IVs of 16 bytes"),
  /** Leaves the additional data out of the encryption. */
  AAD_IGNORED("leaves the additional data out of the encryption"),
  /** Decrypts without looking at the tag. */
  TAG_UNCHECKED("decrypts without looking at the tag"),
  /** Checks only as many bytes of the tag as are sent. */
  SHORT_TAG_TAKEN("checks only as many bytes of the tag as are sent"),
  /** Gives the tag inside the ciphertext too. */
  TAG_APPENDED("gives the tag inside the ciphertext too"),
  /** Uses half of the key's bytes. */
  HALF_KEY("uses half of the key's bytes"),
  /** Uses an IV that the caller sends. */
  CALLER_IV_USED("uses an IV that the caller sends"),
  /** Takes IVs of any length. */
  ANY_IV_LENGTH("takes IVs of any length"),
  /** Says whether additional data were missing when a decryption fails. */
  TELLING_REFUSAL("says whether additional data were missing when a decryption fails"),
  /** Tries all keys of the vault to decrypt. */
  OTHER_KEYS_TRIED("tries all keys of the vault to decrypt"),
  /** Tries all versions although one is named. */
  NAMED_VERSION_IGNORED("tries all versions although one is named"),
  /** Encrypts under a blocked key. */
  BLOCK_SPARES_ENCRYPT("encrypts under a blocked key"),
  /** Decrypts under a blocked key. */
  BLOCK_SPARES_DECRYPT("decrypts under a blocked key"),
  /** Gives random bytes for a blocked key. */
  BLOCK_SPARES_RANDOM("gives random bytes for a blocked key"),
  /** Gives metadata of a blocked key. */
  BLOCK_SPARES_METADATA("gives metadata of a blocked key"),
  /** Lets a block take effect a moment after acknowledging it. */
  BLOCK_IS_LATE("lets a block take effect a moment after acknowledging it"),
  /** Serves a blocked key on connections that stood before. */
  BLOCK_SPARES_OPEN_CONNECTIONS("serves a blocked key on connections that stood before"),
  /** Says that a key is blocked before it looks at the token. */
  BLOCK_BEFORE_TOKEN("says that a key is blocked before it looks at the token"),
  /** Blocks the whole vault with a key. */
  BLOCK_STOPS_OTHER_KEYS("blocks the whole vault with a key"),
  /** Serves a blocked vault. */
  VAULT_BLOCK_IGNORED("serves a blocked vault"),
  /** Serves a disabled key. */
  DISABLED_SERVES("serves a disabled key"),
  /** Says that a disabled key is not there. */
  DISABLED_IS_404("says that a disabled key is not there"),
  /** Serves a destroyed key. */
  DESTROYED_SERVES("serves a destroyed key"),
  /** Encrypts under the old version after a rotation. */
  ROTATION_IGNORED("encrypts under the old version after a rotation"),
  /** Forgets the old version at a rotation. */
  OLD_VERSION_LOST("forgets the old version at a rotation"),
  /** Names the first version in metadata for ever. */
  OLD_VERSION_NAMED("names the first version in metadata for ever"),
  /** Encrypts under the current version although an old one is named. */
  PINNED_VERSION_IGNORED("encrypts under the current version although an old one is named"),
  /** Serves a key under another vault's path. */
  KEY_OF_OTHER_VAULT("serves a key under another vault's path"),
  /** Names the message of an error "error". */
  ERROR_BODY_OTHER("names the message of an error \"error\""),
  /** Gives the code of an error as a number. */
  ERROR_CODE_NUMBER("gives the code of an error as a number"),
  /** Answers errors with the status 200. */
  ERROR_WITH_200("answers errors with the status 200"),
  /** Gives another code than the status. */
  ERROR_CODE_DIFFERS("gives another code than the status"),
  /** Shows a stack trace when a body can't be read. */
  STACK_TRACE("shows a stack trace when a body can't be read"),
  /** Breaks down on unknown keys. */
  UNKNOWN_KEY_500("breaks down on unknown keys"),
  /** Says that an unknown vault is forbidden. */
  UNKNOWN_VAULT_403("says that an unknown vault is forbidden"),
  /** Gives the current version for an unknown one. */
  UNKNOWN_VERSION_200("gives the current version for an unknown one"),
  /** Ignores characters that are not base64. */
  BASE64_IGNORED("ignores characters that are not base64"),
  /** Takes bodies with a field given twice. */
  DUPLICATE_FIELD_TAKEN("takes bodies with a field given twice"),
  /** Ignores what follows the JSON object. */
  TRAILING_TEXT_TAKEN("ignores what follows the JSON object"),
  /** Breaks down on deeply nested JSON. */
  DEEP_JSON_500("breaks down on deeply nested JSON"),
  /** Takes bodies of any size. */
  LARGE_BODY_TAKEN("takes bodies of any size"),
  /** Encrypts nothing if there is no plaintext. */
  MISSING_PLAINTEXT_TAKEN("encrypts nothing if there is no plaintext"),
  /** Ignores the mode. */
  MODE_IGNORED("ignores the mode"),
  /** Unpacks compressed bodies. */
  GZIP_TAKEN("unpacks compressed bodies"),
  /** Takes Content-Length together with Transfer-Encoding. */
  CL_TE_TAKEN("takes Content-Length together with Transfer-Encoding"),
  /** Takes two different Content-Lengths. */
  TWO_LENGTHS_TAKEN("takes two different Content-Lengths"),
  /** Takes a space before a header's colon. */
  SPACE_BEFORE_COLON_TAKEN("takes a space before a header's colon"),
  /** Takes requests without Host. */
  MISSING_HOST_TAKEN("takes requests without Host"),
  /** Takes any method. */
  ANY_METHOD("takes any method"),
  /** Waits for ever for the end of a header. */
  SLOW_HEADER_HELD("waits for ever for the end of a header"),
  /** Waits for ever for a body. */
  SLOW_BODY_HELD("waits for ever for a body"),
  /** Writes answers one after the other, whoever reads them. */
  WRITES_IN_TURN("writes answers one after the other, whoever reads them"),
  /** Takes any signature while it can't get the identity domain's keys. */
  KEYS_OUTAGE_OPENS("takes any signature while it can't get the identity domain's keys"),
  /** Refuses every token while it can't get the identity domain's keys. */
  KEYS_OUTAGE_CLOSES("refuses every token while it can't get the identity domain's keys"),
  /** Closes the connection after each answer. */
  CLOSES_EVERY_TIME("closes the connection after each answer"),
  /** Takes 1.2 seconds for one encryption in 40. */
  SLOW_ANSWERS("takes 1.2 seconds for one encryption in 40"),
  /** Says that its answers are plain text. */
  PLAIN_TEXT_TYPE("says that its answers are plain text"),
  /** Lets answers be cached. */
  CACHEABLE("lets answers be cached"),
  /** Does not echo opc-request-id. */
  REQUEST_ID_LOST("does not echo opc-request-id"),
  /** Does not say Bearer with a 401. */
  NO_CHALLENGE("does not say Bearer with a 401"),
  /** Gives the same random bytes again. */
  RANDOM_CONSTANT("gives the same random bytes again"),
  /** Gives 32 random bytes whatever was asked. */
  RANDOM_LENGTH_IGNORED("gives 32 random bytes whatever was asked"),
  /** Gives a million random bytes. */
  RANDOM_UNCAPPED("gives a million random bytes"),
  /** Encrypts random bytes without the additional data. */
  RANDOM_AAD_IGNORED("encrypts random bytes without the additional data"),
  /** Names no version in metadata. */
  VERSION_NOT_NAMED("names no version in metadata");

  private final String flaw;

  Mutation(String flaw) {
    this.flaw = flaw;
  }

  /** Returns what the server does wrong, as the end of a sentence that begins with "It". */
  public String flaw() {
    return flaw;
  }
}
