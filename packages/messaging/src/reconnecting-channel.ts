import type { Logger } from 'pino';
import type { Channel, Connection } from 'rabbitmq-client';
import { backoffMs } from './backoff.ts';
import { pause, settlesWithin } from './wake-signal.ts';

/** A channel that is opened again whenever it is lost. */
export type ReconnectingChannel = {
  /** The channel while it is open and set up. */
  current(): Channel | undefined;
  /** Closes it for good. Does not reject. */
  close(): Promise<void>;
};

const BACKOFF = { firstMs: 100, maxMs: 5000 };
const CLOSE_MS = 2000;

/**
 * Keeps a channel open: waits for the connection, opens one, sets it up, and does so again when the channel or the
 * connection is lost. `opened` is called after each setup.
 */
export function openReconnectingChannel(o: {
  connection: Connection;
  purpose: string;
  log: Logger;
  setup: (channel: Channel) => Promise<void>;
  opened?: (channel: Channel) => void;
}): ReconnectingChannel {
  const { connection, log, purpose } = o;
  const closing = new AbortController();
  let current: Channel | undefined;

  async function keepOne(): Promise<void> {
    const channel = await connection.acquire({ emitErrorsFromChannel: true });
    const closed = new Promise<void>((resolve) => channel.once('close', resolve));
    channel.on('error', (err) => log.warn({ err, purpose }, 'rabbitmq: a channel failed'));
    // The server ends a consumer when its queue is deleted or its node stops; a new channel begins another.
    channel.on('basic.cancel', () => channel.close());
    try {
      await o.setup(channel);
    } catch (err) {
      await channel.close();
      throw err;
    }
    if (closing.signal.aborted) return channel.close();
    if (!channel.active) return;
    current = channel;
    o.opened?.(channel);
    await closed;
    current = undefined;
  }

  async function run(): Promise<void> {
    for (let failures = 0; !closing.signal.aborted; ) {
      try {
        await keepOne();
        failures = 0;
      } catch (err) {
        if (closing.signal.aborted) return;
        // While the connection is down, its own error has been logged.
        if (connection.ready && ++failures === 1) log.error({ err, purpose }, 'rabbitmq: a channel cannot be set up');
        await pause(backoffMs(BACKOFF, Math.max(1, failures)), closing.signal);
      }
    }
  }

  const running = run();
  return {
    current: () => current,
    close: async () => {
      closing.abort();
      if (current) await settlesWithin(CLOSE_MS, current.close());
      if (connection.ready) await settlesWithin(CLOSE_MS, running);
    },
  };
}
