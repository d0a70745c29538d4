import type { Logger } from 'pino';

/** The leader is notified at most once in this many milliseconds: the first time at once. */
const INTERVAL_MS = 20;

/**
 * Tells the leader that there is work, at most once in 20 ms and outside of any business transaction: NOTIFY inside of
 * one takes a lock that serialises every commit of the database.
 */
export function createOutboxNotifier(
  send: () => Promise<void>,
  log: Logger,
): { notify(): void; stop(): Promise<void> } {
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  let sentAt = Number.NEGATIVE_INFINITY;
  const flush = () => {
    timer = undefined;
    sentAt = performance.now();
    // The leader polls as well, so that a lost notification only costs time.
    sending = send().catch((err) => log.debug({ err }, 'relay: the leader could not be notified'));
  };
  return {
    notify: () => {
      timer ??= setTimeout(flush, Math.max(0, sentAt + INTERVAL_MS - performance.now()));
    },
    stop: async () => {
      if (timer) {
        clearTimeout(timer);
        flush();
      }
      await sending;
    },
  };
}
