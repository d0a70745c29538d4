import { Agent, get, type IncomingMessage } from 'node:http';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchNotes } from './launched-notes.ts';
import { notesService } from './notes.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(notesService.migrations);
});
afterAll(() => database.drop());

/** One request on a kept connection. */
function ask(agent: Agent, url: string): Promise<{ status: number; closes: boolean }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response: IncomingMessage) => {
      response.resume();
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, closes: response.headers.connection === 'close' }),
      );
      response.on('error', reject);
    });
    request.on('error', reject);
  });
}

test('no request fails when one of two instances is stopped under load', async () => {
  const first = await launchNotes({ DATABASE_URL: database.url, SHUTDOWN_DELAY_MS: '400' });
  const second = await launchNotes({ DATABASE_URL: database.url });
  await Promise.all([first.started, second.started]);
  const failures: unknown[] = [];
  const served = { first: 0, second: 0 };
  let over = false;

  /** Keeps its connection to the first instance until it is asked to close it, as a load balancer does. */
  const client = async (path: string): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    let target = first;
    while (!over) {
      try {
        const { status, closes } = await ask(agent, `${target.url}${path}`);
        if (status !== 200) failures.push(status);
        served[target === first ? 'first' : 'second']++;
        if (closes) target = second;
      } catch (error) {
        failures.push(error);
      }
    }
    agent.destroy();
  };
  const clients = ['/api/v1/greeting', '/api/v1/notes', '/api/v1/slow?ms=20', '/api/v1/slow?ms=300'].map(client);
  await until(() => served.first > 50);
  const atStop = { ...served };
  await first.stop();
  await until(() => served.second > 50);
  over = true;
  await Promise.all(clients);
  expect(failures).toEqual([]);
  expect(served.first).toBeGreaterThan(atStop.first);
  await second.stop();
});

test('from the signal on it is not ready, but answers, and asks for connections to be closed', async () => {
  const service = await launchNotes({ DATABASE_URL: database.url, SHUTDOWN_DELAY_MS: '1500' });
  await service.started;
  const stopped = service.stop();
  const ready = await fetch(`${service.managementUrl}/readyz`);
  expect(ready.status).toBe(503);
  expect(await ready.json()).toMatchObject({ ready: false, phase: 'stopping' });
  expect((await fetch(`${service.managementUrl}/livez`)).status).toBe(200);
  const answer = await fetch(`${service.url}/api/v1/greeting`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('connection')).toBe('close');
  await stopped;
});

test('requests in flight are finished, idle connections are closed', async () => {
  const service = await launchNotes({ DATABASE_URL: database.url });
  await service.started;
  const idle = new Agent({ keepAlive: true });
  await ask(idle, `${service.url}/api/v1/greeting`);
  const slow = ask(new Agent({ keepAlive: true }), `${service.url}/api/v1/slow?ms=500`);
  await until(async () => (await metric(service.managementUrl, 'tradepost_http_requests_in_flight')) === 1);
  const stopped = service.stop();
  expect(await slow).toEqual({ status: 200, closes: true });
  await stopped;
  await expect(fetch(service.url)).rejects.toThrow();
});

test('a request that does not end is cut off', async () => {
  const service = await launchNotes({ DATABASE_URL: database.url, SHUTDOWN_TIMEOUT_MS: '100' });
  await service.started;
  const endless = expect(fetch(`${service.url}/api/v1/slow?ms=60000`)).rejects.toThrow();
  await until(async () => (await metric(service.managementUrl, 'tradepost_http_requests_in_flight')) === 1);
  await service.stop();
  await endless;
});

async function metric(managementUrl: string, name: string): Promise<number> {
  const text = await (await fetch(`${managementUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
}

test('a stream of events is ended, so that the client goes elsewhere', async () => {
  const service = await launchNotes({ DATABASE_URL: database.url });
  await service.started;
  const response = await fetch(`${service.url}/api/v1/stream`);
  const text = response.text();
  await service.stop();
  expect(await text).toContain('event: tick');
});
