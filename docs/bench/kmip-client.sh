#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures what an Encrypt by KMIP costs the client: the CPU time of its process per call, less that of the same number
# of bytes to and from an echo over the same kind of TLS connection; and which side is busy with 8 callers on 8
# connections. The key manager is the kit's, in a process of its own. Slices of both follow each other, and what counts
# is the median.
#
#   docs/bench/kmip-client.sh [ROUNDS] [SECONDS]     11 rounds of 2 seconds for each unless given

set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
readonly rounds=${1:-11}
readonly seconds=${2:-2}
readonly source=$root/docs/src/test/java/org/openekm/docs/bench/KmipBench.java
work=$(mktemp -d)
readonly work
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

jars=$(find "$root"/ekm-{server-undertow,testkit}/target -maxdepth 1 -name 'ekm-*-standalone.jar' -printf '%p:' 2>/dev/null)
readonly jars
[[ "$jars" == *:*: ]] || { echo "build first: ./ekm --version" >&2; exit 1; }

mkfifo "$work/in"
java -cp "$jars" "$source" server "$work" <"$work/in" >"$work/server.log" 2>&1 &
server=$!
exec 8>"$work/in"
until [[ -s "$work/ports" ]]; do
  kill -0 "$server" || { cat "$work/server.log" >&2; exit 1; }
  sleep 0.1
done
java -cp "$jars" "$source" client "$work" "$rounds" "$seconds"
echo "load of the machine:               $(cut -d ' ' -f 1-3 /proc/loadavg), $(nproc) processors"
