#!/usr/bin/env bash
# provost batch at OpenLDAP, against ldapadd with the same entries and against Python's ldap3,
# in turn. Every run has a server of its own, empty, with its data in memory.
# Needs slapd and ldap-utils (Debian: apt-get install slapd ldap-utils) and a Python with the
# module ldap3 (PYTHON=program). Run it from the project's folder:
#   bench/ldap.sh [--people 10000] [--rounds 3] [--concurrency 8] [--list 50000]
# PROVOST=program measures another program than the release build.
set -euo pipefail
people=10000 rounds=3 concurrency=8 list=50000
while [ $# -gt 1 ]; do
  case $1 in
    --people) people=$2 ;;
    --rounds) rounds=$2 ;;
    --concurrency) concurrency=$2 ;;
    --list) list=$2 ;;
    *) echo "unknown option $1" >&2; exit 2 ;;
  esac
  shift 2
done
python=${PYTHON:-python3}
slapd=$(command -v slapd || echo /usr/sbin/slapd)
[ -x "$slapd" ] && command -v ldapadd >/dev/null ||
  { echo "slapd and ldapadd are not installed (Debian: apt-get install slapd ldap-utils)" >&2; exit 2; }
"$python" -c 'import ldap3' 2>/dev/null ||
  { echo "$python has no module ldap3 (pip install ldap3); PYTHON names another" >&2; exit 2; }

[ -n "${PROVOST:-}" ] || cargo build --release --quiet
provost=${PROVOST:-$PWD/target/release/provost}
round=$PWD/bench/ldap_round.py
memory=/dev/shm
[ -w "$memory" ] || memory=${TMPDIR:-/tmp}
folder=$(mktemp -d "$memory/provost-bench.XXXXXX")
server=
stop() { [ -z "$server" ] || { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; }; server=; }
trap 'stop; rm -r "$folder"' EXIT
cd "$folder"

port=$("$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export URL=ldap://127.0.0.1:$port PEOPLE=ou=people,dc=example,dc=test LOGIN=cn=svc,dc=example,dc=test
export BENCH_PASSWORD=password-of-the-bench
modules=$(dirname "$(ls /usr/lib/ldap/back_mdb.so /usr/lib/*/ldap/back_mdb.so 2>/dev/null | head -1)")

cat >slapd.conf <<CONF
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath $modules
moduleload back_mdb
moduleload ppolicy
pidfile $folder/slapd.pid
sizelimit 500
loglevel 0
database mdb
suffix "dc=example,dc=test"
rootdn "$LOGIN"
rootpw $BENCH_PASSWORD
directory $folder/data
maxsize 1073741824
dbnosync
index objectClass,entryUUID eq
index uid,mail eq
overlay ppolicy
CONF
cat >base.ldif <<LDIF
dn: dc=example,dc=test
objectClass: organization
objectClass: dcObject
dc: example
o: Example

dn: $PEOPLE
objectClass: organizationalUnit
ou: people

LDIF
cat >provost.yaml <<YAML
instances:
  directory:
    integration: ldap
    url: $URL
    start-tls: false
    credentials: {username: "$LOGIN", password: "env:BENCH_PASSWORD"}
    people: $PEOPLE
    concurrency: $concurrency
YAML

# So many people as lines of a batch, with a title, and as LDIF with what the mapper makes of them.
lines() {
  awk -v people="$1" -v title="$2" 'BEGIN {
    for (i = 1; i <= people; i++)
      printf "{\"email\": \"p%d@example.test\", \"username\": \"p%d\", \"givenname\": \"Ann\", \"surname\": \"Example\", \"title\": \"%s\", \"employeeid\": \"%d\"}\n", i, i, title, i
  }'
}
lines "$people" Engineer >people.jsonl
lines "$people" Manager >changed.jsonl
awk -v people="$people" -v below="$PEOPLE" 'BEGIN {
  for (i = 1; i <= people; i++)
    printf "dn: uid=p%d,%s\nobjectClass: inetOrgPerson\nuid: p%d\ncn: Ann Example\nsn: Example\ngivenName: Ann\nmail: p%d@example.test\nemployeeNumber: %d\ntitle: Engineer\n\n", i, below, i, i, i
}' >people.ldif

# A new server with nobody in it.
start() {
  stop
  rm -rf data *.journal && mkdir data
  "$slapd" -T add -f slapd.conf -l base.ldif 2>slapadd.txt || { cat slapadd.txt >&2; exit 1; }
  "$slapd" -f slapd.conf -h "$URL" -d 0 2>/dev/null &
  server=$!
  for _ in $(seq 100); do ldapsearch -x -H "$URL" -b '' -s base 1.1 >/dev/null 2>&1 && return; sleep 0.05; done
  echo "slapd did not start" >&2
  exit 1
}

# Runs a command and prints how many operations on people a second that is.
rate() {
  local begun ended
  begun=$(date +%s%N)
  timeout 300 "${@:2}" || { echo "failed: ${*:2}" >&2; exit 1; }
  ended=$(date +%s%N)
  echo $(($1 * 1000000000 / (ended - begun)))
}

batch() { "$provost" batch --file "$1" --command "$2" --concurrency "$concurrency" --journal "$2.journal" --output jsonl >"$2.jsonl" 2>"$2.txt"; }
batch_round() {
  batch people.jsonl iam-create-user
  batch people.jsonl iam-get-user
  batch changed.jsonl iam-update-user
  batch people.jsonl iam-disable-user
}
# A run in which something was not done measures nothing.
complete() { [ "$(grep -c '"success":true,"active":'"$2" "$1.jsonl")" = "$people" ] || { echo "$1 is not complete" >&2; exit 1; }; }
add() { ldapadd -x -H "$URL" -D "$LOGIN" -w "$BENCH_PASSWORD" -f people.ldif >/dev/null; }
export -f batch batch_round add
export provost concurrency

median() { sort -n | awk '{ rate[NR] = $1 } END { print rate[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

for _ in $(seq "$rounds"); do
  start; rate "$people" bash -c add >>ldapadd
  start; rate "$people" "$python" "$round" create "$people" >>python-create
  start; rate "$people" bash -c 'batch people.jsonl iam-create-user' >>provost-create; complete iam-create-user true
  start; rate "$people" "$python" "$round" round "$people" >>python-round
  start; rate "$people" bash -c batch_round >>provost-round; complete iam-disable-user false
done
for name in ldapadd python-create provost-create python-round provost-round; do
  printf -v "${name//-/_}" '%s' "$(median <"$name")"
done
echo "people a second, medians of $rounds rounds, $people people, $concurrency at once:"
echo "  creates: ldapadd $ldapadd, Python's ldap3 $python_create, provost $provost_create ($(ratio "$provost_create" "$ldapadd") of ldapadd, $(ratio "$provost_create" "$python_create") of Python)"
echo "  create, read, update, disable: Python's ldap3 $python_round, provost $provost_round ($(ratio "$provost_round" "$python_round") of Python)"

peak() { "$python" -c 'import os, subprocess, sys; status = subprocess.call(sys.argv[2:], stdout=open(sys.argv[1], "w"), stderr=subprocess.DEVNULL); import resource; print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024); sys.exit(status)' "$@"; }
start
small=$(peak records.jsonl "$provost" batch --file people.jsonl --concurrency "$concurrency" --output jsonl)
lines "$list" Engineer >many.jsonl
start
large=$(peak records.jsonl "$provost" batch --file many.jsonl --concurrency "$concurrency" --output jsonl)
begun=$(date +%s%N)
listing=$(peak list.jsonl "$provost" iam-list-users --output jsonl)
ended=$(date +%s%N)
[ "$(wc -l <list.jsonl)" = "$list" ] || { echo "the list is not whole" >&2; exit 1; }
echo "memory: $small MB for $people creates, $large MB for $list; a list of $list takes $listing MB and $(((ended - begun) / 1000000)) ms"
