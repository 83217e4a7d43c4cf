-- SPDX-License-Identifier: Apache-2.0
-- Ids are UUIDs in lower case, times are ISO 8601 in UTC, lists are JSON arrays. No key material anywhere.

CREATE TABLE revision (
  id    INTEGER PRIMARY KEY CHECK (id = 1),
  value BIGINT NOT NULL
);
INSERT INTO revision (id, value) VALUES (1, 0);

CREATE TABLE issuer (
  id               VARCHAR(36) PRIMARY KEY,
  name             TEXT NOT NULL,
  discovery_urls   TEXT NOT NULL,
  jwks_urls        TEXT NOT NULL,
  accepted_issuers TEXT NOT NULL,
  client_id        TEXT,
  client_secret    TEXT,
  token_url        TEXT,
  created_at       TEXT NOT NULL
);

CREATE TABLE tenancy (
  id         VARCHAR(36) PRIMARY KEY,
  name       TEXT NOT NULL,
  ocid       TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE vault (
  id            VARCHAR(36) PRIMARY KEY,
  name          TEXT NOT NULL,
  tenancy_id    VARCHAR(36) NOT NULL,
  issuer_id     VARCHAR(36) NOT NULL,
  client_id     TEXT NOT NULL,
  audiences     TEXT NOT NULL,
  scopes        TEXT NOT NULL,
  host          TEXT NOT NULL,
  port          INTEGER NOT NULL,
  path          TEXT NOT NULL,
  backend       TEXT NOT NULL,
  policy        TEXT,
  blocked       INTEGER NOT NULL,
  audit_success INTEGER NOT NULL,
  created_at    TEXT NOT NULL
);

CREATE TABLE external_key (
  id              VARCHAR(36) PRIMARY KEY,
  vault_id        VARCHAR(36) NOT NULL,
  name            TEXT NOT NULL,
  length_bytes    INTEGER NOT NULL,
  state           TEXT NOT NULL,
  blocked         INTEGER NOT NULL,
  current_version VARCHAR(36) NOT NULL,
  policy          TEXT,
  destroy_after   TEXT,
  created_at      TEXT NOT NULL
);

CREATE TABLE key_version (
  id         VARCHAR(36) PRIMARY KEY,
  key_id     VARCHAR(36) NOT NULL,
  number     INTEGER NOT NULL,
  backend    TEXT NOT NULL,
  ref        TEXT NOT NULL,
  state      TEXT NOT NULL,
  created_at TEXT NOT NULL
);

CREATE TABLE key_usage (
  version_id VARCHAR(36) PRIMARY KEY,
  reserved   BIGINT NOT NULL
);
