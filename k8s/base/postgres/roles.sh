#!/usr/bin/env bash
# Makes the roles that sign in, or re-keys them; to run it again changes nothing.
#   app_blue, app_green  the service, one at a time; both act as `app`, so that tables belong to neither
#   reader               backups and metrics: reads everything, writes nothing
#   manager              itself, for the next time
# RETIRED is the colour that may not sign in any more (sessions that are open go on), or empty.
set -euo pipefail
export PGDATABASE=postgres PGCONNECT_TIMEOUT=5 PGUSER READER_PASSWORD
PGUSER=$(</run/manager/username) FIRST_PASSWORD=$(</run/manager/password) READER_PASSWORD=$(</run/reader/password)
until pg_isready --quiet; do sleep 1; done
# The password of `manager` is the one of now, or one from before a rotation, or on a new database the one it was made with.
for PGPASSWORD in "$MANAGER_PASSWORD" ${MANAGER_PREVIOUS_PASSWORDS//,/ } "$FIRST_PASSWORD"; do
  export PGPASSWORD
  if refusal=$(psql --no-psqlrc --quiet --command='select' 2>&1 >/dev/null); then break; fi
done
[ -z "$refusal" ] || { echo "$refusal" >&2; exit 1; }
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 <<'SQL'
\getenv manager MANAGER_PASSWORD
\getenv blue BLUE_PASSWORD
\getenv green GREEN_PASSWORD
\getenv reader READER_PASSWORD
\getenv retired RETIRED
set client_min_messages = warning;
begin;
select pg_advisory_xact_lock(7305412891004410002) \g /dev/null
alter role manager password :'manager';
select format('create role %I', name) from unnest(array['app_blue', 'app_green', 'reader']) as wanted(name)
 where not exists (select from pg_roles where rolname = name) \gexec
grant app to app_blue, app_green with inherit true, set true;
alter role app_blue set role = 'app';
alter role app_green set role = 'app';
grant pg_read_all_data, pg_monitor to reader with inherit true;
alter role reader login connection limit 10 password :'reader';
alter role reader set default_transaction_read_only = on;
-- Half of all connections each, but for 20 (reader, manager, superusers, migrations): while the services roll from one
-- role to the other, both have sessions.
select (current_setting('max_connections')::int - 20) / 2 as share,
       :'retired' = 'blue' as blue_retired, :'retired' = 'green' as green_retired \gset
\if :blue_retired
alter role app_blue nologin;
\else
alter role app_blue login connection limit :share password :'blue';
\endif
\if :green_retired
alter role app_green nologin;
\else
alter role app_green login connection limit :share password :'green';
\endif
commit;
SQL
echo 'The roles are as they should be.'
