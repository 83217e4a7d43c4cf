#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Mixed load on SoftHSM in a process of its own while something breaks every five seconds: the library crashes
# (SIGSEGV) or hangs for 30 s, or a process is killed. Prints a line each minute and RESULT PASS or RESULT FAIL last.
#
#   docs/bench/pkcs11-soak.sh [SECONDS]    1800 unless given
#
# Needs cc and softhsm2 (Debian), and a JDK 17 or newer.

set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
readonly module=$root/ekm-hsm-pkcs11
readonly softhsm=/usr/lib/softhsm/libsofthsm2.so
work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT

for tool in cc softhsm2-util mvn java; do
  command -v "$tool" >/dev/null || { echo "$tool is missing" >&2; exit 1; }
done
cc -shared -fPIC -O1 -DREAL="\"$softhsm\"" -DCUE="\"$work/cue\"" -o "$work/faulty.so" \
  "$module/src/test/c/faulty.c" -ldl

echo "building" >&2
# shellcheck disable=SC2086 # several arguments on purpose
mvn -q -B ${EKM_MAVEN_ARGS:-} -f "$root/pom.xml" -pl ekm-hsm-pkcs11 -am -DskipTests -Djacoco.skip=true \
  -Dcyclonedx.skip=true test-compile >&2
libraries=$(find "$HOME/.m2/repository" \( -name 'jna-5*.jar' -o -name 'slf4j-api-2.0.20.jar' \) | tr '\n' ':')
classes=$module/target/classes:$root/ekm-api/target/classes:$libraries
mkdir "$work/classes" "$work/tokens"
javac -nowarn -d "$work/classes" -cp "$classes" "$module"/src/jmh/java/org/openekm/hsm/pkcs11/bench/*.java

export SOFTHSM2_CONF=$work/softhsm2.conf
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$work" >"$SOFTHSM2_CONF"
softhsm2-util --init-token --free --label ekm --so-pin 12345678 --pin 1234 >/dev/null
java -Xmx128m -cp "$work/classes:$classes" org.openekm.hsm.pkcs11.bench.FaultSoak \
  "$work/faulty.so" "$work/cue" ekm 1234 "${1:-1800}" 2>/dev/null
