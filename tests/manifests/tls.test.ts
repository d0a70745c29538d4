import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRabbitTransport } from '@tradepost/messaging/rabbitmq-transport';
import { migrate } from '@tradepost/postgres/migrate';
import { createPool } from '@tradepost/postgres/pool';
import { freePort } from '@tradepost/testing/free-port';
import { isRabbitInstalled, type PrivateRabbit, startPrivateRabbit } from '@tradepost/testing/private-rabbit';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Authority, issueCertificate, makeAuthority } from './certificates.ts';
import { openServers, programs, type Servers } from './database-server.ts';
import { repository } from './rendering.ts';
import { linesOf, tlsFile } from './tls-files.ts';

const bin = programs();
const silent = pino({ level: 'silent' });
let folder: string;
let ours: Authority;
let another: Authority;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'tradepost-tls-'));
  chmodSync(folder, 0o755);
  ours = makeAuthority(folder, 'ours');
  another = makeAuthority(folder, 'another');
});
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }));

/** The configuration of the component, on a real server, and the clients of the services. */
describe.runIf(bin !== undefined && process.platform === 'linux')('PostgreSQL with the component tls', () => {
  let servers: Servers;
  let port: number;
  beforeAll(async () => {
    const data = path.join(folder, 'postgres');
    mkdirSync(data);
    issueCertificate(ours, data, 'localhost');
    servers = await openServers(bin ?? '', data);
    port = servers.port;
    servers.start('order-db', '127.0.0.1');
    servers.sql('127.0.0.1', `create role app login password 'secret'`, 'postgres');
    servers.sql('127.0.0.1', 'create database app owner app', 'postgres');
    servers.stop('order-db');
    servers.run(['sh', '-c', `cat > ${data}/pg_hba.conf <<'END'\n${tlsFile('pg_hba.conf')}END`]);
    const settings = linesOf('postgres-tls.conf', data).map((line) => line.split(/ = '?|'$/));
    servers.start('order-db', '127.0.0.1', {
      settings: {
        ...Object.fromEntries(settings),
        hba_file: `${data}/pg_hba.conf`,
        // A client of ours may think for a moment.
        idle_in_transaction_session_timeout: '10s',
      },
    });
  });
  afterAll(() => servers.stop('order-db'));

  /** What a service learns of its connection, or why it has none. */
  const connect = async (host: string, ca: string | undefined): Promise<string> => {
    const pool = createPool({ url: `postgres://app:secret@${host}:${port}/app`, ca, name: 'test', log: silent });
    try {
      const text = 'select version from pg_stat_ssl where pid = pg_backend_pid()';
      return (await pool.query<{ version: string }>({ text })).rows[0]?.version ?? 'not encrypted';
    } catch (error) {
      return String(error instanceof Error ? (error.cause ?? error) : error);
    } finally {
      await pool.end();
    }
  };

  it('encrypts, and lets nobody in without TLS', async () => {
    expect(await connect('localhost', ours.pem)).toBe('TLSv1.3');
    expect(await connect('localhost', undefined)).toMatch(/no encryption/);
  });

  it('is not accepted with the certificate of another authority, or under another name', async () => {
    expect(await connect('localhost', another.pem)).toMatch(/certificate/);
    expect(await connect('127.0.0.1', ours.pem)).toMatch(/not in the cert's list|does not match/);
  });

  it('is migrated by TLS as well', async () => {
    const directory = new URL('../../packages/messaging/test/migrations/', import.meta.url);
    const url = `postgres://app:secret@localhost:${port}/app`;
    await expect(migrate({ url, ca: another.pem, directory, log: silent })).rejects.toThrow(/certificate/);
    expect(await migrate({ url, ca: ours.pem, directory, log: silent })).not.toEqual([]);
  });
});

describe.runIf(await isRabbitInstalled())('RabbitMQ with the component tls', () => {
  let rabbit: PrivateRabbit;
  let port: number;
  beforeAll(async () => {
    const certificates = path.join(folder, 'rabbitmq');
    mkdirSync(certificates);
    issueCertificate(ours, certificates, 'localhost');
    for (const name of ['tls.key', 'tls.crt', 'ca.crt']) chmodSync(path.join(certificates, name), 0o644);
    port = await freePort();
    const lines = linesOf('rabbitmq-tls.conf', certificates);
    const here = lines.map((line) =>
      line.replace('listeners.ssl.default = 5672', `listeners.ssl.1 = 127.0.0.1:${port}`),
    );
    expect(here).not.toEqual(lines);
    rabbit = await startPrivateRabbit(here);
  });
  afterAll(() => rabbit.stop());

  /** Whether a service connects, or why not. */
  const connect = async (url: string, ca: string | undefined): Promise<string> => {
    const said: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line: string) => said.push(line) });
    const transport = createRabbitTransport({ url, ca, name: 'test', log });
    try {
      await until(() => transport.ready() || said.length > 0, { what: 'a connection, or a reason' });
      return transport.ready() ? 'connected' : JSON.parse(said[0] ?? '').err.message;
    } finally {
      await transport.close();
    }
  };

  it('is reached by TLS alone, with any setting of the address', async () => {
    expect(await connect(`amqp://guest:guest@localhost:${port}`, ours.pem)).toBe('connected');
    expect(await connect(`amqps://guest:guest@localhost:${port}`, ours.pem)).toBe('connected');
    expect(await connect(`amqp://guest:guest@localhost:${port}`, undefined)).not.toBe('connected');
    expect(await connect(rabbit.url, undefined)).toMatch(/ECONNREFUSED/);
  });

  it('is not accepted with the certificate of another authority, or under another name', async () => {
    expect(await connect(`amqps://guest:guest@localhost:${port}`, another.pem)).toMatch(/certificate/);
    expect(await connect(`amqps://guest:guest@127.0.0.1:${port}`, ours.pem)).toMatch(
      /not in the cert's list|does not match/,
    );
  });

  it('enables its feature flags by the commands of the runbook', async () => {
    const runbook = readFileSync(path.join(repository, 'docs/runbooks/README.md'), 'utf8');
    const commands = [...runbook.matchAll(/rabbitmqctl ((?:enable|list)_feature_flags?[^`]*)`/g)].map(
      ([, text = '']) => text,
    );
    expect(commands).toEqual([
      'list_feature_flags name state',
      'enable_feature_flag all',
      'list_feature_flags name state',
    ]);
    let states = '';
    for (const command of commands) states = await rabbit.ctl(...command.split(' '));
    expect(states).toMatch(/enabled/);
    expect(states).not.toMatch(/disabled/);
  });
});
