import { until } from '@tradepost/testing/until';
import { expect, test } from 'vitest';
import type { App } from '../src/app.ts';
import { createShedder } from '../src/shedding.ts';
import { type EventStream, openEventStream } from '../src/sse.ts';
import { listeningApp } from './http.ts';

const config = { auth: 'none' } as const;

/** An app with one stream, whose server side is handed out. */
async function streaming(o: { heartbeatMs?: number } = {}) {
  const draining = new AbortController();
  const shedder = createShedder({ maxInFlight: 10, maxEventLoopDelayMs: 0 });
  const streams: EventStream[] = [];
  const routes = (app: App) => {
    app.get('/stream', { config }, (request, reply) => {
      streams.push(openEventStream(request, reply, o));
    });
  };
  const app = await listeningApp(routes, { draining: draining.signal, shedder });
  return { ...app, draining, shedder, streams };
}

/** Reads until the text is there. */
async function readUntil(reader: ReadableStreamDefaultReader<Uint8Array>, wanted: string): Promise<string> {
  let text = '';
  while (!text.includes(wanted)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`It ended with ${JSON.stringify(text)}`);
    text += new TextDecoder().decode(value);
  }
  return text;
}

test('events are sent as they come, with ids, types and heartbeats', async () => {
  const app = await streaming({ heartbeatMs: 20 });
  const response = await fetch(`${app.url}/stream`, { headers: { 'last-event-id': '41' } });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(response.headers.get('cache-control')).toContain('no-store');
  expect(response.headers.get('x-request-id')).toBeTruthy();
  const [stream] = app.streams;
  expect(stream?.lastEventId).toBe('41');
  await stream?.send({ id: '42\n', event: 'status', data: { text: 'two\nlines' } });
  const reader = response.body?.getReader();
  if (!reader || !stream) throw new Error('There is no stream');
  expect(await readUntil(reader, '\n:\n')).toContain(
    'retry: 1000\n\nid: 42\nevent: status\ndata: {"text":"two\\nlines"}\n\n',
  );
  stream.close();
  expect(await stream.send({ data: 1 })).toBe(false);
  await app.close();
});

test('an open stream is no request in flight', async () => {
  const app = await streaming();
  const response = await fetch(`${app.url}/stream`);
  expect(app.shedder.inFlight()).toBe(0);
  await response.body?.cancel();
  await until(() => app.streams[0]?.closed.aborted);
  expect(app.shedder.inFlight()).toBe(0);
  await app.close();
});

test('it is closed when the client leaves', async () => {
  const app = await streaming();
  const response = await fetch(`${app.url}/stream`);
  await response.body?.cancel();
  await until(() => app.streams[0]?.closed.aborted);
  await app.close();
});

test('it ends when the service drains, and one that comes later ends at once', async () => {
  const app = await streaming();
  const early = await fetch(`${app.url}/stream`);
  const text = early.text();
  app.draining.abort();
  expect(await text).toContain('retry:');
  expect(await (await fetch(`${app.url}/stream`)).text()).toContain('retry:');
  await app.close();
});

test('sending waits for a slow client, and gives up when it leaves', async () => {
  const app = await streaming();
  const response = await fetch(`${app.url}/stream`);
  const [stream] = app.streams;
  if (!stream) throw new Error('There is no stream');
  let sent = 0;
  const sending = (async () => {
    while (await stream.send({ data: 'x'.repeat(100_000) })) sent++;
  })();
  // Nothing is read: the socket fills up, and sending stands still.
  let last = -1;
  await until(() => {
    const still = sent === last && sent > 0;
    last = sent;
    return still;
  });
  expect(sent).toBeLessThan(1000);
  await response.body?.cancel();
  await sending;
  await app.close();
});
