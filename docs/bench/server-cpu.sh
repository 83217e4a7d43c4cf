#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the whole server on this machine: time from "java -jar" to the first answer, CPU per Encrypt over TLS
# keep-alive against a fixed reply of bare Undertow over the same TLS, and memory at 1,000 requests a second with a
# heap of 256 MB. Token remembered, policy and audit on, software backend.
#
#   docs/bench/server-cpu.sh [SECONDS]     length of each run, 20 unless given; warming up takes twice that
#
# Needs wrk, curl and openssl (Debian packages of these names); installs wrk where it may. The CPU time is that of the
# server's process, from /proc, so wrk's own share doesn't count.

set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
readonly seconds=${1:-20}
readonly connections=16
readonly rate_connections=32
readonly rate_delay=30
work=$(mktemp -d)
readonly work

# shellcheck source=docs/bench/server.bash
source "$root/docs/bench/server.bash"
trap 'finish "$work"' EXIT

# Loads URL $2 and prints the CPU time per request of process $1 in microseconds, then wrk's result line.
load() {
  local before after result
  # The compiler's work belongs to the start, not to a request.
  wrk -t 1 -c "$connections" -d "$((2 * seconds))s" -s "$root/docs/bench/encrypt.lua" "$2" >/dev/null
  before=$(cpu_of "$1")
  result=$(wrk -t 1 -c "$connections" -d "${seconds}s" -s "$root/docs/bench/encrypt.lua" "$2" | grep '^result')
  after=$(cpu_of "$1")
  awk -v cpu=$((after - before)) -v n="$(value "$result" requests)" 'BEGIN { printf "%.1f\n", cpu / n }'
  echo "$result"
}

require_tools
port=$(free_port)
start_domain

begin=$(now)
launch "$work/server.log" -Xmx256m -jar "$server_jar" serve --config "$work/ekm/ekm.yaml"
server=$started
await "$port"
ready=$(($(now) - begin))

set_up
{ read -r server_cpu; read -r server_result; } < <(load "$server" "$url")

fixed_port=$(free_port)
launch "$work/fixed.log" -Xmx256m -cp "$server_jar" "$root/docs/src/test/java/org/openekm/docs/bench/FixedReply.java" \
  "$fixed_port" "$work/ekm/tls/server.pem" "$work/ekm/tls/server.key"
fixed=$started
await "$fixed_port"
{ read -r fixed_cpu; read -r fixed_result; } < <(load "$fixed" "https://127.0.0.1:$fixed_port/")
kill "$fixed"

steady=$(DELAY=$rate_delay wrk -t 1 -c "$rate_connections" -d "${seconds}s" -s "$root/docs/bench/encrypt.lua" "$url" \
  | grep '^result')

describe() {
  awk -v n="$(value "$1" requests)" -v s="$(value "$1" seconds)" -v f="$(value "$1" failed)" \
    -v a="$(value "$1" p50)" -v b="$(value "$1" p99)" \
    'BEGIN { printf "%d requests/s, %d failed, p50 %.2f ms, p99 %.2f ms", n / s, f, a, b }'
}

cat <<REPORT
time from java -jar to the first answer: $ready ms
server, CPU per Encrypt:                 $server_cpu us   ($(describe "$server_result"))
bare Undertow, CPU per fixed reply:      $fixed_cpu us   ($(describe "$fixed_result"))
ratio:                                   $(awk -v a="$server_cpu" -v b="$fixed_cpu" 'BEGIN { printf "%.1f", a / b }')
at a steady rate, -Xmx256m:              $(describe "$steady")
memory of the server:                    $(($(memory_of "$server" VmRSS) / 1024)) MB, most $(($(memory_of "$server" VmHWM) / 1024)) MB
load of the machine:                     $(cut -d ' ' -f 1-3 /proc/loadavg), $(nproc) processors
REPORT
[[ "$(value "$server_result" failed)" == 0 && "$(value "$steady" failed)" == 0 ]] || die "requests failed"
