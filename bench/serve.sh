#!/usr/bin/env bash
# provost serve, answering iam-get-user with SQLite and the audit log on, against a bare axum
# handler that makes the same request to the same emulator and hands the answer on; in turns.
# Then the latency at half of the load, memory, and the time from start to ready.
# Needs wrk and hey (Debian: apt-get install wrk hey). Run it from the project's folder:
# PROVOST=program measures another program than the release build, with the bare handler that is there.
#   bench/serve.sh [--rounds 5] [--seconds 5] [--connections 64] [--store FILE_OR_ADDRESS]
set -euo pipefail
rounds=5 seconds=5 connections=64 store=
while [ $# -gt 1 ]; do
  case $1 in
    --rounds) rounds=$2 ;;
    --seconds) seconds=$2 ;;
    --connections) connections=$2 ;;
    --store) store=$2 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
for tool in wrk hey; do
  command -v $tool >/dev/null || { echo "$tool is not installed (Debian: apt-get install wrk hey)" >&2; exit 2; }
done

if [ -z "${PROVOST:-}" ]; then
  cargo build --release --quiet
  cargo build --release --quiet -p provost-net --example bare
fi
provost=${PROVOST:-$PWD/target/release/provost} bare=$PWD/target/release/examples/bare lua=$PWD/bench/post.lua
folder=$(mktemp -d)
running=()
stop() { for child in "${running[@]}"; do kill "$child" 2>/dev/null || true; wait "$child" 2>/dev/null || true; done; }
trap 'stop; rm -r "$folder"' EXIT
cd "$folder"
store=${store:-$folder/bench.db}

wait_for() { # FILE TEXT
  for _ in $(seq 200); do grep -qs "$2" "$1" && return; sleep 0.02; done
  echo "nothing said \`$2\`:" >&2; cat "$1" >&2; exit 1
}

timeout 600 "$provost" lab --dir . --only okta --people 100 --port 0 >lab.txt & running+=($!)
wait_for lab.txt Ctrl-C
upstream=$(sed -n 's/.* runs at \(http[^,]*\),.*/\1/p' lab.txt | head -1)
token=$(cat lab-password)
# The bare handler sends as much at once as it is asked.
sed -i "s/^    integration: okta-iam/&\n    concurrency: $connections/" provost.yaml
grep -q "concurrency: $connections" provost.yaml

begun=$(date +%s%N)
timeout 600 "$provost" serve --store "$store" --listen 127.0.0.1:0 >serve.txt 2>serve.err & running+=($!)
wait_for serve.txt Ctrl-C
address=$(sed -n 's/.*serves at \(http[^,]*\),.*/\1/p' serve.txt)
until curl -sf "$address/readyz" >/dev/null; do sleep 0.005; done
ready=$(( ($(date +%s%N) - begun) / 1000000 ))
key=$(grep -o 'pv_[A-Za-z0-9_-]*' serve.txt | head -1)
sleep 1
server=$(pgrep -P "${running[-1]}")
idle=$(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$server/status")

person="user0001@example.com"
port=$((20000 + RANDOM % 10000))
timeout 600 "$bare" "127.0.0.1:$port" "$upstream/api/v1/users?filter=profile.email+eq+%22${person/@/%40}%22" "SSWS $token" & running+=($!)
sleep 0.5

export BODY="{\"user-profile\": {\"email\": \"$person\"}, \"using\": [\"okta\"]}" AUTHORIZATION="Bearer $key"
url=$address/api/v1/commands/iam-get-user
curl -sf "$url" -H "Authorization: $AUTHORIZATION" -H 'Content-Type: application/json' -d "$BODY" | grep -q '"success":true'
curl -sf -X POST "http://127.0.0.1:$port/get" -d "$BODY" | grep -q "$person"

rate() { # URL
  local said
  said=$(wrk -t1 -c"$connections" -d"${seconds}s" -s "$lua" "$1" | grep '^rate')
  [ "${said##* }" = 0 ] || { echo "answers that were no success: $said" >&2; exit 1; }
  echo "$said" | cut -d' ' -f2
}
median() { sort -n "$1" | sed -n "$((($(wc -l <"$1") + 1) / 2))p"; }
for round in $(seq "$rounds"); do
  rate "$url" >>provost.rates
  rate "http://127.0.0.1:$port/get" >>bare.rates
done
mine=$(median provost.rates) theirs=$(median bare.rates)
busy=$(awk '/VmRSS/ {print int($2 / 1024)}' "/proc/$server/status")

workers=16
hey -z "${seconds}s" -c $workers -q $((mine / 2 / workers)) -m POST -T application/json -H "Authorization: $AUTHORIZATION" -d "$BODY" "$url" >hey.txt
# With so few digits: hey shows a tenth of a millisecond.
half=$(awk '/50% in/ {print $3 * 1000}' hey.txt) tail=$(awk '/99% in/ {print $3 * 1000}' hey.txt)
offered=$(awk '/Requests\/sec/ {print int($2)}' hey.txt)

printf 'provost serve  %s requests a second (median of %s)\n' "$mine" "$rounds"
printf 'bare handler   %s requests a second\n' "$theirs"
awk -v a="$mine" -v b="$theirs" 'BEGIN { printf "ratio          %.2f\n", a / b }'
printf 'at half load   %s a second: p50 %s ms, p99 %s ms\n' "$offered" "$half" "$tail"
printf 'memory         %s MB idle, %s MB after the load\n' "$idle" "$busy"
printf 'ready          %s ms after the start\n' "$ready"
