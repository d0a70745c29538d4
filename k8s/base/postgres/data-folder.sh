#!/usr/bin/env bash
# The data folder of each major version, $VOLUME/<major>/docker, before the server of one of them starts. Run by init containers:
#   check <major>         refuses to start <major> where that would hide rows: data of a newer one, or only of an older one
#   dump <old> <new>      dumps the data of <old>, with its roles, and writes down what it holds (image of <old>)
#   restore <old> <new>   makes the folder of <new> from that dump, and compares (image of <new>)
#   set-aside <major>     renames the folder of <major>, so that an older one may start again
# `dump` and `restore` begin again from nothing whenever they are run, until the folder of <new> is there. It gets its name last,
# when everything in it has been compared: a volume has a complete folder of <new>, or none. Nobody reaches the servers that
# they start, which listen to a socket of this pod only, so nothing is written between dump and start. The folder of <old> stays.
set -euo pipefail
umask 077
volume=${VOLUME:-/var/lib/postgresql}
export PGUSER=postgres PGHOST=${SOCKETS:-/var/run/postgresql} PGTZ=UTC PGDATESTYLE=ISO

holds() { [ -s "$volume/$1/docker/PG_VERSION" ]; }
say() { echo "postgres: $*"; }
refuse() { echo "postgres: REFUSED. $*" >&2; exit 1; }
ask() { psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --set=old="$old" "$@"; }

check() { # major
  local file major newest=0
  for file in "$volume"/*/docker/PG_VERSION; do
    [ -s "$file" ] || continue
    major=$(basename "$(dirname "$(dirname "$file")")")
    [ "$major" -le "$newest" ] || newest=$major
  done
  [ "$newest" -le "$1" ] ||
    refuse "This volume was upgraded to PostgreSQL $newest. What was written since is missing in the data of PostgreSQL $1." \
      "To go back to it all the same: node k8s/upgrade-postgres.ts --help, option --back"
  [ "$newest" -eq 0 ] || holds "$1" ||
    refuse "This volume holds the data of PostgreSQL $newest. PostgreSQL $1 would begin with an empty database." \
      "To upgrade: node k8s/upgrade-postgres.ts --help"
}

# A server that only this container reaches, with the settings of the real one: a setting that the new version has not any more
# ends the upgrade, and the sizes fit the memory of the pod.
start() { # data folder, more options
  pg_ctl --silent --wait --timeout=3600 --pgdata="$1" --log="$log" start \
    --options="-c config_file='${CONFIG:-/etc/postgresql/postgresql.conf}' -c listen_addresses='' -c unix_socket_directories='$PGHOST' \
      -c ssl=off -c autovacuum=off -c idle_in_transaction_session_timeout=0 -c log_min_duration_statement=-1 $2" ||
    { tail -n 20 "$log" >&2; return 1; }
  data=$1
  trap 'pg_ctl --silent --timeout=3600 --mode=fast --pgdata="$data" stop' EXIT
}
stop() {
  trap - EXIT
  pg_ctl --silent --wait --timeout=3600 --mode=fast --pgdata="$data" stop
}

databases() { ask --dbname=postgres --command="select datname from pg_database where datallowconn and datname <> 'template1' order by 1"; }

# What the server holds, in lines that must be the same before and after: roles and databases, and for each database every
# object with its owner and privileges, the position of every sequence, and for every table the number of its rows and the sum of
# their checksums (which does not depend on their order). Privileges that only the newer version knows are left out.
contents() {
  local database
  ask --dbname=postgres <<'SQL' | LC_ALL=C sort
select 'role', rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls, rolconnlimit,
       md5(rolpassword), rolvaliduntil from pg_authid where rolname !~ '^pg_';
select 'member', roleid::regrole, member::regrole, admin_option,
       case when :old >= 16 then concat(to_jsonb(m) -> 'inherit_option', to_jsonb(m) -> 'set_option', m.grantor::regrole) end
  from pg_auth_members m where member::regrole::text !~ '^pg_';
select 'setting', datname, setrole::regrole, setconfig
  from pg_db_role_setting left join pg_database d on d.oid = setdatabase;
select 'database', datname, datdba::regrole, pg_encoding_to_char(encoding), datcollate, datctype, datconnlimit,
       (select string_agg(format('%s %s %s', grantee::regrole, privilege_type, is_grantable), ',' order by grantee::regrole::text, privilege_type)
          from aclexplode(coalesce(datacl, acldefault('d', datdba))))
  from pg_database where datname <> 'template0';
SQL
  for database in $(databases); do
    echo "database|$database"
    ask --dbname="$database" <<'SQL' | LC_ALL=C sort
begin read write;
create function pg_temp.privileges(acl aclitem[]) returns text language sql as $$
  select string_agg(format('%s %s %s', grantee::regrole, privilege_type, is_grantable), ','
                    order by grantee::regrole::text, privilege_type) from aclexplode(acl)
   where privilege_type in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER', 'USAGE', 'CREATE', 'EXECUTE')
$$;
create temp view own as select oid, nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema';
create function pg_temp.of_extension(object oid) returns boolean language sql as
  $$ select exists (select from pg_depend where objid = object and deptype = 'e') $$;
select 'extension', extname from pg_extension;
select 'schema', nspname, nspowner::regrole, pg_temp.privileges(coalesce(nspacl, acldefault('n', nspowner)))
  from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema';
select 'relation', nspname, relname, relkind, relowner::regrole, relpersistence, relrowsecurity,
       pg_temp.privileges(coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char", relowner)))
  from pg_class c join own n on n.oid = relnamespace where relkind in ('r', 'p', 'v', 'm', 'S', 'f')
   and not pg_temp.of_extension(c.oid);
select 'column', nspname, relname, attname, format_type(atttypid, atttypmod), attnotnull, atthasdef, attidentity, attgenerated
  from pg_attribute a join pg_class c on c.oid = attrelid join own n on n.oid = relnamespace
 where attnum > 0 and not attisdropped and relkind in ('r', 'p', 'v', 'm', 'f');
select 'index', indexrelid::regclass, indisvalid, indisunique, indisprimary
  from pg_index join pg_class c on c.oid = indrelid join own n on n.oid = relnamespace;
select 'constraint', conrelid::regclass, conname, contype, convalidated from pg_constraint join own n on n.oid = connamespace
 where contype <> 'n';
select 'trigger', tgrelid::regclass, tgname, tgenabled from pg_trigger join pg_class c on c.oid = tgrelid
  join own n on n.oid = relnamespace where not tgisinternal;
select 'function', nspname, p.oid::regprocedure, proowner::regrole, md5(prosrc) from pg_proc p join own n on n.oid = pronamespace
 where not pg_temp.of_extension(p.oid);
select format('select %L, %L, last_value, is_called from %s', 'sequence', c.oid::regclass, c.oid::regclass)
  from pg_class c join own n on n.oid = relnamespace where relkind = 'S' \gexec
select format($f$select %L, %L, count(*), coalesce(sum(('x' || left(md5((r.*)::text), 16))::bit(64)::bigint::numeric), 0)
  from only %s as r$f$, 'rows', c.oid::regclass, c.oid::regclass)
  from pg_class c join own n on n.oid = relnamespace where relkind = 'r' \gexec
rollback;
SQL
  done
}

dump() {
  ! holds "$new" || { say "the data of PostgreSQL $new is there already"; return; }
  holds "$old" || { say "there is no data of PostgreSQL $old to upgrade"; return; }
  local from="$volume/$old/docker" needed free database
  rm -rf "$work" "$volume/$new/docker.new"
  needed=$(($(du -sk --exclude=pg_wal "$from" | cut -f1) * 3 / 2 + 524288))
  free=$(df -Pk "$volume" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$needed" ] || refuse "The volume has $((free / 1024)) MiB free, and the upgrade needs $((needed / 1024)) MiB."
  mkdir -p "$work"
  say "dumping the data of PostgreSQL $old"
  start "$from" '-c default_transaction_read_only=on'
  # The superuser is there already.
  pg_dumpall --globals-only | sed '/^CREATE ROLE postgres;$/d' > "$work/globals.sql"
  # What pg_dump does not tell of the databases that initdb makes.
  ask --dbname=postgres >> "$work/globals.sql" <<'SQL'
select format('revoke all on database %I from public;', datname) from pg_database where datname in ('postgres', 'template1');
select format('grant %s on database %I to %s;', privilege_type, datname, case grantee when 0 then 'public' else grantee::regrole::text end)
  from pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) where datname in ('postgres', 'template1') and grantee <> datdba;
SQL
  for database in $(databases); do
    [ "$database" = postgres ] ||
      pg_dump --format=custom --create --compress="${COMPRESSION:-zstd:3}" --file="$work/$database.dump" "$database"
  done
  contents > "$work/contents"
  stop
  say "dumped $(du -sm "$work" | cut -f1) MiB"
}

restore() {
  ! holds "$new" || { say "the data of PostgreSQL $new is there already"; return; }
  [ -s "$work/contents" ] || { say "there is nothing to restore"; return; }
  local to="$volume/$new/docker.new" file
  rm -rf "$to"
  mkdir -p "$to"
  say "restoring into PostgreSQL $new"
  # shellcheck disable=SC2086
  initdb --pgdata="$to" --username=postgres $POSTGRES_INITDB_ARGS > "$log"
  cp "$volume/$old/docker"/pg_{hba,ident}.conf "$to"
  # Synchronised with the disk once, at the end.
  start "$to" '-c fsync=off -c full_page_writes=off -c max_wal_size=256MB'
  ask --dbname=postgres --file="$work/globals.sql" --output=/dev/null
  for file in "$work"/*.dump; do
    pg_restore --create --exit-on-error --jobs=2 --dbname=postgres "$file"
  done
  say 'comparing every table, sequence, role and privilege'
  contents > "$work/contents.new"
  diff "$work/contents" "$work/contents.new" > "$work/differences" || {
    head -n 40 "$work/differences" >&2
    refuse "PostgreSQL $new does not hold what PostgreSQL $old does (above: < before, > after). Nothing was switched."
  }
  vacuumdb --quiet --all --analyze-only
  stop
  initdb --sync-only --pgdata="$to" > "$log"
  mv "$to" "$volume/$new/docker"
  sync
  rm -rf "$work"/*.dump "$work/contents.new"
  say "PostgreSQL $new holds what PostgreSQL $old did: $(grep -c '^rows|' "$work/contents") tables," \
    "$(awk -F'|' '$1 == "rows" { sum += $3 } END { print sum + 0 }' "$work/contents") rows. The folder of $old stays on the volume."
}

set_aside() { # major
  holds "$1" || { say "there is no data of PostgreSQL $1 to set aside"; return; }
  local kept
  kept="$volume/$1/set-aside-$(date -u +%Y%m%dT%H%M%SZ)"
  mv "$volume/$1/docker" "$kept"
  say "the data of PostgreSQL $1 is in $kept"
}

old=${2:-} new=${3:-}
work="$volume/upgrade-$old-$new"
log="${TMPDIR:-/tmp}/server.log"
case "$1" in
  check) check "$2" ;;
  dump) dump ;;
  restore) restore ;;
  set-aside) set_aside "$2" ;;
  *) refuse "There is no $1" ;;
esac
