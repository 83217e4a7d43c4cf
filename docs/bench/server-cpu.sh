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
processes=()

finish() {
  local process
  for process in ${processes[@]+"${processes[@]}"}; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$work"
}
trap finish EXIT

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

require_tools() {
  local tool
  if ! command -v wrk >/dev/null && [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk </dev/null >&2 || true
  fi
  for tool in wrk curl openssl java; do
    command -v "$tool" >/dev/null || die "$tool is missing (Debian: apt-get install $tool)"
  done
}

jar_of() {
  find "$root/$1/target" -maxdepth 1 -name "$1-*-standalone.jar" -print -quit 2>/dev/null
}

free_port() {
  local port
  while true; do
    port=$((20000 + RANDOM % 20000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

# Milliseconds of some clock.
now() { echo $(($(date +%s%N) / 1000000)); }

# CPU time of process $1 so far, in microseconds.
cpu_of() {
  local fields
  read -ra fields < <(sed 's/.*) //' "/proc/$1/stat")
  echo $(((fields[11] + fields[12]) * 1000000 / $(getconf CLK_TCK)))
}

memory_of() { sed -n "s/^$2:[^0-9]*\([0-9]*\) kB/\1/p" "/proc/$1/status"; }

# Value $2 of result line $1.
value() { sed -n "s/.* $2=\([0-9.]*\).*/\1/p" <<<"$1"; }

ekm() { java -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -jar "$server_jar" "$@"; }

# Starts a Java process in the background; its number is in $started.
launch() {
  local log=$1
  shift
  java "$@" >"$log" 2>&1 &
  started=$!
  processes+=("$started")
}

# Waits until port $1 answers over HTTPS.
await() {
  local tries=0
  until curl -sk -o "$work/answer" "https://127.0.0.1:$1/"; do
    tries=$((tries + 1))
    ((tries < 3000)) || die "nothing answers on port $1: $(cat "$work"/*.log)"
    sleep 0.01
  done
}

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

start_domain() {
  mkfifo "$work/domain-in"
  java -jar "$kit_jar" identity-domain --audience "https://127.0.0.1:$port/" --ca-file "$work/domain-ca.pem" \
    <"$work/domain-in" >"$work/domain.json" 2>"$work/domain.log" &
  processes+=("$!")
  exec 8>"$work/domain-in"
  while [[ ! -s "$work/domain.json" ]]; do sleep 0.1; done
}

# Text $1 of object $2 in the description of the identity domain.
domain() { sed -n "s/.*\"$2\" *: *{[^}]*\"$1\" *: *\"\([^\"]*\)\".*/\1/p" "$work/domain.json"; }

set_up() {
  local vault key discovery
  discovery=$(sed -n 's/.*"discoveryUrl" *: *"\([^"]*\)".*/\1/p' "$work/domain.json")
  (umask 077 && domain clientSecret resourceApp >"$work/ekm/secrets/resource-app")
  export EKM_CONFIG="$work/ekm/ekm.yaml"
  ekm issuer add domain --discovery-url "$discovery" --client-id "$(domain clientId resourceApp)" \
    --client-secret '${file:secrets/resource-app}' >/dev/null
  ekm tenancy add acme --ocid ocid1.tenancy.oc1..aaaaexample >/dev/null
  vault=$(ekm vault add payments --tenancy acme --issuer domain --client-id "$(domain clientId clientApp)" \
    --host 127.0.0.1 --port "$port" --output json | sed -n 's/.*"externalVaultUrl" *: *"\([^"]*\)".*/\1/p')
  key=$(ekm key create key --vault payments --output json | sed -n 's/.*"externalKeyId" *: *"\([^"]*\)".*/\1/p')
  url="$vault/keys/$key/encrypt"
  TOKEN=$(curl -sS --cacert "$work/domain-ca.pem" -u "$(domain clientId clientApp):$(domain clientSecret clientApp)" \
    --data-urlencode grant_type=client_credentials --data-urlencode "scope=https://127.0.0.1:$port/oci_ekms" \
    "$(sed -n 's/.*"tokenUrl" *: *"\([^"]*\)".*/\1/p' "$work/domain.json")" | sed 's/.*"access_token":"\([^"]*\)".*/\1/')
  export TOKEN
  until curl -sk -o "$work/answer" -w '%{http_code}' -H "Authorization: Bearer $TOKEN" -d '{"plaintext":"AAAA"}' \
    -H 'Content-Type: application/json' "$url" | grep -q 200; do sleep 0.2; done
}

require_tools
server_jar=$(jar_of ekm-server-undertow)
kit_jar=$(jar_of ekm-testkit)
[[ -n "$server_jar" && -n "$kit_jar" ]] || die "build first: ./ekm --version"
port=$(free_port)
ekm init "$work/ekm" --host 127.0.0.1 --port "$port" --admin-port "$(free_port)" >/dev/null
start_domain
printf 'tokens:\n  keys:\n    trusted-certificates: %s\n' "$work/domain-ca.pem" >>"$work/ekm/ekm.yaml"

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
