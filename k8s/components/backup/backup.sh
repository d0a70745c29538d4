#!/usr/bin/env bash
# Dumps each of $DATABASES to /backups/<database>/<time>.dump, with the number of rows of every table in the same snapshot
# beside it (.rows), so that a restore can be checked to the row, and a checksum of both (.sha256), which is written last:
# without it a dump is not complete. What is older than $KEEP_DAYS is removed, but never the last complete one.
set -euo pipefail
umask 077
export PGDATABASE=app PGCONNECT_TIMEOUT=10
stamp=$(date -u +%Y%m%dT%H%M%SZ)

# Asks for a count of every table; psql runs what this query answers.
count_rows="select format('select %L, count(*) from %I.%I', schemaname || '.' || tablename, schemaname, tablename)
  from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1"

backup() { # database
  local folder="/backups/$1" snapshot dumped=0
  mkdir -p "$folder"
  export PGHOST="$1"
  # A session that holds the snapshot open while pg_dump reads it.
  coproc SESSION { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1; }
  local session=$SESSION_PID
  echo "begin isolation level repeatable read read only; select pg_export_snapshot();" >&"${SESSION[1]}"
  read -r -t 30 snapshot <&"${SESSION[0]}"
  pg_dump --format=custom --compress=zstd:3 --no-owner --no-privileges --snapshot="$snapshot" --file="$folder/$stamp.dump" || dumped=$?
  printf '%s \\gexec\n' "$count_rows" >&"${SESSION[1]}"
  echo '\q' >&"${SESSION[1]}"
  cat <&"${SESSION[0]}" > "$folder/$stamp.rows"
  wait "$session"
  [ "$dumped" -eq 0 ] || return 1
  (cd "$folder" && sha256sum "$stamp.dump" "$stamp.rows" > ".$stamp.new" && mv ".$stamp.new" "$stamp.sha256")
  echo "$1: $(stat -c %s "$folder/$stamp.dump") bytes, $(wc -l < "$folder/$stamp.rows") tables"
}

prune() { # database
  local folder="/backups/$1" old
  find "$folder" -name '*.sha256' -mtime "+$KEEP_DAYS" | sort | while read -r old; do
    [ "$(find "$folder" -name '*.sha256' | wc -l)" -gt 1 ] || break
    rm -f "${old%.sha256}".*
  done
  # Left by a run that was interrupted.
  find "$folder" -type f -mtime +2 \( -name '*.dump' -o -name '*.rows' -o -name '.*.new' \) | while read -r old; do
    [ -e "${old%.*}.sha256" ] || rm -f "$old"
  done
}

# Each in a process of its own: one database that is away must not keep the others from being dumped.
if [ $# -eq 1 ]; then
  backup "$1"
  prune "$1"
  exit
fi
failed=0
for database in $DATABASES; do bash "$0" "$database" || { echo "$database: FAILED" >&2; failed=1; }; done
exit "$failed"
