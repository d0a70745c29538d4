import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { testIssuer } from '@tradepost/testing/tokens';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { App } from '../src/app.ts';
import { createLogger } from '../src/log.ts';
import { installTraceContext, startTelemetry, tracesUrl } from '../src/telemetry.ts';
import { currentRequestId, currentTraceparent, traceHeaders } from '../src/trace.ts';
import { json, listeningApp } from './http.ts';
import { launchNotes, notesTransport } from './launched-notes.ts';
import { notesService } from './notes.ts';

const config = { auth: 'none', idempotent: false } as const;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const traceparent = `00-${TRACE}-b7ad6b7169203331-01`;

let database: TestDatabase;
beforeAll(async () => {
  installTraceContext();
  database = await testDatabase(notesService.migrations);
});
afterAll(() => database.drop());

function routes(app: App): void {
  app.get('/ids', { config }, async (request) => {
    await new Promise(setImmediate);
    request.log.info('inside');
    return { traceparent: currentTraceparent(), requestId: currentRequestId(), headers: traceHeaders() };
  });
  app.post('/ids', { config }, async (request) => {
    request.log.warn(
      { headers: { authorization: 'Bearer x' }, password: 'hunter2', nested: [{ apiKey: 'k' }] },
      'told',
    );
    return { traceparent: currentTraceparent() };
  });
  app.get('/broken', { config }, () => {
    throw new Error('broken on purpose');
  });
}

function lines(): { log: ReturnType<typeof createLogger>; read(): Record<string, unknown>[] } {
  const written: string[] = [];
  const log = createLogger({ name: 'test', destination: { write: (line: string) => written.push(line) } });
  return { log, read: () => written.map((line) => JSON.parse(line)) };
}

test('the trace of the caller continues in the request and in its log lines', async () => {
  const { log, read } = lines();
  const { url, close } = await listeningApp(routes, { log });
  const headers = { traceparent, 'x-request-id': 'request-1234' };
  const response = await fetch(`${url}/ids?token=secret`, { headers });
  const body = await response.json();
  expect(body).toMatchObject({ requestId: 'request-1234', headers: { 'x-request-id': 'request-1234' } });
  expect(body).toHaveProperty(
    'traceparent',
    expect.stringMatching(new RegExp(`^00-${TRACE}-(?!b7ad)[0-9a-f]{16}-01$`)),
  );
  const access = await until(() => read().find((line) => line.msg === 'request'));
  expect(read().find((line) => line.msg === 'inside')).toMatchObject({ requestId: 'request-1234', traceId: TRACE });
  expect(access).toMatchObject({
    level: 'info',
    service: 'test',
    method: 'GET',
    path: '/ids',
    route: '/ids',
    status: 200,
    requestId: 'request-1234',
    traceId: TRACE,
  });
  expect(JSON.stringify(read())).not.toContain('secret');
  await close();
});

test('without a trace, each request begins its own; one that cannot be read is ignored', async () => {
  const { url, close } = await listeningApp(routes);
  const seen = new Set<string>();
  for (const given of [undefined, 'nonsense', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`, 'ff-x']) {
    const init = json({ some: 'body' }, given === undefined ? {} : { headers: { traceparent: given } });
    const body = await (await fetch(`${url}/ids`, init)).json();
    expect(body).toHaveProperty('traceparent', expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/));
    seen.add(JSON.stringify(body));
  }
  expect(seen.size).toBe(4);
  await close();
});

test('credentials do not reach the log', async () => {
  const { log, read } = lines();
  const { url, close } = await listeningApp(routes, { log });
  await fetch(`${url}/ids`, { method: 'POST', headers: { authorization: 'Bearer abc' } });
  const line = await until(() => read().find(({ msg }) => msg === 'told'));
  expect(line).toMatchObject({
    headers: { authorization: '[redacted]' },
    password: '[redacted]',
    nested: [{ apiKey: '[redacted]' }],
  });
  await close();
});

test('a fault is logged with its stack and the ids of its request', async () => {
  const { log, read } = lines();
  const { url, close } = await listeningApp(routes, { log });
  await fetch(`${url}/broken`, { headers: { traceparent, 'x-request-id': 'request-5678' } });
  const line = await until(() => read().find(({ level }) => level === 'error'));
  expect(line).toMatchObject({ requestId: 'request-5678', traceId: TRACE, err: { message: 'broken on purpose' } });
  expect(JSON.stringify(line.err)).toContain('trace.test.ts');
  const access = await until(() => read().find(({ msg }) => msg === 'request'));
  expect(access).toMatchObject({ status: 500, code: 'internal' });
  await close();
});

test('an event carries the trace of the request that wrote it', async () => {
  const issuer = await testIssuer();
  const transport = { ...notesTransport(), ready: () => true };
  const published: { traceparent?: string | undefined }[] = [];
  const spying = {
    ...transport,
    publish: (events: Parameters<typeof transport.publish>[0]) => {
      published.push(...events.map(({ json }) => JSON.parse(json)));
      return transport.publish(events);
    },
  };
  const env = { DATABASE_URL: database.url, AUTH_URL: issuer.url };
  const service = await launchNotes(env, { transport: spying });
  await service.started;
  const init = json({ text: 'x' }, { headers: { ...issuer.headers(), traceparent } });
  expect((await fetch(`${service.url}/api/v1/notes`, init)).status).toBe(201);
  const event = await until(() => published[0]);
  expect(event.traceparent).toContain(TRACE);
  await service.stop();
  await issuer.close();
});

test('where traces go is said by the standard variables', () => {
  expect(tracesUrl({})).toBeUndefined();
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' })).toBe('http://c:4318/v1/traces');
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://c/x' })).toBe('http://c/x');
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_SDK_DISABLED: true })).toBeUndefined();
  expect(tracesUrl({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c', OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
});

// Last: OpenTelemetry has one tracer provider per process, and this one stays.
test('spans are exported over OTLP when there is an endpoint', async () => {
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    request.on('end', () => {
      bodies.push(`${request.url} ${text}`);
      response.setHeader('content-type', 'application/json');
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void collector.close());
  // as: a server that listens on a port has an address of this kind.
  const { port } = collector.address() as AddressInfo;
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` };
  const telemetry = await startTelemetry({ name: 'orders', settings, log: pino({ level: 'silent' }) });
  const { url, close } = await listeningApp(routes);
  const response = await fetch(`${url}/ids`, { headers: { traceparent } });
  expect(await response.json()).toHaveProperty('traceparent', expect.stringMatching(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  await close();
  await telemetry.stop();
  expect(bodies).toHaveLength(1);
  const [body = ''] = bodies;
  expect(body).toContain('/v1/traces');
  for (const wanted of ['"orders"', 'GET /ids', TRACE, 'b7ad6b7169203331', 'http.response.status_code']) {
    expect(body).toContain(wanted);
  }
});
