#!/usr/bin/env bash
# Mapping a file of made-up profiles, side by side in one run: a program that only parses
# and prints each line again (the baseline), `provost mapper run --jsonl` with an XSOAR
# mapper, its native twin and the built-in mapper, which sets more, and what else is there:
# jq, Python, Python with orjson.
#
#   bench/mapping.sh [COUNT] [ROUNDS]
#
# The programs take turns, so that other load on the machine meets all alike. The table has
# the median of the rounds, the rate as a share of the baseline's, and the peak memory.
# XSOAR_MAPPER=FILE measures another SCIM mapper, NATIVE_MAPPER=FILE another twin.
# PYTHON=... names a Python, for example one of a virtual environment with orjson.
# Run it from the project's folder.
set -euo pipefail
count=${1:-200000}
rounds=${2:-7}
xsoar=${XSOAR_MAPPER:-bench/scim-outgoing.json}
native=${NATIVE_MAPPER:-bench/scim-outgoing.yaml}
built_in=integrations/scim/mapper-out.yaml
python=${PYTHON:-python3}
[ -x /usr/bin/time ] || { echo "bench/mapping.sh needs /usr/bin/time (package time)" >&2; exit 2; }

cargo build --release --quiet
cargo build --release --quiet --package provost-mapper --example reprint
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
profiles=$folder/profiles.jsonl
cargo xtask profiles "$count" --out "$profiles"

provost=target/release/provost
names=() commands=()
add() { names+=("$1"); commands+=("$2"); }
add "baseline: parse and print, one core" "taskset -c 0 target/release/examples/reprint '$profiles'"
add "provost, XSOAR mapper, one core" "taskset -c 0 $provost mapper run --jsonl '$xsoar' '$profiles'"
add "provost, native mapper, one core" "taskset -c 0 $provost mapper run --jsonl '$native' '$profiles'"
add "provost, built-in mapper, one core" "taskset -c 0 $provost mapper run --jsonl '$built_in' '$profiles'"
if [ "$(nproc)" -ge 2 ]; then
  add "provost, XSOAR mapper, two cores" "taskset -c 0,1 $provost mapper run --jsonl '$xsoar' '$profiles'"
  add "provost, native mapper, two cores" "taskset -c 0,1 $provost mapper run --jsonl '$native' '$profiles'"
  add "provost, built-in mapper, two cores" "taskset -c 0,1 $provost mapper run --jsonl '$built_in' '$profiles'"
fi
if "$python" -c 'import orjson' 2>/dev/null; then
  add "Python with orjson, one core" "taskset -c 0 '$python' bench/scim_outgoing.py orjson '$profiles'"
fi
if command -v "$python" >/dev/null; then
  add "Python, one core" "taskset -c 0 '$python' bench/scim_outgoing.py json '$profiles'"
fi
if command -v jq >/dev/null; then
  add "jq, one core" "taskset -c 0 jq -c -f bench/scim-outgoing.jq '$profiles'"
fi

for _ in $(seq "$rounds"); do
  for i in "${!commands[@]}"; do
    /usr/bin/time -f '%e %M' -a -o "$folder/$i" sh -c "exec ${commands[$i]}" >/dev/null
  done
done

median() { cut -d' ' -f"$2" "$1" | sort -n | sed -n "$(((rounds + 1) / 2))p"; }
base=$(median "$folder/0" 1)
echo "$count profiles, $(stat -c %s "$profiles") bytes; medians of $rounds rounds; load $(cut -d' ' -f1-3 /proc/loadavg)"
echo
echo "| Program | seconds | rate, baseline 1.00 | peak memory, MB |"
echo "|---|---|---|---|"
for i in "${!names[@]}"; do
  seconds=$(median "$folder/$i" 1)
  memory=$(cut -d' ' -f2 "$folder/$i" | sort -n | tail -1)
  awk -v n="${names[$i]}" -v s="$seconds" -v b="$base" -v m="$memory" \
    'BEGIN { printf "| %s | %.2f | %.2f | %.1f |\n", n, s, b / s, m * 1024 / 1e6 }'
done
