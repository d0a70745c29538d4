import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

let gateway: TestGateway;
/** Requests that the service has received and does not answer as usual. */
let arrived = 0;

beforeAll(async () => {
  gateway = await startGateway({
    BODY_LIMIT: 100_000,
    BODY_TIMEOUT_MS: 500,
    UPSTREAM_TIMEOUT_MS: 500,
    UPSTREAM_IDLE_TIMEOUT_MS: 500,
    // The next one does not wait for a client that reads slowly.
    CLIENT_STALL_TIMEOUT_MS: 600_000,
  });
  gateway.product.handler = (_request, response) => void response.writeHead(200).end('{}');
});
afterAll(() => gateway.stop());

const body = 'x'.repeat(20_000);
const withBody = `POST /api/v1/products HTTP/1.1\r\nHost: shop\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const halfABody = withBody.slice(0, -body.length / 2);
const chunked = 'POST /api/v1/products HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\n';
const search = 'GET /api/v1/products?q=lamp HTTP/1.1\r\nHost: shop\r\n\r\n';

/** Sends requests as they are written, over a connection of their own, of which nothing is read before `resume`. */
function send(requests: string): Socket {
  const socket = connect(Number(new URL(gateway.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.pause().write(requests);
  return socket;
}

/** Until the gateway has ended this connection. */
async function ended(socket: Socket): Promise<void> {
  const closed = once(socket, 'close');
  socket.resume();
  await closed;
}

/** Has the service do this with the next request, without reading its body, instead of answering. */
function instead(act: (response: Parameters<typeof gateway.product.handler>[1]) => void): void {
  arrived = 0;
  gateway.product.intercept = (_request, response) => {
    gateway.product.intercept = undefined;
    arrived++;
    act(response);
    return true;
  };
}

const waits = () => instead(() => undefined);
const hasArrived = () => until(() => arrived > 0, { what: 'the service to have the request' });

/** Ways in which a request can end that is under way, or that waits. */
const ends: Record<string, (request: string) => Promise<void>> = {
  'is answered': async (request) => void send(request).resume(),
  'is refused by its service, which does not read its body': async (request) => {
    instead((response) => void response.writeHead(413, { connection: 'close' }).end());
    send(request).resume();
    await hasArrived();
  },
  'loses its service before an answer': async (request) => {
    instead((response) => void response.destroy());
    send(request).resume();
    await hasArrived();
  },
  'loses its service within an answer': async (request) => {
    instead((response) => {
      response.writeHead(200, { 'content-length': '10' }).write('half');
      setTimeout(() => response.destroy(), 20);
    });
    send(request).resume();
    await hasArrived();
  },
  'is never answered': async (request) => {
    waits();
    send(request).resume();
    await hasArrived();
  },
  'is answered with half of what was announced, and no more': async (request) => {
    instead((response) => void response.writeHead(200, { 'content-length': '10' }).write('half'));
    send(request).resume();
    await hasArrived();
  },
  'leaves while its service works': async (request) => {
    waits();
    const socket = send(request);
    await hasArrived();
    socket.destroy();
  },
  'leaves with another one sent after it on the same connection': async (request) => {
    waits();
    const socket = send(request + request);
    await hasArrived();
    socket.destroy();
  },
  'leaves while it waits for the one before it': async (request) => {
    waits();
    const first = send(request);
    await hasArrived();
    const second = send(request);
    await once(second, 'connect');
    second.destroy();
    first.destroy();
  },
  'does not read its answer': async (request) => {
    const large = Buffer.alloc(64 * 1024 * 1024);
    instead((response) => void response.writeHead(200, { 'content-length': String(large.length) }).end(large));
    send(request);
    await hasArrived();
  },
};

/** Ways in which a body can end that is not sent whole. */
const brokenBodies: Record<string, () => Promise<void>> = {
  'stops in the middle': () => ended(send(halfABody)),
  'stops in the middle, of unknown length': () => ended(send(`${chunked}5\r\nhello\r\n`)),
  'leaves in the middle': async () => {
    const socket = send(halfABody);
    await once(socket, 'connect');
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
  },
  'is not in chunks as it says': () => ended(send(`${chunked}nonsense\r\n`)),
  'is larger than what is accepted': async () =>
    void send(withBody.replace(String(body.length), '200000')).end('x'.repeat(180_000)),
  'is larger than what is accepted, of unknown length': async () =>
    void send(`${chunked}30d40\r\n${'x'.repeat(200_000)}\r\n0\r\n\r\n`).resume(),
};

const nextIsServed = async (request: string) => {
  const socket = send(request);
  let answer = '';
  socket.resume().on('data', (chunk) => (answer += chunk));
  await until(() => answer.includes('\r\n\r\n'), { what: 'an answer to the next one' });
  expect(answer.split('\r\n')[0]).toBe('HTTP/1.1 200 OK');
  socket.destroy();
};

for (const [kind, request] of Object.entries({ 'a large body': withBody, 'a search': search })) {
  test.each(Object.entries(ends))(`after ${kind} that %s, the next one begins`, async (_name, end) => {
    await end(request);
    await nextIsServed(request);
  });
}

test.each(Object.entries(brokenBodies))('after a large body that %s, the next one begins', async (_name, end) => {
  await end();
  await nextIsServed(withBody);
});
