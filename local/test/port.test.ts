import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import { choosePort, urlOf } from '../src/port.ts';

async function listening(host: string) {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  return { port: typeof address === 'object' && address ? address.port : 0, [Symbol.dispose]: () => server.close() };
}

describe('the port', () => {
  test('is any free one for 0', async () => {
    expect(await choosePort('127.0.0.1', 0)).toBeGreaterThan(0);
  });

  test('is refused while it is in use, with another to take', async () => {
    using taken = await listening('127.0.0.1');
    const choice = choosePort('127.0.0.1', taken.port);
    await expect(choice).rejects.toThrow(`Port ${taken.port} is in use`);
    await expect(choice).rejects.toThrow(/: PORT=\d+ npm start$/);
  });

  test('is refused while it is in use on every address', async () => {
    using taken = await listening('0.0.0.0');
    await expect(choosePort('127.0.0.1', taken.port)).rejects.toThrow('in use');
  });

  test('is on an address of this machine', async () => {
    await expect(choosePort('192.0.2.1', 0)).rejects.toThrow('HOST is 192.0.2.1');
  });
});

test.each([
  ['127.0.0.1', 'http://localhost:80'],
  ['0.0.0.0', 'http://localhost:80'],
  ['10.0.0.5', 'http://10.0.0.5:80'],
  ['fd00::1', 'http://[fd00::1]:80'],
])('listening on %s, it is found at %s', (host, url) => {
  expect(urlOf(host, 80)).toBe(url);
});
