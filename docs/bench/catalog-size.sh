#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures what an Encrypt costs on servers with 100, 10,000 and 100,000 keys, and how long they take to start. The
# servers run side by side and are loaded in turn, so that all of them see the same hours of the machine; the ratio is
# the median of the rounds.
#
#   docs/bench/catalog-size.sh [ROUNDS] [SECONDS]     9 rounds of 5 seconds for each server unless given
#
# Needs python3 besides what server-cpu.sh needs.

set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
readonly rounds=${1:-9}
readonly seconds=${2:-5}
readonly connections=8
readonly sizes=(100 10000 100000)
top=$(mktemp -d)
readonly top

# shellcheck source=docs/bench/server.bash
source "$root/docs/bench/server.bash"
trap 'finish "$top"' EXIT

# Adds keys to the one vault in SQLite file $1 until there are $2.
crowd() {
  python3 - "$1" "$2" <<'PYTHON'
import sqlite3, sys, uuid

store, size = sqlite3.connect(sys.argv[1]), int(sys.argv[2])
vault = store.execute("SELECT id FROM vault").fetchone()[0]
revision = store.execute("SELECT value FROM revision").fetchone()[0] + 1
names = [(str(uuid.uuid4()), str(uuid.uuid4()), i) for i in range(1, size)]
store.execute("UPDATE revision SET value = ?", (revision,))
store.executemany(
    "INSERT INTO key_version (id, key_id, number, backend, ref, state, created_at, revision)"
    " VALUES (?, ?, 1, 'main', ?, 'DISABLED', '2026-01-01T00:00:00Z', ?)",
    ((version, key, "unused-%d" % i, revision) for key, version, i in names))
store.executemany(
    "INSERT INTO external_key (id, vault_id, name, length_bytes, state, blocked, current_version, created_at, revision)"
    " VALUES (?, ?, ?, 32, 'DISABLED', 0, ?, '2026-01-01T00:00:00Z', ?)",
    ((key, vault, "unused-%d" % i, version, revision) for key, version, i in names))
store.commit()
PYTHON
}

# Starts the server in $work and waits until it answers; its number is in $started.
serve() {
  launch "$work/server.log" -Xmx512m -jar "$server_jar" serve --config "$work/ekm/ekm.yaml"
  await "$port"
}

# Prints the CPU time per request of process $1 at URL $2 in microseconds, over $3 seconds.
cost() {
  local before after requests
  before=$(cpu_of "$1")
  requests=$(value "$(wrk -t 1 -c "$connections" -d "${3}s" -s "$root/docs/bench/encrypt.lua" "$2" | grep '^result')" requests)
  after=$(cpu_of "$1")
  awk -v cpu=$((after - before)) -v n="$requests" 'BEGIN { printf "%.1f\n", cpu / n }'
}

# The median of the numbers in file $1.
median() { sort -n "$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

require_tools
declare -A server urls tokens starts
for size in "${sizes[@]}"; do
  work="$top/$size"
  mkdir "$work"
  port=$(free_port)
  start_domain
  serve
  set_up
  kill "$started"
  wait "$started" || true
  crowd "$work/ekm/data/ekm.db" "$size"
  begin=$(now)
  serve
  starts[$size]=$(($(now) - begin))
  server[$size]=$started
  urls[$size]=$url
  tokens[$size]=$TOKEN
done

for size in "${sizes[@]}"; do
  until curl -sk -o "$work/answer" -w '%{http_code}' -H "Authorization: Bearer ${tokens[$size]}" -d '{"plaintext":"AAAA"}' \
    -H 'Content-Type: application/json' "${urls[$size]}" | grep -q 200; do sleep 0.2; done
  TOKEN=${tokens[$size]} cost "${server[$size]}" "${urls[$size]}" $((4 * seconds)) >/dev/null
done
for ((round = 0; round < rounds; round++)); do
  for size in "${sizes[@]}"; do
    TOKEN=${tokens[$size]} cost "${server[$size]}" "${urls[$size]}" "$seconds" >>"$top/cost-$size"
  done
  paste "$top/cost-${sizes[0]}" "$top/cost-10000" "$top/cost-100000" | tail -n 1 >&2
done

for size in "${sizes[@]}"; do
  paste "$top/cost-$size" "$top/cost-${sizes[0]}" | awk '{ print $1 / $2 }' >"$top/ratio-$size"
  printf '%6d keys: CPU per Encrypt %s us, ratio to %d keys %.2f, start %d ms, %d MB\n' "$size" \
    "$(median "$top/cost-$size")" "${sizes[0]}" "$(median "$top/ratio-$size")" "${starts[$size]}" \
    "$(($(memory_of "${server[$size]}" VmRSS) / 1024))"
done
echo "load of the machine: $(cut -d ' ' -f 1-3 /proc/loadavg), $(nproc) processors"
