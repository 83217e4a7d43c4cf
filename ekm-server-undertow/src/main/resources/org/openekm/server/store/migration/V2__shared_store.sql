-- SPDX-License-Identifier: Apache-2.0
-- For several nodes on one store: which revision changed a row last, what was removed, and who answers from here.

ALTER TABLE issuer ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tenancy ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE vault ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE external_key ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
ALTER TABLE key_version ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;

CREATE INDEX issuer_revision ON issuer (revision);
CREATE INDEX tenancy_revision ON tenancy (revision);
CREATE INDEX vault_revision ON vault (revision);
CREATE INDEX external_key_revision ON external_key (revision);
CREATE INDEX key_version_revision ON key_version (revision);

CREATE TABLE removal (
  kind     TEXT NOT NULL,
  id       VARCHAR(36) NOT NULL,
  revision BIGINT NOT NULL,
  PRIMARY KEY (kind, id)
);
CREATE INDEX removal_revision ON removal (revision);

CREATE TABLE node (
  id           VARCHAR(36) PRIMARY KEY,
  name         TEXT NOT NULL,
  acknowledged BIGINT NOT NULL,
  seen_at      TIMESTAMP NOT NULL
);
