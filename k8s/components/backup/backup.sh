#!/usr/bin/env bash
# Dumps every database to $BACKUPS/<database>/<time>.dump, with the number of rows of every table in the same snapshot beside it
# (.rows), so that a restore can be checked to the row, and a checksum of both (.sha256), which is written last: without it a
# dump is not complete. What is older than $KEEP_DAYS is removed, but never the last complete one.
#   $LOGIN       a folder with the files username and password
#   $DATABASES   hosts whose addresses are those of the databases: a headless Service. Each database tells its name (cluster_name)
set -euo pipefail
umask 077
export PGDATABASE=app PGCONNECT_TIMEOUT=10 PGUSER PGPASSWORD
PGUSER=$(<"$LOGIN/username") PGPASSWORD=$(<"$LOGIN/password")

# Asks for a count of every table; psql runs what this query answers.
count_rows="select format('select %L, count(*) from %I.%I', schemaname || '.' || tablename, schemaname, tablename)
  from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1"

ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 "$@"; }

backup() { # database, at $PGHOST
  local folder="$BACKUPS/$1" stamp snapshot dumped=0
  mkdir -p "$folder"
  # Never over one that is there.
  while stamp=$(date -u +%Y%m%dT%H%M%SZ) && [ -e "$folder/$stamp.dump" ]; do sleep 1; done
  # A session that holds the snapshot open, and waits, while pg_dump reads it.
  coproc SESSION { ask; }
  local session=$SESSION_PID
  echo "set idle_in_transaction_session_timeout = 0;" >&"${SESSION[1]}"
  echo "begin isolation level repeatable read read only; select pg_export_snapshot();" >&"${SESSION[1]}"
  read -r -t 30 snapshot <&"${SESSION[0]}"
  pg_dump --format=custom --compress="${COMPRESSION:-zstd:3}" --no-owner --no-privileges --snapshot="$snapshot" \
    --file="$folder/$stamp.dump" || dumped=$?
  printf '%s \\gexec\n' "$count_rows" >&"${SESSION[1]}"
  echo '\q' >&"${SESSION[1]}"
  cat <&"${SESSION[0]}" > "$folder/$stamp.rows"
  wait "$session"
  [ "$dumped" -eq 0 ] || return 1
  (cd "$folder" && sha256sum "$stamp.dump" "$stamp.rows" > ".$stamp.new" && mv ".$stamp.new" "$stamp.sha256")
  echo "$1: $(stat -c %s "$folder/$stamp.dump") bytes, $(wc -l < "$folder/$stamp.rows") tables"
}

prune() { # database
  local folder="$BACKUPS/$1" old
  find "$folder" -name '*.sha256' -mtime "+$KEEP_DAYS" | sort | while read -r old; do
    [ "$(find "$folder" -name '*.sha256' | wc -l)" -gt 1 ] || break
    rm -f "${old%.sha256}".*
  done
  # Left by a run that was interrupted.
  find "$folder" -type f -mtime +2 \( -name '*.dump' -o -name '*.rows' -o -name '.*.new' \) | while read -r old; do
    [ -e "${old%.*}.sha256" ] || rm -f "$old"
  done
}

# Each in a process of its own: one that is away must not keep the others from being dumped.
if [ $# -eq 1 ]; then
  backup "$1"
  prune "$1"
  exit
fi

failed=0
fail() { echo "$*: FAILED" >&2; failed=1; }
declare -A found=()
# shellcheck disable=SC2086
for address in $(for host in $DATABASES; do getent ahosts "$host" || echo "$host"; done | awk '{ print $1 }' | sort -u); do
  export PGHOST=$address
  # Of the instances of one database, the one that is written to.
  database=$(ask --command="select current_setting('cluster_name') where not pg_is_in_recovery()") || { fail "$address"; continue; }
  [ -n "$database" ] || continue
  found[$database]=yes
  bash "$0" "$database" || fail "$database"
done
# Whoever was backed up before, and is not found now, is missed. (Of one that is gone for good: move its folder away.)
for folder in "$BACKUPS"/*-db; do
  [ ! -d "$folder" ] || [ -n "${found[$(basename "$folder")]:-}" ] || fail "$(basename "$folder") is not there, and"
done
[ "${#found[@]}" -gt 0 ] || fail 'there is no database, and'
exit "$failed"
