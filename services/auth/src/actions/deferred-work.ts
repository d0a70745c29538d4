import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Logger } from 'pino';

/** So many wait for the database at most; more are refused. */
const MAX_RUNNING = 200;

/**
 * Work that is done after the response, so that the time of the response does not tell what the work was: whether there is an account
 * with an address. What is under way when the process is killed is lost; the person asks again.
 */
export type DeferredWork = {
  /** Begins the work and does not wait for it. Throws `overloaded` when too much is under way. */
  start(name: string, work: () => Promise<unknown>): void;
  /** Resolves when nothing is under way. */
  settled(): Promise<void>;
};

export function createDeferredWork(log: Logger): DeferredWork {
  const running = new Set<Promise<unknown>>();
  return {
    start(name, work) {
      if (running.size >= MAX_RUNNING) {
        throw new ProblemError('overloaded', 'Too many mails are being asked for at the moment', { retryAfter: 1 });
      }
      const done = work()
        .catch((err: unknown) => log.error({ err, work: name }, 'work after a response has failed'))
        .finally(() => running.delete(done));
      running.add(done);
    },
    async settled() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
