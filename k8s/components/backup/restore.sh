#!/usr/bin/env bash
# Puts a database back to a backup, or leaves it as it is: checks the checksum; then, in one transaction, empties the database,
# restores, counts the rows of every table and compares them with what was counted when the backup was made. The service must not
# run meanwhile: k8s/restore.ts sees to that, and starts this.
#   $DATABASE  order-db            $BACKUP  20261125T021700Z, or nothing, to list what there are            $DATABASE_URL  of its service
set -euo pipefail
folder="$BACKUPS/$DATABASE"
stamp="$folder/$BACKUP"
if [ ! -e "$stamp.sha256" ]; then
  echo "Complete backups of $DATABASE:"
  find "$folder" -name '*.sha256' -printf '  %P\n' | sed 's/\.sha256$//' | sort
  [ -z "$BACKUP" ] || { echo "There is none of $BACKUP." >&2; exit 1; }
  exit
fi
(cd "$folder" && sha256sum --check --quiet "$stamp.sha256")

restore() {
  cat <<'SQL'
set client_min_messages = warning;
select format('drop schema %I cascade', nspname) from pg_namespace
 where nspname !~ '^pg_' and nspname <> 'information_schema' \gexec
create schema public authorization pg_database_owner;
grant usage on schema public to public;
SQL
  pg_restore --no-owner --no-privileges --file=- "$stamp.dump" || return 1
  cat <<SQL
create temp table wanted (name text, count bigint);
create temp table found (like wanted);
\\copy pg_temp.wanted from '$stamp.rows' with (delimiter '|')
SQL
  cat <<'SQL'
select format('insert into pg_temp.found select %L, count(*) from %I.%I', schemaname || '.' || tablename, schemaname, tablename)
  from pg_tables where schemaname not in ('pg_catalog', 'information_schema') and schemaname !~ '^pg_temp' \gexec
do $$
declare differing text;
begin
  select string_agg(name, ', ') into differing
    from pg_temp.wanted full join pg_temp.found using (name) where wanted.count is distinct from found.count;
  if differing is not null then raise exception 'the rows of % differ from those that were there', differing; end if;
end $$;
SQL
}

# A restore that breaks off is not committed: psql would not notice the end, so it gets a rollback.
{ echo 'set idle_in_transaction_session_timeout = 0; begin;'; if restore; then echo 'commit;'; else echo 'rollback;'; exit 1; fi; } |
  psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --dbname="$DATABASE_URL" --output=/dev/null
echo "$DATABASE: $(basename "$stamp") is restored, $(wc -l < "$stamp.rows") tables, to the row"
