import pg from 'pg';
import type { ConnectionExecutor } from './connection-executor.ts';
import type { Db } from './db.ts';
import { DatabaseUnavailable } from './unavailable.ts';

/**
 * A connection of one's own, outside the pool, for what lives as long as a session: LISTEN and advisory locks.
 * It does not reconnect: when it breaks, its locks and subscriptions are gone and the owner asks for another.
 */
export type DedicatedClient = Db & {
  /** Called for each notification of the channels that were LISTENed to on this connection. */
  onNotification(fn: (channel: string, payload: string) => void): void;
  /** Called once when the connection is lost, at once if it already is; not called after `release`. */
  onBroken(fn: (err: Error) => void): void;
  /** Closes the connection. */
  release(): Promise<void>;
};

export async function connectDedicated(
  name: string,
  config: pg.ClientConfig,
  executor: ConnectionExecutor,
): Promise<DedicatedClient> {
  const client = new pg.Client(config);
  const listeners = new Set<(err: Error) => void>();
  let lost: Error | undefined;
  let released = false;
  const onLost = (err: Error) => {
    if (lost || released) return;
    lost = err;
    for (const fn of listeners) fn(err);
  };
  executor.watch(client);
  client.on('error', onLost);
  client.on('end', () => onLost(new Error('The connection was closed')));
  try {
    await client.connect();
  } catch (err) {
    throw new DatabaseUnavailable(`${name} cannot reach its database`, { cause: err, outcomeUnknown: false });
  }
  return {
    query: (statement) => executor.run(client, statement, true),
    onNotification: (fn) => {
      client.on('notification', (message) => fn(message.channel, message.payload ?? ''));
    },
    onBroken: (fn) => {
      if (lost) fn(lost);
      else listeners.add(fn);
    },
    release: async () => {
      if (released) return;
      released = true;
      await client.end();
    },
  };
}
