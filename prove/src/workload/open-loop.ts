import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { changePrice, type Shopping, visit } from './purchase.ts';

/** Between two changes of a price, in milliseconds. */
const CHANGE_EVERY_MS = 2000;

/**
 * An open loop: visits begin at random moments, `rate` a second on average, whether or not those before have come to
 * their end, so that a slow system is not spared. It goes on while `goesOn()`, and resolves when the last visit is over.
 */
export async function runLoad(
  shopping: Shopping,
  random: Random,
  o: { rate: number; goesOn: (visits: number) => boolean },
): Promise<void> {
  const under = new Set<Promise<void>>();
  const begin = (work: Promise<void>) => {
    const tracked = work.finally(() => under.delete(tracked));
    under.add(tracked);
  };
  const { signal } = shopping;
  const [arrivals, changes] = [random.fork('arrivals'), random.fork('prices')];
  let visits = 0;
  let changeAt = performance.now() + CHANGE_EVERY_MS;
  for (let dueAt = performance.now(); !signal.aborted && o.goesOn(visits); ) {
    // The times between arrivals of people who know nothing of one another.
    dueAt += (-Math.log(1 - arrivals.next()) * 1000) / o.rate;
    const early = dueAt - performance.now();
    if (early > 0) await sleep(early, undefined, { signal }).catch(() => undefined);
    begin(visit(shopping, random.fork(`visit ${visits}`)));
    visits++;
    if (performance.now() < changeAt) continue;
    changeAt += CHANGE_EVERY_MS;
    begin(changePrice(shopping, changes));
  }
  while (under.size > 0) await Promise.all(under);
}
