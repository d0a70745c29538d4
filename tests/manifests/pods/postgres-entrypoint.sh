#!/usr/bin/env bash
# Stands for the entry point of the official image of PostgreSQL: on an empty PGDATA it runs initdb and the scripts of
# /docker-entrypoint-initdb.d on a server that nobody reaches over TCP, and then starts the server with its arguments.
set -euo pipefail
if [ "${1:0:1}" = '-' ]; then set -- postgres "$@"; fi
export PGHOST=/var/run/postgresql
# The programs of this machine have other ideas of where a socket belongs.
set -- "$@" -c unix_socket_directories=/var/run/postgresql
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  # shellcheck disable=SC2086
  initdb --pgdata="$PGDATA" --username=postgres --pwfile="$POSTGRES_PASSWORD_FILE" $POSTGRES_INITDB_ARGS
  printf '\nhost all all all scram-sha-256\n' >> "$PGDATA/pg_hba.conf"
  PGOPTIONS= "$@" -D "$PGDATA" -c listen_addresses='' -c hba_file="$PGDATA/pg_hba.conf" -c ident_file="$PGDATA/pg_ident.conf" &
  until pg_isready --quiet --username=postgres; do sleep 0.05; done
  for script in /docker-entrypoint-initdb.d/*.sh; do bash "$script"; done
  kill -INT %1 && wait %1
fi
exec "$@" -D "$PGDATA" -c hba_file="$PGDATA/pg_hba.conf" -c ident_file="$PGDATA/pg_ident.conf"
