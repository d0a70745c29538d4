import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP proxy between two parts of the system, at which connections can be disturbed. */
export type TcpProxy = {
  readonly name: string;
  /** Where it listens, on 127.0.0.1. */
  readonly port: number;
  /** Resets every connection; returns how many there were. */
  cut(): number;
  /** From now on every byte arrives so much later, in both directions; 0 ends it. */
  delay(ms: number): void;
  /**
   * From now on bytes vanish while connections stay open, as when a cable is pulled: those of the answers, or all.
   * `undefined` ends it, and with it all connections, since a stream with a hole in it is of no use.
   */
  lose(what: 'answers' | 'everything' | undefined): void;
  close(): Promise<void>;
};

/** Where a connection leads. */
export type Target = { port: number };

type State = { delayMs: number; losing: 'answers' | 'everything' | undefined };

/**
 * Opens a proxy. Each connection goes to the first of `targets()` that accepts it, or is reset if none does. The list is
 * asked for anew each time, so that it can balance, or leave out who is not ready.
 */
export async function openTcpProxy(name: string, targets: () => readonly Target[]): Promise<TcpProxy> {
  const state: State = { delayMs: 0, losing: undefined };
  const open = new Set<Socket>();
  const track = (socket: Socket) => {
    open.add(socket);
    socket.setNoDelay(true);
    socket.once('close', () => open.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    track(client);
    client.on('error', () => client.destroy());
    client.pause();
    void reach(targets()).then((upstream) => {
      if (!upstream || client.destroyed) {
        upstream?.destroy();
        client.resetAndDestroy();
        return;
      }
      track(upstream);
      join(client, upstream, state);
    });
  });
  const port = await listen(server);
  const cut = () => {
    const count = open.size;
    for (const socket of open) socket.resetAndDestroy();
    return Math.ceil(count / 2);
  };
  return {
    name,
    port,
    cut,
    delay: (ms) => {
      state.delayMs = ms;
    },
    lose: (what) => {
      const ends = state.losing !== undefined && what === undefined;
      state.losing = what;
      if (ends) cut();
    },
    close: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

async function reach(targets: readonly Target[]): Promise<Socket | undefined> {
  for (const target of targets) {
    const socket = await tryConnect(target);
    if (socket) return socket;
  }
  return undefined;
}

function tryConnect({ port }: Target): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', () => resolve(undefined));
  });
}

function join(client: Socket, upstream: Socket, state: State): void {
  carry(client, upstream, state, () => state.losing === 'everything');
  carry(upstream, client, state, () => state.losing !== undefined);
  client.resume();
}

/** Passes on what comes, in order, however late; and that nothing more comes. */
function carry(from: Socket, to: Socket, state: State, isLost: () => boolean): void {
  const later = inOrder(() => state.delayMs);
  from.on('data', (chunk) => {
    if (isLost()) return;
    later(() => {
      if (to.writable && !to.write(chunk)) {
        from.pause();
        to.once('drain', () => from.resume());
      }
    });
  });
  from.on('end', () => {
    if (!isLost()) later(() => to.end());
  });
  // Whichever way one side goes, the other is to learn of it in the same way, and not before what came earlier.
  from.on('error', () => to.resetAndDestroy());
  from.on('close', (hadError) => (hadError ? to.resetAndDestroy() : later(() => to.destroySoon())));
}

/** Does each thing so much later, and never before what came earlier: timers alone, which round, would now and then. */
function inOrder(delayMs: () => number): (work: () => void) => void {
  const waiting: { dueAt: number; work: () => void }[] = [];
  const go = (): void => {
    for (let [next] = waiting; next; [next] = waiting) {
      const restMs = next.dueAt - performance.now();
      if (restMs > 0) {
        setTimeout(go, restMs);
        return;
      }
      waiting.shift();
      next.work();
    }
  };
  return (work) => {
    waiting.push({ dueAt: performance.now() + delayMs(), work });
    if (waiting.length === 1) go();
  };
}
