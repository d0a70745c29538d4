import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/**
 * A port of 127.0.0.1 that nothing listens on. It lies below those that the system gives to outgoing connections: what
 * listens there is to find it free again after a restart.
 *
 * Nobody else gets the same port for as long as this process runs. Without that, two test files side by side, or two instances of one
 * cluster, were now and then given one port, since whoever asks listens only later.
 */
export async function freePort(draw = () => randomInt(15_000, 32_000)): Promise<number> {
  for (;;) {
    const port = draw();
    if ((await reserve(port)) && (await isFree(port))) return port;
  }
}

/**
 * Reserves a port among all processes that ask here: a UDP socket of this number, which is in nobody's way, and which the kernel gives to one
 * process only and takes back however that ends.
 */
function reserve(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => {
      socket.unref();
      resolve(true);
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
