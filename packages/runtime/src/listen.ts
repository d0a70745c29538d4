import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens; rejects with a message that names the port when it cannot be had. */
export function listenOn(server: Server, o: { port: number; host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'it is in use' : (error.code ?? error.message);
      reject(new Error(`Cannot listen on ${o.host}:${o.port}: ${why}`, { cause: error }));
    };
    server.once('error', failed);
    server.listen(o.port, o.host, () => {
      server.removeListener('error', failed);
      resolve();
    });
  });
}

/** The server's URL on loopback, or on the address that it is bound to. */
export function urlOf(server: Server): string {
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port');
  const any = address.address === '0.0.0.0' || address.address === '::';
  const host = any ? '127.0.0.1' : address.address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
