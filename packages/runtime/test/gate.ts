import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy that can be shut, to take a database away from a service without touching it. */
export type Gate = {
  /** The URL of the target, by way of the gate. */
  url(target: string): string;
  /** Lets connections through. */
  open(): void;
  /** Cuts all connections, and refuses new ones. */
  shut(): void;
  close(): Promise<void>;
};

/** Makes a gate in front of the host of `target`; shut at first unless it is to be open. */
export async function createGate(target: string, o: { open: boolean }): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isOpen = o.open;
  const server = createServer((client) => {
    if (!isOpen) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // as: a server that listens on a port has an address of this kind.
  const { port: gatePort } = server.address() as AddressInfo;
  const shut = () => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url(original) {
      const url = new URL(original);
      url.hostname = '127.0.0.1';
      url.port = String(gatePort);
      return url.href;
    },
    open: () => {
      isOpen = true;
    },
    shut,
    close: () => {
      shut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
