#!/usr/bin/env bash
# Runs once, when the data folder is made, as the superuser and through the socket. Makes who may do what:
#   app      owns the database and everything in it; nobody signs in as app
#   manager  makes and re-keys the roles that sign in (roles.sh); no superuser, and owns nothing
set -euo pipefail
psql --no-psqlrc --set=ON_ERROR_STOP=1 --username=postgres --dbname=postgres <<'SQL'
\set password `cat /run/manager/password`
create role app nologin;
create role manager login createrole connection limit 5 password :'password';
grant app to manager with admin true, inherit false, set false;
grant pg_read_all_data, pg_monitor to manager with admin true, inherit false, set false;
create database app owner app;
revoke all on database app, postgres, template1 from public;
grant connect on database app to app, pg_read_all_data;
grant connect on database postgres to manager;
SQL
