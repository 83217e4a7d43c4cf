-- SPDX-License-Identifier: Apache-2.0
-- How long a vault serves after a sign of life, and when the last one came; both are NULL if none is awaited.

ALTER TABLE vault ADD COLUMN dead_man_period TEXT;
ALTER TABLE vault ADD COLUMN last_heartbeat TEXT;
