import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authService } from '@tradepost/auth/service';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LogFile, openLogFile } from '../src/log-file.ts';
import { demoAccounts, seedAccounts } from '../src/seed/accounts.ts';
import { ApiFailure, createApi } from '../src/seed/api.ts';
import { seedCatalogue } from '../src/seed/catalogue.ts';
import { retryWhileUnavailable } from '../src/seed/retry.ts';

const never = new AbortController().signal;

/** A server in front of another that lets connections hang until it is told to pass them on. */
async function hangingProxy(target: URL): Promise<{ url: string; forward(): void; close(): Promise<void> }> {
  let isHanging = true;
  const server = createServer((client) => {
    client.on('error', () => undefined);
    if (isHanging) return;
    const upstream = connect(Number(target.port), target.hostname);
    upstream.on('error', () => client.destroy());
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  // as: a server that listens on a port has an address of this kind.
  url.port = String((server.address() as AddressInfo).port);
  const forward = () => {
    isHanging = false;
  };
  return { url: url.href, forward, close: async () => void server.close() };
}

describe('the first start on a slow machine', () => {
  let folder: string;
  let logFile: LogFile;
  let database: TestDatabase;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tradepost-slow-'));
    logFile = await openLogFile(folder);
    database = await testDatabase(authService.migrations);
  });
  afterAll(async () => {
    await database?.drop();
    await logFile?.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('waits for a database that does not answer in time, and says so', async () => {
    const proxy = await hangingProxy(new URL(database.url));
    const notes: string[] = [];
    await retryWhileUnavailable(
      () => seedAccounts({ databaseUrl: proxy.url, password: 'long enough secret', logFile }),
      {
        signal: never,
        note: (text) => {
          notes.push(text);
          proxy.forward();
        },
      },
    );
    await proxy.close();
    expect(notes).toEqual([expect.stringMatching(/^waiting.*gets no connection to its database/)]);
    const { rows } = await database.pool.query<{ email: string }>({ text: 'select email from user_account' });
    expect(rows.map(({ email }) => email).sort()).toEqual(demoAccounts.map(({ email }) => email).sort());
  });

  test('asks again while a service is not available, and not after a refusal', async () => {
    const answers = [503, 429, 500, 403];
    const asked: number[] = [];
    const api = async () => {
      const status = answers.shift() ?? 200;
      asked.push(status);
      return { status, body: {} };
    };
    const work = () => seedCatalogue(api, 'token');
    const failure = await retryWhileUnavailable(work, { signal: never, note: () => undefined, pauseMs: 1 }).catch(
      (err: unknown) => err,
    );
    expect(failure).toBeInstanceOf(ApiFailure);
    expect(asked).toEqual([503, 429, 500, 403]);
  });

  test('asks again when a connection is refused, until the start is stopped', async () => {
    const stopping = new AbortController();
    const api = createApi('http://127.0.0.1:9', stopping.signal);
    const notes: string[] = [];
    const work = retryWhileUnavailable(() => seedCatalogue(api, 'token'), {
      signal: stopping.signal,
      note: (text) => {
        notes.push(text);
        if (notes.length === 3) stopping.abort(new Error('stopped'));
      },
      pauseMs: 1,
    });
    await expect(work).rejects.toThrow('stopped');
  });
});
