#!/usr/bin/env bash
# provost iam-get-user against curl making the same request, whole processes in turn.
# Needs hyperfine and curl. Run it from the project's folder: bench/get-user.sh [RUNS]
set -euo pipefail
runs=${1:-200}
cargo build --release --quiet
provost=$PWD/target/release/provost
folder=$(mktemp -d)
cd "$folder"
"$provost" lab --only hello --dir . >lab.txt &
lab=$!
trap 'kill "$lab"; rm -r "$folder"' EXIT
for _ in $(seq 50); do [ -s provost.yaml ] && break; sleep 0.1; done
profile='{"email": "ann@example.com"}'
"$provost" iam-create-user --user-profile "$profile" >created.txt
url=$(sed -n 's/^ *url: //p' provost.yaml)
# The password goes by a file, so that no process list shows it.
printf 'user = "admin:%s"\nurl = "%s/api/now/users?email=ann%%40example.com"\nsilent\n' "$(cat lab-password)" "$url" >curl.txt
hyperfine --shell=none --warmup 10 --runs "$runs" \
  --command-name curl "curl --config curl.txt" \
  --command-name provost "$provost iam-get-user --user-profile '$profile'"
if [ -x /usr/bin/time ]; then
  /usr/bin/time -f "peak memory of provost: %M KiB" "$provost" iam-get-user --user-profile "$profile" >record.txt
fi
echo "binary: $(stat -c %s "$provost") bytes"
