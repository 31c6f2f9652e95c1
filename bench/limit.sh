#!/usr/bin/env bash
# provost batch at a system that takes so many requests a minute: how long it needs against the
# least that the limit allows, and how many requests are refused. Of the two requests of an account
# one writes, so a limit of 1,200 requests is one of 600 writes. Takes about two minutes.
# Run it from the project's folder: bench/limit.sh [accounts, 1200] [requests a minute, 1200]
# PROVOST=program measures another program than the release build.
set -euo pipefail
accounts=${1:-1200} limit=${2:-1200}
[ -n "${PROVOST:-}" ] || cargo build --release --quiet
provost=${PROVOST:-$PWD/target/release/provost}
folder=$(mktemp -d)
lab=
trap '[ -z "$lab" ] || kill "$lab"; rm -r "$folder"' EXIT
cd "$folder"
awk -v n="$accounts" 'BEGIN {
  for (i = 1; i <= n; i++) printf "{\"email\": \"p%d@example.com\", \"username\": \"p%d@example.com\", \"surname\": \"Example\"}\n", i, i
}' >people.jsonl
timeout 900 "$provost" lab --dir . --only scim --people 0 --port 0 --limit "$limit" >lab.txt &
lab=$!
for _ in $(seq 100); do grep -q Ctrl-C lab.txt && break; sleep 0.05; done

# The windows of the lab begin with the minute. Begun within one, the least is what is left of it
# and whole minutes for the rest, the last of which need not end.
begun=$(date +%s%N)
timeout 900 "$provost" batch --file people.jsonl --output jsonl -v >records.jsonl 2>steps.txt
ended=$(date +%s%N)
made=$(grep -c '"action":"create","success":true' records.jsonl || true)
refused=$(grep -c -- '-> 429' steps.txt || true)
sent=$(grep -c -- '  http     [A-Z]* /' steps.txt || true)
awk -v b="$begun" -v e="$ended" -v n="$accounts" -v limit="$limit" -v made="$made" -v refused="$refused" -v sent="$sent" 'BEGIN {
  begun = b / 1e9; took = (e - b) / 1e9
  # A SCIM server is first asked what it can do.
  windows = int((2 * n + 1 + limit - 1) / limit)
  least = windows > 1 ? 60 - begun % 60 + 60 * (windows - 2) : 0
  printf "%d of %d accounts made in %.1f s; the least that the limit allows is %.1f s (%.3f of it)\n", made, n, took, least, least ? took / least : 0
  printf "%d of %d requests refused (%.2f %%)\n", refused, sent, 100 * refused / sent
}'
