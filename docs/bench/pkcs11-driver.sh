#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Measures the PKCS#11 binding against the same loop in C, on SoftHSM and on NSS, and what isolation costs. All
# processes live at the same time; slices of C and of Java follow each other, and what counts is the median of the
# ratios of neighbours: the machine's other load hits both.
#
#   docs/bench/pkcs11-driver.sh [ROUNDS]    pairs of slices for each row, 12 unless given
#
# Needs cc, libp11-kit-dev, softhsm2, libnss3, libnss3-tools (Debian), and a JDK 22 or newer in JAVA25_HOME for FFM.

set -euo pipefail

root=$(cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
readonly module=$root/ekm-hsm-pkcs11
readonly rounds=${1:-12}
readonly slice=300
readonly warm_up=4000
readonly pin=1234
softhsm=/usr/lib/softhsm/libsofthsm2.so
nss=$(compgen -G '/usr/lib/*/libsoftokn3.so' | head -n 1 || true)
work=$(mktemp -d)
readonly softhsm nss work
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT

die() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Prints a directory with a JDK of the major version $1.
jdk() {
  local dir
  for dir in "${JAVA25_HOME:-}" /usr/lib/jvm/*; do
    if [[ -x "$dir/bin/javac" && ! -L "$dir" ]] && "$dir/bin/java" -version 2>&1 | grep -q "version \"$1"; then
      echo "$dir"
      return
    fi
  done
}

for tool in cc softhsm2-util certutil mvn; do
  command -v "$tool" >/dev/null || die "$tool is missing"
done
[[ -e /usr/include/p11-kit-1/p11-kit/pkcs11.h ]] || die "libp11-kit-dev is missing"
[[ -n "$nss" ]] || die "libnss3 is missing"
java17=$(jdk 17)
java25=$(jdk 25)
[[ -n "$java17" ]] || die "no JDK 17 found"

cc -O2 -I/usr/include/p11-kit-1 -o "$work/driver" "$module/src/test/c/driver.c" -ldl -lpthread

echo "building" >&2
maven=(mvn -q -B ${EKM_MAVEN_ARGS:-} -f "$root/pom.xml" -pl ekm-hsm-pkcs11 -am -DskipTests -Djacoco.skip=true
  -Dcyclonedx.skip=true)
[[ -n "$java25" ]] && maven+=("-Djdk25.home=$java25")
JAVA_HOME=$java17 "${maven[@]}" test-compile >&2
libraries=$(find "${HOME}/.m2/repository" \( -name 'jna-5*.jar' -o -name 'slf4j-api-2.0.20.jar' \) | tr '\n' ':')
classes=$module/target/classes:$root/ekm-api/target/classes:$libraries
mkdir -p "$work/classes"
"$java17/bin/javac" -nowarn -d "$work/classes" -cp "$classes" "$module"/src/jmh/java/org/openekm/hsm/pkcs11/bench/*.java
readonly path17=$work/classes:$classes
readonly path25=$module/target/classes/META-INF/versions/22:$path17

export SOFTHSM2_CONF=$work/softhsm2.conf
mkdir "$work/tokens" "$work/nssdb"
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$work" >"$SOFTHSM2_CONF"
softhsm2-util --init-token --free --label ekm --so-pin 12345678 --pin $pin >/dev/null
printf '%s' $pin >"$work/pin"
certutil -N -d "sql:$work/nssdb" -f "$work/pin"
readonly nss_args="configdir='sql:$work/nssdb' certPrefix='' keyPrefix='' secmod='secmod.db' flags="

# One process that runs slices: $1 its name, the rest its command.
start() {
  local name=$1
  shift
  mkfifo "$work/$name.in" "$work/$name.out"
  "$@" <"$work/$name.in" >"$work/$name.out" &
}

# Runs one slice of process with input fd $1 and output fd $2 for $3 ms.
run_slice() {
  local line
  echo "$3" >&"$1"
  read -r line <&"$2" || die "a process has ended"
  echo "$line"
}

median() { sort -n | awk '{ v[NR] = $1 } END { print (NR % 2) ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'; }

# One row: $1 what, $2 bar, $3 threads, $4 module, $5 init args, the rest the Java command.
row() {
  local what=$1 bar=$2 threads=$3 library=$4 args=$5 label=ekm id=bench-key c j i ratios=() fast=() quick=()
  shift 5
  if [[ "$library" == "$nss" ]]; then
    label="NSS Certificate DB"
    # NSS decrypts a key of its database anew for each call, which would hide what is measured.
    id=session
  fi
  start c "$work/driver" "$library" "$label" $pin $id "$threads" "$args"
  exec 3>"$work/c.in" 4<"$work/c.out"
  run_slice 3 4 100 >/dev/null
  start j "$@" "$library" "$label" $pin $id "$threads" "$args"
  exec 5>"$work/j.in" 6<"$work/j.out"
  run_slice 5 6 $warm_up >/dev/null
  for ((i = 0; i < rounds; i++)); do
    c=$(run_slice 3 4 $slice)
    j=$(run_slice 5 6 $slice)
    ratios+=("$(awk -v c="${c%% *}" -v j="${j%% *}" 'BEGIN { printf "%.3f", j / c }')")
    fast+=("$c")
    quick+=("$j")
  done
  exec 3>&- 4<&- 5>&- 6<&-
  wait
  rm -f "$work"/{c,j}.{in,out}
  printf '%-34s %6s  bar %s   C %s ops/s p50 %s ns p99 %s ns   Java %s ops/s p50 %s ns p99 %s ns\n' "$what" \
    "$(printf '%s\n' "${ratios[@]}" | median)" "$bar" \
    "$(printf '%s\n' "${fast[@]}" | cut -d' ' -f1 | median)" "$(printf '%s\n' "${fast[@]}" | cut -d' ' -f2 | median)" \
    "$(printf '%s\n' "${fast[@]}" | cut -d' ' -f3 | median)" "$(printf '%s\n' "${quick[@]}" | cut -d' ' -f1 | median)" \
    "$(printf '%s\n' "${quick[@]}" | cut -d' ' -f2 | median)" "$(printf '%s\n' "${quick[@]}" | cut -d' ' -f3 | median)"
}

loop=org.openekm.hsm.pkcs11.bench.DriverLoop
jna=("$java17/bin/java" -Xmx256m -cp "$path17" $loop jna)
echo "ratio of Java to C, medians of $rounds pairs; $(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
if [[ -n "$java25" ]]; then
  ffm=("$java25/bin/java" -Xmx256m --enable-native-access=ALL-UNNAMED -cp "$path25" $loop ffm)
  row "NSS, 1 thread, FFM" 0.80 1 "$nss" "$nss_args" "${ffm[@]}"
  row "SoftHSM, 1 thread, FFM" 0.95 1 $softhsm "" "${ffm[@]}"
  row "SoftHSM, 8 threads, FFM" 0.90 8 $softhsm "" "${ffm[@]}"
else
  echo "FFM: skipped, no JDK 25 (set JAVA25_HOME)"
fi
row "NSS, 1 thread, JNA" 0.20 1 "$nss" "$nss_args" "${jna[@]}"
row "SoftHSM, 1 thread, JNA" 0.75 1 $softhsm "" "${jna[@]}"
row "SoftHSM, 8 threads, JNA" 0.90 8 $softhsm "" "${jna[@]}"

path=$path17
if [[ -n "$java25" ]]; then path=$path25; fi
echo "what a process of its own costs, SoftHSM, one call after the other"
"${java25:-$java17}/bin/java" -Xmx256m ${java25:+--enable-native-access=ALL-UNNAMED} -cp "$path" \
  org.openekm.hsm.pkcs11.bench.BackendLoop $softhsm ekm $pin softhsm 2>/dev/null
