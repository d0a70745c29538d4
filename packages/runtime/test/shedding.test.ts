import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@tradepost/testing/until';
import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { App } from '../src/app.ts';
import { createCoDel, createShedder } from '../src/shedding.ts';
import { listeningApp, problemOf } from './http.ts';

const config = { auth: 'none' } as const;

test('more requests than may be in flight are refused, counted, and the rest are answered', async () => {
  const metrics = new Registry();
  const shedder = createShedder({ maxInFlight: 2, maxEventLoopDelayMs: 0 });
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const routes = (app: App) => {
    app.get('/held', { config }, async () => {
      await released;
      return {};
    });
  };
  const { url, close } = await listeningApp(routes, { metrics, shedder });
  const held = [fetch(`${url}/held`), fetch(`${url}/held`)];
  await until(() => shedder.inFlight() === 2);
  const { status, headers, problem } = await problemOf(`${url}/held`);
  expect({ status, code: problem.code }).toEqual({ status: 503, code: 'overloaded' });
  expect(headers.get('retry-after')).toBe('1');
  const text = await metrics.metrics();
  expect(text).toContain('tradepost_http_requests_shed_total{reason="in_flight"} 1');
  expect(text).toContain('tradepost_http_requests_in_flight 2');
  release();
  expect((await Promise.all(held)).map((response) => response.status)).toEqual([200, 200]);
  await until(() => shedder.inFlight() === 0);
  await close();
});

test('a request whose client leaves does not stay in flight', async () => {
  const metrics = new Registry();
  const shedder = createShedder({ maxInFlight: 10, maxEventLoopDelayMs: 0 });
  const routes = (app: App) => {
    app.get('/held', { config }, async () => {
      await sleep(60_000, undefined, { ref: false });
      return {};
    });
  };
  const { url, close } = await listeningApp(routes, { metrics, shedder });
  const leaving = new AbortController();
  const left = expect(fetch(`${url}/held`, { signal: leaving.signal })).rejects.toThrow();
  await until(() => shedder.inFlight() === 1);
  leaving.abort();
  await left;
  await until(() => shedder.inFlight() === 0);
  expect(await metrics.metrics()).toContain('route="/held",status="499"');
  await close();
});

test('requests are refused while the event loop is late, and accepted when it has recovered', async () => {
  const shedder = createShedder({ maxInFlight: 10, maxEventLoopDelayMs: 50 });
  const { url, close } = await listeningApp((app) => app.get('/', { config }, () => ({})), { shedder });
  const block = () => {
    const end = performance.now() + 300;
    while (performance.now() < end);
  };
  let blocking = true;
  const blocked = (async () => {
    while (blocking) {
      block();
      await new Promise(setImmediate);
    }
  })();
  await until(async () => (await fetch(url)).status === 503);
  blocking = false;
  await blocked;
  await until(async () => (await fetch(url)).status === 200);
  await close();
});

test('requests are refused while statements queue for the database, and accepted when they do not', async () => {
  let isBusy = true;
  const metrics = new Registry();
  const shedder = createShedder({ maxInFlight: 10, maxEventLoopDelayMs: 0, isDatabaseBusy: () => isBusy });
  const { url, close } = await listeningApp((app) => app.get('/', { config }, () => ({})), { metrics, shedder });
  const { status, headers, problem } = await problemOf(url);
  expect({ status, code: problem.code }).toEqual({ status: 503, code: 'overloaded' });
  expect(headers.get('retry-after')).toBe('1');
  expect(await metrics.metrics()).toContain('tradepost_http_requests_shed_total{reason="database"} 1');
  isBusy = false;
  expect((await fetch(url)).status).toBe(200);
  await close();
});

test('a queue is too long when it stands, not when it is a burst or what a restart has left', () => {
  let now = 0;
  let state = { waiting: 0, waitedMs: 0, queuedMs: 0 };
  const isBusy = createCoDel({ queue: () => state, maxMs: 300, now: () => now });
  const seen = (ms: number, next: typeof state) => {
    now = ms;
    state = next;
    return isBusy();
  };
  expect(seen(2000, { waiting: 200, waitedMs: 2000, queuedMs: 2000 })).toBe(false);
  expect(seen(2500, { waiting: 0, waitedMs: 2400, queuedMs: 0 })).toBe(false);
  expect(seen(9000, { waiting: 50, waitedMs: 200, queuedMs: 5000 })).toBe(false);
  expect(seen(9500, { waiting: 50, waitedMs: 400, queuedMs: 5500 })).toBe(true);
  // It has been empty for a moment, but the load is the same.
  expect(seen(12_000, { waiting: 50, waitedMs: 400, queuedMs: 500 })).toBe(true);
  expect(seen(12_100, { waiting: 0, waitedMs: 400, queuedMs: 0 })).toBe(false);
  expect(seen(22_100, { waiting: 50, waitedMs: 400, queuedMs: 500 })).toBe(false);
});
