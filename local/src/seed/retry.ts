import { setTimeout as sleep } from 'node:timers/promises';
import { isTransient } from '@tradepost/postgres/unavailable';
import { messageOf } from '../failure.ts';
import { ApiFailure } from './api.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2000;
/** Only a start that would never succeed is given up. */
const LIMIT_MS = 15 * 60_000;

/**
 * Runs work of the start that may be repeated without harm, again and again while the database or the services do not
 * answer in time: on a slow machine a first connection takes longer than the limits of a service allow. `note` is told
 * what is waited for. Throws what is not temporary at once, and the reason of `signal` when that is aborted.
 */
export async function retryWhileUnavailable<T>(
  work: () => Promise<T>,
  o: { signal: AbortSignal; note: (text: string) => void; pauseMs?: number },
): Promise<T> {
  const deadline = performance.now() + LIMIT_MS;
  for (let pause = o.pauseMs ?? FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    o.signal.throwIfAborted();
    try {
      return await work();
    } catch (err) {
      o.signal.throwIfAborted();
      if (!isTemporary(err) || performance.now() > deadline) throw err;
      o.note(`waiting, since this machine is slow or busy: ${messageOf(err)}`);
    }
    // When it is aborted, the next round throws the reason.
    await sleep(pause, undefined, { signal: o.signal }).catch(() => undefined);
  }
}

function isTemporary(err: unknown): boolean {
  if (err instanceof ApiFailure) return err.status >= 500 || err.status === 429;
  // fetch throws a TypeError when a connection is refused or lost, and its signal a TimeoutError.
  const isLost = err instanceof TypeError && err.cause !== undefined;
  return isLost || isTransient(err) || (err instanceof Error && err.name === 'TimeoutError');
}
