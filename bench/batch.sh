#!/usr/bin/env bash
# How fast `provost batch` makes accounts at the lab's Okta, against `wrk` sending the same mix
# of requests to the same emulator with the same concurrency, in turns.
#
#   bench/batch.sh [PEOPLE [ROUNDS [CONCURRENCY]]]
#
# Needs wrk and a release build; starts its own servers on free ports and stops them.
set -euo pipefail
cd "$(dirname "$0")/.."
people=${1:-10000} rounds=${2:-5} concurrency=${3:-8}
command -v wrk >/dev/null || { echo "wrk is missing (on Debian: apt-get install wrk)" >&2; exit 1; }
cargo build -q --release -p provost-cli
program=$PWD/target/release/provost lua=$PWD/bench/okta.lua
work=$(mktemp -d)
lab=
stop() { [ -z "$lab" ] || kill "$lab" 2>/dev/null || true; wait "$lab" 2>/dev/null || true; lab=; }
trap 'stop; rm -rf "$work"' EXIT
awk -v n="$people" 'BEGIN { for (i = 0; i < n; i++) printf "{\"username\":\"p%d@example.com\",\"email\":\"p%d@example.com\",\"givenname\":\"Ann\",\"surname\":\"E%d\",\"title\":\"Engineer\"}\n", i, i, i }' >"$work/people.jsonl"
start() {
  rm -rf "$work/try" "$work/lab.log"
  (cd "$work" && exec "$program" lab --dir try --only okta --people 0 --port 0 >"$work/lab.log" 2>&1) &
  lab=$!
  for _ in $(seq 100); do grep -q ready "$work/lab.log" 2>/dev/null && break; sleep 0.05; done
  url=$(sed -n 's/.*runs at \(http[^,]*\),.*/\1/p' "$work/lab.log")
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
for _ in $(seq "$rounds"); do
  start
  begun=$(date +%s.%N)
  (cd "$work/try" && rm -f ../people.jsonl.done && "$program" batch --file ../people.jsonl --concurrency "$concurrency" >/dev/null)
  ended=$(date +%s.%N)
  awk -v n="$people" -v b="$begun" -v e="$ended" 'BEGIN { print int(3 * n / (e - b)) }' >>"$work/batch"
  stop; start
  OKTA_TOKEN=$(cat "$work/try/lab-password") wrk -t1 -c"$concurrency" -d3s -s "$lua" "$url" >"$work/wrk.log"
  sed -n 's/^Requests\/sec: *\([0-9]*\).*/\1/p' "$work/wrk.log" >>"$work/wrk"
  grep -q "Non-2xx" "$work/wrk.log" && { echo "wrk was refused:"; cat "$work/wrk.log"; } >&2
  stop
done
batch=$(median <"$work/batch") wrk=$(median <"$work/wrk")
printf 'provost batch: %d requests a second\nwrk:           %d requests a second\nratio:         %.2f\n' "$batch" "$wrk" "$(awk -v a="$batch" -v b="$wrk" 'BEGIN { print a / b }')"
