import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { emptyDatabase, type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { notesService } from './notes.ts';

type ServiceProcess = { process: ChildProcess; output(): string; errors(): string; exit: Promise<number | null> };

function start(file: string, env: Record<string, string>): ServiceProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  // Otherwise each process compiles all modules anew.
  const { NODE_COMPILE_CACHE } = process.env;
  const cached = NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE, ...env } : env;
  const child = spawn(process.execPath, [path], { env: cached, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const exit = once(child, 'close').then(([code]) => code);
  return { process: child, output: () => output, errors: () => errors, exit };
}

/** The URL that a log line tells. */
async function told(started: ServiceProcess, name: 'url' | 'managementUrl'): Promise<string> {
  return until(() => new RegExp(`"${name}":"([^"]+)"`).exec(started.output())?.[1]);
}

describe('a service as a process', () => {
  let database: TestDatabase;
  let env: Record<string, string>;
  beforeAll(async () => {
    database = await testDatabase(notesService.migrations);
    env = {
      HOST: '127.0.0.1',
      PORT: '0',
      MANAGEMENT_PORT: '0',
      DATABASE_URL: database.url,
      // Nobody listens there: it waits for its broker, and serves.
      BROKER_URL: 'amqp://127.0.0.1:1',
      AUTH_URL: 'http://127.0.0.1:1',
      SHUTDOWN_DELAY_MS: '0',
    };
  });
  afterAll(() => database.drop());

  test('missing and bad settings end it at once, all of them named, secrets not shown', async () => {
    const started = start('notes-main.ts', {
      PORT: 'http',
      DATABASE_URL: 'mysql://root:hunter2@db/x',
      LOG_LEVEL: 'loud',
    });
    expect(await started.exit).toBe(1);
    const message = started.errors();
    for (const name of ['PORT', 'DATABASE_URL', 'BROKER_URL', 'AUTH_URL', 'LOG_LEVEL']) expect(message).toContain(name);
    expect(message).toContain('an integer from 0 to 65535');
    expect(message).toContain('one of fatal, error');
    expect(message).not.toContain('hunter2');
  });

  test('settings can come from files', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tradepost-settings-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, 'url'), `${database.url}\n`);
    const { DATABASE_URL: _, ...rest } = env;
    const started = start('notes-main.ts', { ...rest, DATABASE_URL_FILE: join(folder, 'url') });
    const url = await told(started, 'url');
    await until(async () => (await fetch(`${url}/api/v1/greeting`)).status === 200);
    started.process.kill('SIGTERM');
    expect(await started.exit).toBe(0);
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('%s stops it with 0', async (signal) => {
    const started = start('notes-main.ts', env);
    const url = await told(started, 'url');
    await until(async () => (await fetch(`${url}/api/v1/greeting`)).status === 200);
    const slow = fetch(`${url}/api/v1/slow?ms=300`);
    const management = await told(started, 'managementUrl');
    await until(async () => /in_flight 1/.test(await (await fetch(`${management}/metrics`)).text()));
    started.process.kill(signal);
    expect((await slow).status).toBe(200);
    expect(await started.exit).toBe(0);
    const lines = started.output().trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).msg)).toContain('stopped');
  });

  test('it says that it waits for its broker, and stops while it does', async () => {
    const started = start('notes-main.ts', env);
    await until(() => started.output().includes('waiting for the broker'));
    started.process.kill('SIGTERM');
    expect(await started.exit).toBe(0);
  });

  test('it stops while it waits for its database', async () => {
    const started = start('notes-main.ts', { ...env, DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    await until(() => started.output().includes('waiting for the database'));
    started.process.kill('SIGTERM');
    expect(await started.exit).toBe(0);
  });

  test('a second signal ends it at once', async () => {
    const started = start('notes-main.ts', { ...env, SHUTDOWN_TIMEOUT_MS: '60000' });
    const url = await told(started, 'url');
    await until(async () => (await fetch(`${url}/api/v1/greeting`)).status === 200);
    const cutOff = expect(fetch(`${url}/api/v1/slow?ms=60000`)).rejects.toThrow();
    const management = await told(started, 'managementUrl');
    await until(async () => /in_flight 1/.test(await (await fetch(`${management}/metrics`)).text()));
    started.process.kill('SIGTERM');
    await until(() => started.output().includes('"stopping"'));
    started.process.kill('SIGTERM');
    expect(await started.exit).toBe(1);
    await cutOff;
  });

  test('a port in use ends it with a message that says so', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const address = blocker.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    const started = start('notes-main.ts', { ...env, PORT: port });
    expect(await started.exit).toBe(1);
    expect(started.output()).toContain(`127.0.0.1:${port}: it is in use`);
    blocker.close();
  });

  test('the in-process broker is refused', async () => {
    const started = start('notes-main.ts', { ...env, BROKER_URL: 'memory:' });
    expect(await started.exit).toBe(1);
    expect(started.output()).toContain('BROKER_URL is memory:');
  });

  test('migrating needs the database only, and may be repeated', async () => {
    const empty = await emptyDatabase();
    for (const message of ['the database has been migrated', 'the database is up to date']) {
      const started = start('notes-migrate.ts', { DATABASE_URL: empty.url });
      expect(await started.exit).toBe(0);
      expect(started.output()).toContain(message);
    }
    await empty.drop();
    const broken = start('notes-migrate.ts', {});
    expect(await broken.exit).toBe(1);
    expect(broken.errors()).toContain('DATABASE_URL is required');
  });
});
