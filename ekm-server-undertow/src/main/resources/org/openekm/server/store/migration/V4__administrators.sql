-- SPDX-License-Identifier: Apache-2.0
-- Who may administer. Of a secret only its salted hash is here, of a certificate the hash of its public key.

CREATE TABLE administrator (
  id         VARCHAR(36) PRIMARY KEY,
  name       TEXT NOT NULL,
  created_at TEXT NOT NULL,
  revision   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX administrator_revision ON administrator (revision);

CREATE TABLE administrator_credential (
  id               VARCHAR(36) PRIMARY KEY,
  administrator_id VARCHAR(36) NOT NULL,
  position         INTEGER NOT NULL,
  proof            TEXT NOT NULL,
  salt             TEXT NOT NULL,
  hash             TEXT NOT NULL,
  created_at       TEXT NOT NULL,
  valid_until      TEXT
);
CREATE INDEX administrator_credential_owner ON administrator_credential (administrator_id);

-- An empty vault_id stands for all vaults: a column of a primary key can't be NULL.
CREATE TABLE administrator_grant (
  administrator_id VARCHAR(36) NOT NULL,
  permission       TEXT NOT NULL,
  vault_id         VARCHAR(36) NOT NULL,
  PRIMARY KEY (administrator_id, permission, vault_id)
);

-- Approvals that have been used, so that nobody uses them twice.
CREATE TABLE spent_approval (
  nonce      VARCHAR(64) PRIMARY KEY,
  expires_at TEXT NOT NULL,
  revision   BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX spent_approval_revision ON spent_approval (revision);
