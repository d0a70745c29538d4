import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { StartFailure } from './failure.ts';

/** How many ports after the one in use are looked at for one to suggest. */
const SUGGESTIONS = 20;

/**
 * The port to listen on: the wanted one if it is free, or any free one for 0. It is only looked at, so that a port in
 * use is known of before the long work begins; whoever listens on it later may still find it taken.
 */
export async function choosePort(host: string, wanted: number): Promise<number> {
  const outcome = wanted === 0 ? await anyFreePort(host) : await tryPort(host, wanted);
  if (typeof outcome === 'number' && (wanted === 0 || !(await isAnswered(outcome)))) return outcome;
  if (outcome === 'EACCES') {
    throw new StartFailure(
      `Port ${wanted} is for the system's administrator alone. Choose another: PORT=8080 npm start`,
    );
  }
  if (outcome === 'EADDRNOTAVAIL' || outcome === 'ENOTFOUND') {
    throw new StartFailure(
      `HOST is ${host}, which is no address of this machine. Set another: HOST=127.0.0.1 npm start`,
    );
  }
  const other = await freePortAfter(host, wanted);
  throw new StartFailure(`Port ${wanted} is in use by another program. Choose another: PORT=${other} npm start`);
}

/**
 * A free port below those that the system gives to outgoing connections, one of which might otherwise take it before
 * it is listened on.
 */
async function anyFreePort(host: string): Promise<number | string> {
  for (let tries = 0; tries < SUGGESTIONS; tries++) {
    const port = await tryPort(host, randomInt(15_000, 32_000));
    if (typeof port === 'number') return port;
  }
  return tryPort(host, 0);
}

/** The port that a server could listen on, or the code of the error. */
function tryPort(host: string, port: number): Promise<number | string> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (err) => resolve('code' in err ? String(err.code) : err.message));
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

/** Whether somebody is at `localhost`, which may be another address than the one that is listened on. */
function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: 'localhost', port });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.setTimeout(1000, () => settle(false));
  });
}

async function freePortAfter(host: string, port: number): Promise<number> {
  for (let other = port + 1; other <= Math.min(port + SUGGESTIONS, 65_535); other++) {
    if (typeof (await tryPort(host, other)) === 'number') return other;
  }
  return 0;
}

/** Where a browser on this machine finds a server that listens on `host`. */
export function urlOf(host: string, port: number): string {
  const local = ['127.0.0.1', '0.0.0.0', '::', '::1', 'localhost'].includes(host);
  const name = host.includes(':') ? `[${host}]` : host;
  return `http://${local ? 'localhost' : name}:${port}`;
}
