-- SPDX-License-Identifier: Apache-2.0
-- Labels are JSON objects of texts, periods are ISO 8601 durations.

ALTER TABLE vault ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
ALTER TABLE vault ADD COLUMN linked_at TEXT;
ALTER TABLE vault ADD COLUMN backend_locked INTEGER NOT NULL DEFAULT 0;

ALTER TABLE external_key ADD COLUMN labels TEXT NOT NULL DEFAULT '{}';
ALTER TABLE external_key ADD COLUMN linked_at TEXT;
ALTER TABLE external_key ADD COLUMN rotation_period TEXT;
