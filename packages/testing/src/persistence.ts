import { setTimeout as pause } from 'node:timers/promises';

/** One answer of many that may be asked for, as far as asking again depends on it. */
type ResponseHead = { status: number; headers: Headers };

export type Persistence = {
  /** How often it is asked at the most; for ever unless said. */
  attempts?: number;
  /** When it is not asked again any more, in milliseconds on the clock of `performance.now()`. */
  giveUpAt?: number;
  /** Told of every attempt: whether it was answered for good, and how long it took. */
  onAttempt?: (attempt: { answered: boolean; startedAt: number; ms: number; reason: string }) => void;
};

const LONGEST_PAUSE_MS = 2000;

/** Answers that say nothing about the request, only that it is to be sent again (RFC 9110, RFC 6585). */
export const isTryLater = (status: number): boolean => status >= 500 || status === 429;

/**
 * Asks until there is an answer, as a client should: again, with growing pauses, while the answer is lost, says to try
 * later (after `Retry-After`, if it says so) or is that of a server that failed. Gives up with the last of these.
 */
export async function persist<T extends ResponseHead>(ask: () => Promise<T>, o: Persistence = {}): Promise<T> {
  const { attempts = Number.POSITIVE_INFINITY, giveUpAt = Number.POSITIVE_INFINITY } = o;
  for (let attempt = 1; ; attempt++) {
    const startedAt = performance.now();
    const report = (answered: boolean, reason: string) =>
      o.onAttempt?.({ answered, startedAt, ms: performance.now() - startedAt, reason });
    let wait = Math.min(LONGEST_PAUSE_MS, 50 * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2);
    const isLast = () => attempt >= attempts || performance.now() + wait >= giveUpAt;
    try {
      const answer = await ask();
      report(!isTryLater(answer.status), String(answer.status));
      if (!isTryLater(answer.status)) return answer;
      wait = Math.max(wait, retryAfterMs(answer.headers));
      if (isLast()) return answer;
    } catch (err) {
      report(false, reasonOf(err));
      if (isLast()) throw err;
    }
    await pause(wait);
  }
}

function retryAfterMs(headers: Headers): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? Math.min(seconds, 5) * 1000 : 0;
}

/** The innermost code or name of an error: `ECONNRESET`, `TimeoutError`. */
export function reasonOf(err: unknown): string {
  if (!(err instanceof Error)) return String(err);
  if (err.cause instanceof Error) return reasonOf(err.cause);
  return 'code' in err && typeof err.code === 'string' ? err.code : err.name;
}
