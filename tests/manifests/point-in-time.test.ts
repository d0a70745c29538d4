import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CONDITION_LIMIT_MS } from '@tradepost/testing/time-limits';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyBackupScripts, openServers, programs, type Servers } from './database-server.ts';
import { type Store, startStore } from './s3-store.ts';

const bin = programs();
const [ORDER, RECOVERED] = ['127.0.0.1', '127.0.0.2'];
const credentials = { accessKey: 'key', secretKey: 'secret' };

/** The programs that the Barman Cloud plugin of CloudNativePG runs. In CI they must be there; elsewhere the test is skipped, loudly. */
function barmanIsThere(): boolean {
  if (spawnSync('barman-cloud-backup', ['--version']).status === 0) return true;
  if (process.env.CI) throw new Error('barman-cli-cloud is not installed, and the test of recovery needs it');
  console.warn('\n  barman-cli-cloud is not installed: POINT-IN-TIME RECOVERY IS NOT TESTED\n');
  return false;
}

describe.runIf(bin !== undefined && process.platform === 'linux' && barmanIsThere())('point-in-time recovery', () => {
  let folder: string;
  let servers: Servers;
  let store: Store;
  let env: Record<string, string>;
  beforeAll(async () => {
    store = await startStore(credentials);
    folder = mkdtempSync(path.join(tmpdir(), 'tradepost-recovery-'));
    chmodSync(folder, 0o755);
    copyBackupScripts(folder);
    servers = await openServers(bin ?? '', folder);
    servers.run(['mkdir', path.join(folder, 'backups')]);
    env = { AWS_SHARED_CREDENTIALS_FILE: path.join(folder, 'credentials'), AWS_DEFAULT_REGION: 'us-east-1' };
    const archive = `${barman('wal-archive').join(' ')} --gzip s3://bucket/tradepost-prod order-db %p`;
    servers.start('order-db', ORDER, { settings: { archive_mode: 'on', archive_command: archive }, env });
    for (const statement of [
      'create role app login',
      'create role reader login',
      'grant pg_read_all_data, pg_monitor to reader',
      'create database app owner app',
    ])
      servers.sql(ORDER, statement, 'postgres');
    sql('create table orders (n int primary key, note text); create table parcels (n int references orders)');
    insert(1, 500);
  });
  /** Whoever has the file reads it anew with each segment. */
  const useSecret = (secret: string) =>
    writeFileSync(
      path.join(folder, 'credentials'),
      `[default]\naws_access_key_id = ${credentials.accessKey}\naws_secret_access_key = ${secret}\n`,
    );
  afterAll(() => {
    store.stop();
    for (const name of ['order-db', 'order-db-recovered'])
      servers.run(['pg_ctl', '--mode=immediate', `--pgdata=${folder}/${name}`, 'stop']);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  const barman = (program: string) => [`barman-cloud-${program}`, '--endpoint-url', store.endpoint];
  const sql = (statement: string) => servers.sql(ORDER, `set role app; ${statement}`);
  const insert = (from: number, to: number) =>
    sql(`insert into orders select n, 'ä|' || n from generate_series(${from}, ${to}) n;
         insert into parcels select n from generate_series(${from}, ${to}) n where n % 3 = 0`);
  /** By one short statement after the other: a server that is recovering ends those that hold its recovery up. */
  const wait = (address: string, condition: string) => {
    const holds = () => servers.sql(address, `select ${condition} from pg_stat_archiver`) === 't';
    for (const giveUpAt = Date.now() + CONDITION_LIMIT_MS; !holds() && Date.now() < giveUpAt; ) {
      spawnSync('sleep', ['0.3']);
    }
    expect(holds(), condition).toBe(true);
  };
  /** Ends the segment that is written to, and waits until it is in the store. */
  const archived = () => {
    const segment = servers.sql(ORDER, 'select pg_walfile_name(pg_switch_wal())');
    wait(ORDER, `last_archived_wal >= '${segment}'`);
  };
  const rowsAt = (address: string) =>
    servers.sql(address, 'select * from orders order by n; select * from parcels order by n');
  /** As the operator does: fetches the base backup, replays the archive up to the moment, and opens for writing. */
  const recover = (moment: string) => {
    const data = path.join(folder, 'order-db-recovered');
    const fetched = servers.run([...barman('restore'), 's3://bucket/tradepost-prod', 'order-db', 'nightly', data], env);
    expect(fetched).toMatchObject({ status: 0 });
    servers.run(['touch', path.join(data, 'recovery.signal')]);
    const restore_command = `${barman('wal-restore').join(' ')} s3://bucket/tradepost-prod order-db %f %p`;
    const settings = { restore_command, recovery_target_time: moment, recovery_target_action: 'promote' };
    servers.start('order-db-recovered', RECOVERED, { settings, env });
  };

  it('keeps the write-ahead log that the store refuses, and archives it once the credentials are right', () => {
    useSecret('wrong');
    const written = servers.sql(ORDER, 'select pg_walfile_name(pg_switch_wal())');
    wait(ORDER, 'archived_count = 0 and failed_count > 0');
    useSecret(credentials.secretKey);
    sql('create table wakes_the_archiver ()');
    archived();
    expect(servers.sql(ORDER, `select last_archived_wal > '${written}' from pg_stat_archiver`)).toBe('t');
  });

  it('brings back the rows of a moment between two backups, after they were deleted, and nothing later', () => {
    const options = ['--gzip', '--immediate-checkpoint', '--name', 'nightly', '--host', ORDER, '--user', 'postgres'];
    const made = servers.run([...barman('backup'), ...options, 's3://bucket/tradepost-prod', 'order-db'], env);
    expect(made).toMatchObject({ status: 0 });
    insert(501, 900);
    sql('update orders set note = upper(note) where n <= 10');
    const before = rowsAt(ORDER);
    const moment = servers.sql(ORDER, 'select clock_timestamp()');
    sql('delete from parcels; delete from orders where n > 10');
    insert(2000, 2010);
    archived();
    expect(rowsAt(ORDER)).not.toBe(before);

    recover(moment);
    wait(RECOVERED, 'not pg_is_in_recovery()');
    expect(before.split('\n')).toHaveLength(1200);
    expect(rowsAt(RECOVERED)).toBe(before);

    // Back into the database that the service knows: by a dump, and by the restore that compares before it commits.
    const backups = path.join(folder, 'backups');
    const script = (name: string, more: Record<string, string>) =>
      servers.run(['bash', path.join(folder, 'scripts', name)], {
        BACKUPS: backups,
        PGUSER: 'reader',
        LOGIN: path.join(folder, 'login'),
        ...more,
      });
    expect(script('backup.sh', { DATABASES: RECOVERED, KEEP_DAYS: '14', COMPRESSION: '6' }).status).toBe(0);
    const [stamp = ''] = readdirSync(path.join(backups, 'order-db-recovered')).filter((name) => name.endsWith('.dump'));
    const restored = script('restore.sh', {
      DATABASE: 'order-db-recovered',
      BACKUP: path.basename(stamp, '.dump'),
      DATABASE_URL: `postgres://app@${ORDER}:${servers.port}/app`,
    });
    expect(restored).toMatchObject({ status: 0, stderr: '' });
    expect(rowsAt(ORDER)).toBe(before);
  });
});
