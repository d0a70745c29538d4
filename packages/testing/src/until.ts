import { setTimeout as sleep } from 'node:timers/promises';
import { CONDITION_LIMIT_MS } from './time-limits.ts';

type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/**
 * Polls `condition` until it returns something truthy, and returns that. An exception counts as "not yet". After the time
 * limit that all tests share it throws; the last exception is the cause.
 */
export async function until<T>(condition: () => T | Promise<T>, o: { what?: string } = {}): Promise<Truthy<T>> {
  return poll(condition, { ...o, limitMs: CONDITION_LIMIT_MS });
}

/** The same with a limit of its own; exported for the test of `until`, since a test needs no other limit. */
export async function poll<T>(
  condition: () => T | Promise<T>,
  o: { limitMs: number; what?: string },
): Promise<Truthy<T>> {
  const deadline = performance.now() + o.limitMs;
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    let cause: unknown;
    try {
      const value = await condition();
      // as: that it is truthy is what was just asked; the compiler does not carry it over to an open T.
      if (value) return value as Truthy<T>;
    } catch (err) {
      cause = err;
    }
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${o.what ?? String(condition)}`, { cause });
    await sleep(pause);
  }
}
