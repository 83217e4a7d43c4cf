# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the benchmarks of a whole server share: starts it with a stand-in for the identity domain and makes a key.
# The one that sources it sets $root, and $work (a folder) and $port for the server that is being set up.

server_jar=
kit_jar=
url=
processes=()

# Ends all processes and removes folder $1.
finish() {
  local process
  for process in ${processes[@]+"${processes[@]}"}; do kill "$process" 2>/dev/null || true; done
  wait
  rm -rf "$1"
}

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Fails unless the programs that are needed are there and the jars are built.
require_tools() {
  local tool
  if ! command -v wrk >/dev/null && [[ "$(id -u)" == 0 ]] && command -v apt-get >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk </dev/null >&2 || true
  fi
  for tool in wrk curl openssl java; do
    command -v "$tool" >/dev/null || die "$tool is missing (Debian: apt-get install $tool)"
  done
  server_jar=$(jar_of ekm-server-undertow)
  kit_jar=$(jar_of ekm-testkit)
  [[ -n "$server_jar" && -n "$kit_jar" ]] || die "build first: ./ekm --version"
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

# Starts the identity domain whose tokens the server takes, and writes the server's configuration.
start_domain() {
  ekm init "$work/ekm" --host 127.0.0.1 --port "$port" --admin-port "$(free_port)" >/dev/null
  mkfifo "$work/domain-in"
  java -jar "$kit_jar" identity-domain --audience "https://127.0.0.1:$port/" --ca-file "$work/domain-ca.pem" \
    <"$work/domain-in" >"$work/domain.json" 2>"$work/domain.log" &
  processes+=("$!")
  exec 8>"$work/domain-in"
  while [[ ! -s "$work/domain.json" ]]; do sleep 0.1; done
  printf 'tokens:\n  keys:\n    trusted-certificates: %s\n' "$work/domain-ca.pem" >>"$work/ekm/ekm.yaml"
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
