#!/usr/bin/env bash
# provost batch, creating people who are new, against wrk sending the same mix of requests to
# the same emulator over as many connections, in turn. Each run has an emulator of its own.
# Needs wrk (Debian: apt-get install wrk). Run it from the project's folder:
#   bench/batch.sh [--integration hello-iam-world|okta-iam] [--lines 10000] [--rounds 5] [--concurrency 8]
# PROVOST=program measures another program than the release build.
set -euo pipefail
integration=hello-iam-world lines=10000 rounds=5 concurrency=8
while [ $# -gt 1 ]; do
  case $1 in
    --integration) integration=$2 ;;
    --lines) lines=$2 ;;
    --rounds) rounds=$2 ;;
    --concurrency) concurrency=$2 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
case $integration in
  hello-iam-world) system=hello requests=2 ;;
  okta-iam) system=okta requests=3 ;;
  *) echo "unknown integration $integration" >&2; exit 2 ;;
esac
command -v wrk >/dev/null || { echo "wrk is not installed (Debian: apt-get install wrk)" >&2; exit 2; }

[ -n "${PROVOST:-}" ] || cargo build --release --quiet
provost=${PROVOST:-$PWD/target/release/provost}
script=$PWD/bench/batch.lua
folder=$(mktemp -d)
lab=
stop() { [ -z "$lab" ] || { kill "$lab" 2>/dev/null || true; wait "$lab" 2>/dev/null || true; }; lab=; }
trap 'stop; rm -r "$folder"' EXIT
cd "$folder"

awk -v lines="$lines" 'BEGIN {
  for (i = 1; i <= lines; i++)
    printf "{\"email\": \"p%d@example.com\", \"username\": \"p%d@example.com\", \"givenname\": \"Ann\", \"surname\": \"Example\", \"title\": \"Engineer\", \"department\": \"Sales\", \"employeeid\": \"p%d\"}\n", i, i, i
}' >people.jsonl

# A new, empty emulator on a free port.
start() {
  rm -f lab.txt provost.yaml people.jsonl.journal
  timeout 120 "$provost" lab --dir . --only "$system" --people 0 --port 0 >lab.txt &
  lab=$!
  for _ in $(seq 100); do grep -qs Ctrl-C lab.txt && return; sleep 0.05; done
  echo "the lab did not start" >&2
  exit 1
}

# Requests a second of provost batch.
batch() {
  start
  local begun ended
  begun=$(date +%s%N)
  timeout 120 "$provost" batch --file people.jsonl --concurrency "$concurrency" --output jsonl >records.jsonl 2>summary.txt
  ended=$(date +%s%N)
  stop
  [ "$(grep -c '"action":"create","success":true' records.jsonl)" = "$lines" ]
  echo $((lines * requests * 1000000000 / (ended - begun)))
}

# Requests a second of wrk.
load() {
  start
  local url secret
  url=$(sed -n 's/^ *url: //p' provost.yaml)
  secret=$(cat lab-password)
  case $integration in
    okta-iam) AUTHORIZATION="SSWS $secret" ;;
    *) AUTHORIZATION="Basic $(printf 'admin:%s' "$secret" | base64 -w0)" ;;
  esac
  export AUTHORIZATION
  SYSTEM=$integration timeout 60 wrk -t1 -c"$concurrency" -d3s -s "$script" "$url" >wrk.txt
  stop
  if grep -q 'Non-2xx' wrk.txt; then cat wrk.txt >&2; exit 1; fi
  sed -n 's/^Requests\/sec: *\([0-9]*\).*/\1/p' wrk.txt
}

median() { sort -n | awk '{ rate[NR] = $1 } END { print rate[int((NR + 1) / 2)] }'; }

for round in $(seq "$rounds"); do
  load >>wrk.rates
  batch >>batch.rates
  echo "round $round: wrk $(tail -n 1 wrk.rates), provost batch $(tail -n 1 batch.rates) requests a second"
done
wrk=$(median <wrk.rates) ours=$(median <batch.rates)
echo "median: wrk $wrk, provost batch $ours, ratio $(awk -v a="$ours" -v b="$wrk" 'BEGIN { printf "%.2f", a / b }')"
if [ -x /usr/bin/time ]; then
  start
  /usr/bin/time -f "provost batch: %M KiB at most, %U s user, %S s system" \
    "$provost" batch --file people.jsonl --concurrency "$concurrency" --output jsonl 2>&1 >records.jsonl | tail -n 1
fi
