import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';
import { answerTo, isSteady, resetServices, sendTo, startImpatientGateway, textOf } from './streams.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startImpatientGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => resetServices(gateway));

describe('answers', () => {
  test('a large one arrives whole', async () => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      for (let i = 0; i < 200; i++) response.write(String(i % 10).repeat(50_000));
      response.end();
    };
    const text = await (await fetch(`${gateway.url}/api/v1/products`)).text();
    expect(text.length).toBe(10_000_000);
    expect(text.endsWith('9')).toBe(true);
  });

  test('a client that does not read holds up the service instead of filling memory', async () => {
    let written = 0;
    let ended = false;
    const parts = function* () {
      for (; written < 128 * 1024 * 1024; written += 65_536) yield Buffer.alloc(65_536);
      ended = true;
    };
    gateway.product.handler = (_request, response) => pipeline(Readable.from(parts()), response);
    const request = sendTo(`${gateway.url}/api/v1/products`);
    request.end();
    const response = await answerTo(request);
    await until(isSteady(() => written));
    expect(ended).toBe(false);
    expect(written).toBeLessThan(64 * 1024 * 1024);
    response.resume();
    await once(response, 'end');
    expect(ended).toBe(true);
  });

  test.each([
    [204, undefined],
    [304, undefined],
    [200, '0'],
  ])('one without a body: %i', async (status, length) => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(status, length === undefined ? {} : { 'content-length': length }).end();
    };
    const response = await fetch(`${gateway.url}/api/v1/products`);
    expect(response.status).toBe(status);
    expect(await response.text()).toBe('');
  });

  test('HEAD has the headers and no body', async () => {
    const response = await fetch(`${gateway.url}/api/v1/products`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await response.text()).toBe('');
  });

  test('one that breaks off does not look complete', async () => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('some', () => response.destroy());
    };
    const response = await fetch(`${gateway.url}/api/v1/products`);
    await expect(response.text()).rejects.toThrow();
  });

  test('one that stops coming is broken off', async () => {
    gateway.product.handler = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.write('some');
    };
    const response = await fetch(`${gateway.url}/api/v1/products`);
    await expect(response.text()).rejects.toThrow();
  });

  test('a client that leaves is not worked for any longer', async () => {
    let left = false;
    gateway.order.handler = (_request, response) => {
      response.on('close', () => (left = true));
    };
    const request = sendTo(`${gateway.url}/api/v1/orders`, { headers: { prefer: 'wait=30' } });
    request.on('error', () => undefined);
    request.end();
    await until(() => gateway.order.seen.length === 1);
    request.destroy();
    await until(() => left);
  });
});

describe('time', () => {
  test('a body that does not arrive is answered 408, and an import is waited for', async () => {
    const own = await startGateway({ BODY_TIMEOUT_MS: 300 });
    const open = (path: string, length: number) =>
      sendTo(own.url + path, { method: 'POST', headers: { 'content-length': length } });
    const upload = open('/api/v1/products/imports', 3);
    upload.write('a');
    for (const [length, begun] of [
      [10, 'x'],
      [100_000, 'x'],
      [100_000, 'x'.repeat(70_000)],
    ] as const) {
      const request = open('/api/v1/orders', length);
      request.on('error', () => undefined);
      request.write(begun);
      const response = await answerTo(request);
      expect(response.statusCode).toBe(408);
      expect(JSON.parse(await textOf(response))).toMatchObject({ code: 'request_timeout' });
      request.destroy();
    }
    upload.end('bc');
    const response = await answerTo(upload);
    expect(response.statusCode).toBe(200);
    expect(JSON.parse(await textOf(response))).toMatchObject({ body: 'abc' });
    await own.stop();
  });

  test('a service that does not answer in time', async () => {
    gateway.order.handler = () => undefined;
    const response = await fetch(`${gateway.url}/api/v1/orders`);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: 'gateway_timeout' });
    expect(gateway.order.seen).toHaveLength(1);
  });

  test('one that was asked to wait may take longer', async () => {
    const waiting: (() => void)[] = [];
    gateway.order.handler = (request, response) => {
      if (request.headers.prefer) waiting.push(() => response.end('settled'));
    };
    const patient = fetch(`${gateway.url}/api/v1/orders`, { headers: { prefer: 'respond-async, wait=30' } });
    await until(() => waiting.length === 1);
    expect((await fetch(`${gateway.url}/api/v1/orders`)).status).toBe(504);
    waiting[0]?.();
    expect(await (await patient).text()).toBe('settled');
  });
});
