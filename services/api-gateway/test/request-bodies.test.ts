import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { TestGateway } from './gateway.ts';
import { answerTo, isSteady, resetServices, sendTo, startImpatientGateway, textOf } from './streams.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startImpatientGateway();
});
afterAll(() => gateway.stop());
beforeEach(() => resetServices(gateway));

describe('request bodies', () => {
  test.each([
    ['nothing', ''],
    ['a little', '{"a":1}'],
    ['as much as is buffered', 'x'.repeat(65_536)],
    ['more than is buffered', 'x'.repeat(65_537)],
    ['as much as is accepted', 'x'.repeat(1_048_576)],
  ])('%s arrives as it was sent, of known and of unknown length', async (_what, body) => {
    for (const chunked of [false, true]) {
      const request = sendTo(`${gateway.url}/api/v1/orders`, {
        method: 'POST',
        headers: { 'content-type': 'text/plain' },
      });
      if (chunked) {
        request.write(body.slice(0, body.length / 2));
        request.end(body.slice(body.length / 2));
      } else {
        request.setHeader('content-length', Buffer.byteLength(body));
        request.end(body);
      }
      const response = await answerTo(request);
      expect(response.statusCode).toBe(200);
      expect(JSON.parse(await textOf(response))).toMatchObject({ method: 'POST', body });
    }
  });

  test('one that waits to be asked for is asked for', async () => {
    const request = sendTo(`${gateway.url}/api/v1/orders`, {
      method: 'POST',
      headers: { expect: '100-continue', 'content-length': 2 },
    });
    request.flushHeaders();
    await once(request, 'continue');
    request.end('ok');
    const response = await answerTo(request);
    expect(JSON.parse(await textOf(response))).toMatchObject({ body: 'ok' });
  });

  test('more than is accepted is refused, before anybody is asked', async () => {
    const response = await fetch(`${gateway.url}/api/v1/orders`, { method: 'POST', body: 'x'.repeat(10_000_000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ code: 'too_large' });
    expect(gateway.order.seen).toEqual([]);
  });

  test('more than is accepted is refused although its length was not announced', async () => {
    const request = sendTo(`${gateway.url}/api/v1/orders`, { method: 'POST' });
    const answer = answerTo(request);
    for (let i = 0; i < 40; i++) request.write(Buffer.alloc(65_536));
    request.end();
    const response = await answer;
    expect(response.statusCode).toBe(413);
    expect(JSON.parse(await textOf(response))).toMatchObject({ code: 'too_large' });
    expect(gateway.order.seen).toEqual([]);
    expect((await fetch(`${gateway.url}/api/v1/orders`)).status).toBe(200);
  });

  test('an import is passed on while it is still being sent, at the pace at which it is taken', async () => {
    let taken: IncomingMessage | undefined;
    gateway.product.intercept = (request, response) => {
      taken = request;
      request.once('data', () => request.pause());
      request.on('end', () => response.end('done'));
      return true;
    };
    const request = sendTo(`${gateway.url}/api/v1/products/imports`, { method: 'POST' });
    const answer = answerTo(request);
    let sent = 0;
    const parts = function* () {
      for (; sent < 128 * 1024 * 1024; sent += 65_536) yield Buffer.alloc(65_536);
    };
    const upload = pipeline(Readable.from(parts()), request);
    const arrived = await until(() => taken);
    // What lies on the way is finite: what is not taken holds up the sender.
    await until(() => arrived.isPaused());
    await until(isSteady(() => sent));
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    arrived.on('data', () => undefined).resume();
    const response = await answer;
    await upload;
    expect(sent).toBe(128 * 1024 * 1024);
    expect(response.statusCode).toBe(200);
    expect(await textOf(response)).toBe('done');
  });

  test('an upload that its client aborts is aborted at the service, and does not count as a failure of the service', async () => {
    let closed = 0;
    gateway.product.intercept = (request) => {
      request.on('error', () => undefined).on('close', () => (closed += request.complete ? 0 : 1));
      request.resume();
      return true;
    };
    for (let i = 1; i <= 20; i++) {
      const request = sendTo(`${gateway.url}/api/v1/products/imports`, { method: 'POST' });
      request.on('error', () => undefined);
      request.write(Buffer.alloc(200_000), () => request.destroy());
      await until(() => closed === i);
    }
    gateway.product.intercept = undefined;
    expect((await fetch(`${gateway.url}/api/v1/products`)).status).toBe(200);
  });

  test('the response of a service that answers before it has read everything is forwarded', async () => {
    gateway.product.intercept = (_request, response) => {
      response.writeHead(401, { 'content-type': 'text/plain' }).end('no');
      return true;
    };
    const request = sendTo(`${gateway.url}/api/v1/products/imports`, { method: 'POST' });
    request.on('error', () => undefined);
    const answer = answerTo(request);
    request.write(Buffer.alloc(300_000));
    const response = await answer;
    expect(response.statusCode).toBe(401);
    expect(await textOf(response)).toBe('no');
    request.destroy();
  });
});
