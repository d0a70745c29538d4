#!/usr/bin/env bash
# Proves the newest dump of each database of $BACKUPS: checks its checksum, restores it into a PostgreSQL of this pod's own (in
# $SCRATCH), counts the rows of every table and compares them with what was counted when it was made. Nothing here can reach a
# real database.
set -euo pipefail
export PGDATA=$SCRATCH/data PGHOST=$SCRATCH PGUSER=postgres

count_rows="select format('select %L, count(*) from %I.%I', schemaname || '.' || tablename, schemaname, tablename)
  from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1"

check() { # database
  local newest stamp age rows tables
  newest=$(find "$BACKUPS/$1" -name '*.sha256' | sort | tail -n 1)
  [ -n "$newest" ] || { echo "$1: there is no complete backup" >&2; return 1; }
  stamp=${newest%.sha256}
  age=$(($(date +%s) - $(stat -c %Y "$newest")))
  [ "$age" -lt "$((MAX_AGE_HOURS * 3600))" ] || { echo "$1: the newest backup is $((age / 3600)) hours old" >&2; return 1; }
  (cd "$BACKUPS/$1" && sha256sum --check --quiet "$newest")
  createdb "$1"
  pg_restore --dbname="$1" --no-owner --no-privileges --exit-on-error "$stamp.dump"
  printf '%s \\gexec\n' "$count_rows" |
    psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$1" > "$SCRATCH/rows"
  diff "$stamp.rows" "$SCRATCH/rows" || { echo "$1: the rows differ from those that were there" >&2; return 1; }
  tables=$(wc -l < "$SCRATCH/rows")
  rows=$(awk -F'|' '{ sum += $2 } END { print sum + 0 }' "$SCRATCH/rows")
  [ "$tables" -gt 0 ] || { echo "$1: it holds no table" >&2; return 1; }
  printf '%-20s %-18s %8s tables %12s rows  restored\n' "$1" "$(basename "$stamp")" "$tables" "$rows"
}

# Each in a process of its own, so that all are checked, and one that is wrong ends at the first thing that is.
if [ $# -eq 1 ]; then
  check "$1"
  exit
fi
rm -rf "$PGDATA"
initdb --username=postgres --auth=trust --no-sync >/dev/null
pg_ctl --silent --wait --log="$SCRATCH/log" start \
  --options="-c listen_addresses='' -c unix_socket_directories=$SCRATCH -c fsync=off -c shared_buffers=32MB"
trap 'pg_ctl --silent --mode=immediate stop' EXIT
failed=0
found=0
for folder in "$BACKUPS"/*-db; do
  [ -d "$folder" ] || continue
  found=1
  database=$(basename "$folder")
  bash "$0" "$database" || { echo "$database: FAILED" >&2; failed=1; }
done
[ "$found" -eq 1 ] || { echo 'There is no backup at all' >&2; failed=1; }
exit "$failed"
