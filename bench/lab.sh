#!/usr/bin/env bash
# How many look-ups and pages a second the emulated systems answer, with 10,000 people each.
# Needs wrk. Run it from the project's folder: bench/lab.sh [SECONDS]
set -euo pipefail
seconds=${1:-5}
cargo build --release --quiet
provost=$PWD/target/release/provost
folder=$(mktemp -d)
cd "$folder"
"$provost" lab --port 0 --people 10000 >lab.txt &
lab=$!
trap 'kill "$lab"; rm -r "$folder"' EXIT
for _ in $(seq 50); do grep -q Ctrl-C lab.txt && break; sleep 0.1; done
secret=$(cat lab-password)
basic="Authorization: Basic $(printf 'admin:%s' "$secret" | base64 --wrap=0)"

# measure INSTANCE HEADER PATH
measure() {
  url=$(sed -n "/^  $1:/,/proxy/s/^ *url: //p" provost.yaml)
  rate=$(wrk -t1 -c32 -d"${seconds}s" -H "$2" "$url$3" | sed -n 's/^Requests\/sec: *//p')
  printf '%-11s %10s/s  %s\n' "$1" "$rate" "$3"
}

someone=user5000%40example.com
measure hello "$basic" "/api/now/users?email=$someone"
measure okta "Authorization: SSWS $secret" "/api/v1/users?filter=profile.login%20eq%20%22$someone%22"
measure okta "Authorization: SSWS $secret" "/api/v1/users?limit=200"
measure servicenow "$basic" "/api/now/table/sys_user?email=$someone"
measure scim "Authorization: Bearer $secret" "/Users?filter=userName%20eq%20%22$someone%22"
measure scim "Authorization: Bearer $secret" "/Users?count=100&startIndex=5000"
