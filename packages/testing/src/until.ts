import { setTimeout as sleep } from 'node:timers/promises';

type Truthy<T> = Exclude<T, false | 0 | '' | null | undefined>;

/**
 * Polls `condition` until it gives something truthy, and returns that. What it throws counts as "not yet"; after
 * `timeoutMs` (20,000: generous, since only a failing test waits for it) the last of it is the cause of the error.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  o: { timeoutMs?: number; what?: string } = {},
): Promise<Truthy<T>> {
  const deadline = Date.now() + (o.timeoutMs ?? 20_000);
  for (let pause = 2; ; pause = Math.min(pause * 2, 50)) {
    let cause: unknown;
    try {
      const value = await condition();
      // as: that it is truthy is what was just asked; the compiler does not carry it over to an open T.
      if (value) return value as Truthy<T>;
    } catch (err) {
      cause = err;
    }
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${o.what ?? String(condition)}`, { cause });
    await sleep(pause);
  }
}
