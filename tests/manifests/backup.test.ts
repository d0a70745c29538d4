import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { emptyDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { copyBackupScripts, openServers, type ProgramResult, programs, type Servers } from './database-server.ts';

const bin = programs();
const DAY = 86_400;
const [ORDER, AUTH] = ['127.0.0.1', '127.0.0.2'];

/** The scripts of the component `backup`, run by real databases. */
describe.runIf(bin !== undefined && process.platform === 'linux')('backups', () => {
  let folder: string;
  let backups: string;
  let servers: Servers;
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'tradepost-backup-'));
    chmodSync(folder, 0o755);
    backups = path.join(folder, 'backups');
    copyBackupScripts(folder);
    servers = await openServers(bin ?? '', folder);
    for (const [name, address] of [
      ['order-db', ORDER],
      ['auth-db', AUTH],
    ] as const) {
      servers.start(name, address);
      for (const statement of [
        'create role app login',
        'create role reader login',
        'grant pg_read_all_data, pg_monitor to reader',
        'create database app owner app',
      ])
        servers.sql(address, statement, 'postgres');
      servers.sql(
        address,
        'set role app; create extension pg_trgm; create table "Odd name" (id int primary key, at date)',
      );
      servers.sql(
        address,
        `set role app; create table orders as select n, 'ä|' || n as note from generate_series(1, 500) n`,
      );
    }
  });
  afterAll(() => {
    for (const name of ['order-db', 'auth-db'])
      servers.run(['pg_ctl', '--mode=immediate', `--pgdata=${folder}/${name}`, 'stop']);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });
  beforeEach(() => {
    rmSync(backups, { recursive: true, force: true });
    servers.run(['mkdir', backups]);
  });

  const script = (name: string, env: Record<string, string>): ProgramResult =>
    servers.run(['bash', path.join(folder, 'scripts', name)], {
      BACKUPS: backups,
      PGUSER: 'reader',
      LOGIN: path.join(folder, 'login'),
      ...env,
    });
  const backup = (env: Record<string, string> = {}) =>
    // Of the machine's PostgreSQL, which is older than that of the image, pg_dump knows no zstd.
    script('backup.sh', { DATABASES: `${ORDER} ${AUTH}`, KEEP_DAYS: '14', COMPRESSION: '6', ...env });
  const check = () => script('restore-check.sh', { SCRATCH: `${folder}/scratch`, MAX_AGE_HOURS: '30' });
  const restore = (env: Record<string, string> = {}) =>
    script('restore.sh', { DATABASE: 'order-db', DATABASE_URL: `postgres://app@${ORDER}:${servers.port}/app`, ...env });
  const files = (database: string) => readdirSync(path.join(backups, database)).sort();
  /** The path of a file of the newest backup. */
  const newest = (database: string, ending: string) => {
    const name = files(database).findLast((file) => file.endsWith(ending));
    return path.join(backups, database, name ?? `no ${ending}`);
  };
  /** As if what is there now had been written so. */
  const sign = (database: string) => {
    const names = ['.dump', '.rows'].map((ending) => path.basename(newest(database, ending)));
    writeFileSync(
      newest(database, '.sha256'),
      spawnSync('sha256sum', names, { cwd: path.join(backups, database) }).stdout,
    );
  };
  const cutOff = (database: string) => truncateSync(newest(database, '.dump'), 900);
  const writtenSo = (database: string) => {
    cutOff(database);
    sign(database);
  };
  const counted = (database: string, rows: string) => {
    writeFileSync(newest(database, '.rows'), rows);
    sign(database);
  };
  const age = (database: string, days: number): void => {
    const then = Date.now() / 1000 - days * DAY;
    for (const name of files(database)) utimesSync(path.join(backups, database, name), then, then);
  };
  const count = (table: string) => servers.sql(ORDER, `select count(*) from ${table}`);
  /** A PATH on which this program does this, and then fails. */
  const withFailing = (program: string, script: string): string => {
    const failing = path.join(folder, `failing-${program}`);
    servers.run(['mkdir', '-p', failing]);
    writeFileSync(path.join(failing, program), `#!/bin/sh\n${script}\nexit 1\n`, { mode: 0o755 });
    return `${failing}:${bin}:${process.env.PATH}`;
  };

  beforeAll(() => servers.run(['mkdir', `${folder}/scratch`]));

  it('find every database, dump it, and prove it by a restore', () => {
    expect(backup()).toMatchObject({ status: 0, stderr: '' });
    expect(readdirSync(backups).sort()).toEqual(['auth-db', 'order-db']);
    expect(readFileSync(newest('order-db', '.rows'), 'utf8')).toBe('public.Odd name|0\npublic.orders|500\n');
    const { status, stdout, stderr } = check();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const lines = stdout.split('\n').map((line) => line.split(/ +/));
    expect(lines.map(([name, , tables, , rows]) => [name, tables, rows])).toEqual([
      ['auth-db', '2', '500'],
      ['order-db', '2', '500'],
      ['', undefined, undefined],
    ]);
  });

  it('are found out when they are damaged, each of them, and the others are proved', () => {
    expect(backup().status).toBe(0);
    const damages: Record<string, [(database: string) => void, RegExp]> = {
      'cut-off-db': [cutOff, /checksum did NOT match/],
      'made-so-db': [writtenSo, /pg_restore: error/],
      'file-gone-db': [(name) => rmSync(newest(name, '.rows')), /No such file/],
      'row-gone-db': [
        (name) => counted(name, 'public.Odd name|0\npublic.orders|501\n'),
        /row-gone-db: the rows differ/,
      ],
      'table-gone-db': [
        (name) => counted(name, 'public.Odd name|0\npublic.carts|7\npublic.orders|500\n'),
        /table-gone-db: the rows differ/,
      ],
      'old-db': [(name) => age(name, 2), /old-db: the newest backup is 48 hours old/],
      'incomplete-db': [(name) => rmSync(newest(name, '.sha256')), /incomplete-db: there is no complete backup/],
    };
    for (const [name, [damage]] of Object.entries(damages)) {
      servers.run(['cp', '-rp', `${backups}/order-db`, `${backups}/${name}`]);
      damage(name);
    }
    const { status, stdout, stderr } = check();
    for (const [name, [, tells]] of Object.entries(damages)) {
      expect(stderr).toMatch(tells);
      expect(stderr).toContain(`${name}: FAILED`);
    }
    expect(stdout.match(/^\S+(?=.* restored$)/gm)).toEqual(['auth-db', 'order-db']);
    expect(status).toBe(1);
  });

  it('of nothing at all prove nothing', () => {
    expect(check()).toMatchObject({ status: 1, stderr: 'There is no backup at all\n' });
    expect(backup({ DATABASES: '' }).status).toBe(1);
  });

  it('are removed when they are old, but not before there is a newer one that is complete', () => {
    expect(backup().status).toBe(0);
    age('order-db', 20);
    age('auth-db', 13);
    const before = [files('order-db'), files('auth-db')];
    const failed = backup({
      PATH: withFailing(
        'pg_dump',
        'for a; do case $a in --file=*) echo half > "$(echo "$a" | cut -d= -f2)";; esac; done',
      ),
    });
    expect(failed.status).toBe(1);
    expect(failed.stderr).toMatch(/^order-db: FAILED$/m);
    expect(files('order-db')).toEqual(expect.arrayContaining(before[0] ?? []));
    expect(newest('order-db', '.sha256')).toContain(before[0]?.at(-1));
    expect(backup().status).toBe(0);
    expect(files('order-db').filter((name) => before[0]?.includes(name))).toEqual([]);
    expect(files('auth-db')).toEqual(expect.arrayContaining(before[1] ?? []));
    expect(check().status).toBe(0);
  });

  it('of one database do not wait for another, and miss one that was there before', () => {
    const away = backup({ DATABASES: `${ORDER} 127.0.0.3` });
    expect(away).toMatchObject({ status: 1, stderr: expect.stringContaining('127.0.0.3: FAILED') });
    expect(files('order-db')).toHaveLength(3);
    servers.run(['mkdir', `${backups}/auth-db`]);
    const missed = backup({ DATABASES: ORDER });
    expect(missed).toMatchObject({ status: 1, stderr: 'auth-db is not there, and: FAILED\n' });
  });

  it('are put back to the row, and what came later is gone', () => {
    expect(backup().status).toBe(0);
    servers.sql(ORDER, 'set role app; delete from orders where n > 10; create table later (); drop table "Odd name"');
    servers.sql(ORDER, 'set role app; create schema aside; create table aside.t ()');
    const restored = restore({ BACKUP: path.basename(newest('order-db', '.dump'), '.dump') });
    expect(restored).toMatchObject({ status: 0, stderr: '' });
    expect(restored.stdout).toMatch(/^order-db: \S+ is restored, 2 tables, to the row\n$/);
    expect([count('orders'), count('"Odd name"')]).toEqual(['500', '0']);
    expect(servers.sql(ORDER, "select to_regclass('later'), to_regnamespace('aside')")).toBe('|');
    expect(servers.sql(ORDER, "select distinct tableowner from pg_tables where schemaname = 'public'")).toBe('app');
    expect(servers.sql(ORDER, "select nspowner::regrole from pg_namespace where nspname = 'public'")).toBe(
      'pg_database_owner',
    );
    // What is back can be backed up again.
    expect(backup().status).toBe(0);
    expect(check().status).toBe(0);
  });

  it('are put back into a later major version, to the row, as the upgrade in the runbook does it', async () => {
    expect(backup().status).toBe(0);
    const later = await emptyDatabase();
    try {
      const major = async () =>
        (await later.pool.query<{ server_version: string }>({ text: 'show server_version' })).rows;
      const [before, after] = [servers.sql(ORDER, 'show server_version'), (await major())[0]?.server_version ?? ''];
      expect(Number.parseInt(after, 10)).toBeGreaterThan(Number.parseInt(before, 10));
      const stamp = path.basename(newest('order-db', '.dump'), '.dump');
      expect(restore({ BACKUP: stamp, DATABASE_URL: later.url })).toMatchObject({ status: 0, stderr: '' });
      const rows = 'select n, note from orders order by n';
      const there = (await later.pool.query<{ n: number; note: string }>({ text: rows })).rows;
      expect(there.map(({ n, note }) => `${n}|${note}`).join('\n')).toBe(servers.sql(ORDER, rows));
      expect(there).toHaveLength(500);
    } finally {
      await later.drop();
    }
  });

  it('that are not what they should be change nothing', () => {
    expect(backup().status).toBe(0);
    servers.run(['cp', '-rp', `${backups}/order-db`, `${backups}/good-db`]);
    servers.sql(ORDER, 'set role app; insert into orders values (501, null)');
    const damages: [(database: string) => void, RegExp][] = [
      [(name) => counted(name, 'public.Odd name|0\npublic.orders|499\n'), /rows of public.orders differ/],
      [
        (name) => counted(name, 'public.Odd name|0\npublic.carts|7\npublic.orders|500\n'),
        /rows of public.carts differ/,
      ],
      [cutOff, /checksum did NOT match/],
      [writtenSo, /pg_restore: error/],
      [(name) => rmSync(newest(name, '.sha256')), /^There is none of \S+\.\n$/],
    ];
    for (const [damage, tells] of damages) {
      rmSync(`${backups}/order-db`, { recursive: true });
      servers.run(['cp', '-rp', `${backups}/good-db`, `${backups}/order-db`]);
      damage('order-db');
      const { status, stderr } = restore({ BACKUP: path.basename(newest('good-db', '.dump'), '.dump') });
      expect(stderr).toMatch(tells);
      expect(status).not.toBe(0);
      expect(count('orders')).toBe('501');
    }
    const stamp = path.basename(newest('good-db', '.dump'), '.dump');
    // All of the rows came, and yet it says that something did not.
    const PATH = withFailing('pg_restore', `${bin}/pg_restore "$@"`);
    expect(restore({ DATABASE: 'good-db', BACKUP: stamp, PATH }).status).not.toBe(0);
    expect(count('orders')).toBe('501');
    const listed = `Complete backups of good-db:\n  ${stamp}\n`;
    expect(restore({ DATABASE: 'good-db', BACKUP: '' })).toEqual({ status: 0, stdout: listed, stderr: '' });
    expect(restore({ DATABASE: 'good-db', BACKUP: '20200101T000000Z' })).toMatchObject({ status: 1, stdout: listed });
    expect(restore({ DATABASE: 'good-db', BACKUP: stamp }).status).toBe(0);
    expect(count('orders')).toBe('500');
  });
});
