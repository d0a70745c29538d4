import { appendFileSync, chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signed } from '../../k8s/components/backup/offsite/offsite.ts';
import { copyBackupScripts, openServers, programs, type Servers } from './database-server.ts';
import { type Store, startStore } from './s3-store.ts';

const bin = programs();
const ORDER = '127.0.0.1';

it('signs as the example of Amazon does', () => {
  const store = {
    endpoint: '',
    region: 'us-east-1',
    bucket: '',
    prefix: '',
    keyId: 'AKIAIOSFODNN7EXAMPLE',
    secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
  };
  const { authorization } = signed(store, {
    method: 'GET',
    url: new URL('https://examplebucket.s3.amazonaws.com/test.txt'),
    headers: { range: 'bytes=0-9' },
    payloadHash: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    at: new Date('2013-05-24T00:00:00Z'),
  });
  expect(authorization).toContain('Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41');
});

/** Real dumps of a real database, and a store that speaks the protocol. */
describe.runIf(bin !== undefined && process.platform === 'linux')('backups outside the cluster', () => {
  let folder: string;
  let backups: string;
  let servers: Servers;
  let store: Store;
  beforeAll(async () => {
    store = await startStore({ accessKey: 'key', secretKey: 'secret' }, { pageSize: 2 });
    folder = mkdtempSync(path.join(tmpdir(), 'tradepost-offsite-'));
    chmodSync(folder, 0o755);
    backups = path.join(folder, 'backups');
    copyBackupScripts(folder);
    cpSync(process.execPath, path.join(folder, 'node'));
    servers = await openServers(bin ?? '', folder);
    servers.start('order-db', ORDER);
    for (const statement of [
      'create role app login',
      'create role reader login',
      'grant pg_read_all_data to reader',
      'create database app owner app',
    ])
      servers.sql(ORDER, statement, 'postgres');
    servers.sql(
      ORDER,
      `set role app; create table orders as select n, 'ä|' || n as note from generate_series(1, 500) n`,
    );
    servers.run(['mkdir', backups]);
  });
  afterAll(() => {
    store.stop();
    servers.stop('order-db');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  const offsite = (args: string[], env: Record<string, string> = {}) =>
    servers.run([path.join(folder, 'node'), path.join(folder, 'scripts/offsite/offsite.ts'), ...args], {
      ...{ BACKUPS: backups, S3_ENDPOINT: store.endpoint, S3_BUCKET: 'bucket', S3_PREFIX: 'tradepost-prod' },
      ...{ S3_ACCESS_KEY_ID: 'key', S3_SECRET_ACCESS_KEY: 'secret', NODE_NO_WARNINGS: '1' },
      ...env,
    });
  const script = (name: string, env: Record<string, string>) =>
    servers.run(['bash', path.join(folder, 'scripts', name)], {
      BACKUPS: backups,
      PGUSER: 'reader',
      LOGIN: path.join(folder, 'login'),
      ...env,
    });
  const backUp = () => script('backup.sh', { DATABASES: ORDER, KEEP_DAYS: '14', COMPRESSION: '6' });
  const stamps = () =>
    readdirSync(path.join(backups, 'order-db'))
      .filter((name) => name.endsWith('.sha256'))
      .map((name) => path.basename(name, '.sha256'))
      .sort();

  it('are copied once, when they are complete, and come back to the row after the cluster is lost', () => {
    expect(backUp().status).toBe(0);
    expect(backUp().status).toBe(0);
    const [first = '', second = ''] = stamps();
    rmSync(path.join(backups, 'order-db', `${second}.sha256`));
    expect(offsite(['push'])).toEqual({ status: 0, stderr: '', stdout: `order-db: ${first} is copied\n` });
    expect(offsite(['push'])).toEqual({ status: 0, stderr: '', stdout: '' });
    const kept = readFileSync(path.join(backups, 'order-db', `${first}.dump`));
    // The volume of the backups is lost, and the database with it.
    rmSync(path.join(backups, 'order-db'), { recursive: true });
    servers.sql(ORDER, 'drop table orders');
    expect(offsite(['pull', 'order-db', second]).stderr).toContain('404');
    expect(offsite(['pull', 'order-db', first]).status).toBe(0);
    expect(readFileSync(path.join(backups, 'order-db', `${first}.dump`)).equals(kept)).toBe(true);
    const env = { DATABASE: 'order-db', BACKUP: first, DATABASE_URL: `postgres://app@${ORDER}:${servers.port}/app` };
    expect(script('restore.sh', env)).toMatchObject({ status: 0, stderr: '' });
    expect(servers.sql(ORDER, 'select count(*), sum(n) from orders')).toBe('500|125250');
  });

  it('that are more than a page of the list are all known', () => {
    for (let count = 0; count < 2; count++) expect(backUp().status).toBe(0);
    expect(offsite(['push']).stdout.match(/is copied/g)).toHaveLength(2);
    expect(offsite(['push']).stdout).toBe('');
  });

  it('that were changed on the way do not come back', () => {
    expect(backUp().status).toBe(0);
    const stamp = stamps().at(-1) ?? '';
    appendFileSync(path.join(backups, 'order-db', `${stamp}.rows`), 'x');
    expect(offsite(['push']).status).toBe(0);
    rmSync(path.join(backups, 'order-db'), { recursive: true });
    expect(offsite(['pull', 'order-db', stamp])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('not what it was'),
    });
    expect(readdirSync(path.join(backups, 'order-db'))).not.toContain(`${stamp}.sha256`);
  });

  it('fail loudly with wrong credentials, and without a store', () => {
    expect(offsite(['push'], { S3_ACCESS_KEY_ID: 'other' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('InvalidAccessKeyId'),
    });
    expect(offsite(['push'], { S3_SECRET_ACCESS_KEY: 'other' })).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('SignatureDoesNotMatch'),
    });
    expect(offsite(['push'], { S3_ENDPOINT: 'http://127.0.0.1:1' }).status).toBe(1);
    expect(offsite(['push'], { S3_BUCKET: 'bucket', S3_ENDPOINT: '' }).status).toBe(1);
  });
});
