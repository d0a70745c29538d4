import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTcpProxy, type TcpProxy } from '../src/cluster/tcp-proxy.ts';

/** What the far side received, all connections together. */
let received = '';
let server: Server;
let port: number;
let proxy: TcpProxy;

beforeEach(async () => {
  received = '';
  // Says again what it hears, and ends when the other side does.
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      received += chunk;
      socket.write(chunk);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // as: a server that listens on a port has an address of this kind.
  port = (server.address() as AddressInfo).port;
  proxy = await openTcpProxy('test', () => [{ port: 1 }, { port }]);
});
afterEach(async () => {
  await proxy.close();
  server.close();
});

async function call(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

it('passes everything on, to the first that accepts, and then the end', async () => {
  const socket = await call();
  socket.write('one ');
  socket.end('two');
  expect(await text(socket)).toBe('one two');
});

it('passes on what is late in the order in which it came', async () => {
  const socket = await call();
  proxy.delay(60);
  socket.write('a');
  await until(() => received === 'a');
  socket.write('b');
  proxy.delay(0);
  socket.write('c');
  socket.end('d');
  expect(await text(socket)).toBe('abcd');
});

it('resets every connection, and takes new ones', async () => {
  const socket = await call();
  socket.write('x');
  await until(() => received === 'x');
  expect(proxy.cut()).toBe(1);
  const [err] = await once(socket, 'error').catch((reason) => [reason]);
  expect(err).toMatchObject({ code: 'ECONNRESET' });
  const next = await call();
  next.end('y');
  expect(await text(next)).toBe('y');
});

it('loses the answers, or everything, and resets what is left with a hole', async () => {
  const socket = await call();
  proxy.lose('answers');
  socket.write('asked');
  await until(() => received === 'asked');
  proxy.lose('everything');
  socket.write(' again');
  const broken = once(socket, 'error').catch((reason) => [reason]);
  proxy.lose(undefined);
  expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
  expect(socket.bytesRead).toBe(0);
  expect(received).toBe('asked');
});

it('resets a connection that nobody accepts', async () => {
  server.close();
  const socket = connect(proxy.port, '127.0.0.1');
  const [err] = await once(socket, 'error').catch((reason) => [reason]);
  expect(err).toMatchObject({ code: 'ECONNRESET' });
});
