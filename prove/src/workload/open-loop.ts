import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { banForAWhile } from './ban-cycle.ts';
import { changePrice } from './price-changes.ts';
import { visit } from './visit.ts';
import type { Workload } from './workload.ts';

/** Between two changes of a price, and two bans of a seller, in milliseconds. */
const EVERY_MS = { price: 2000, ban: 30_000 };
/** The first ban comes so soon, so that a short run has one. */
const FIRST_BAN_MS = 3000;

/**
 * An open loop: visits begin at random moments, `rate` a second on average, whether or not those before have come to
 * their end, so that a slow system is not spared. It goes on while `goesOn()`, and resolves when the last visit is over. Rejects with
 * the first error of a visit, a price change or a ban, after which nothing new begins.
 */
export async function runOpenLoop(
  workload: Workload,
  random: Random,
  o: { rate: number; bans: boolean; goesOn: (visits: number) => boolean },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  const errors: unknown[] = [];
  const begin = (work: Promise<void>) => {
    const tracked = work.catch((error) => void errors.push(error)).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  const { signal } = workload;
  const [arrivals, changes, bans] = [random.fork('arrivals'), random.fork('prices'), random.fork('bans')];
  const startedAt = performance.now();
  let visits = 0;
  let changeAt = startedAt + EVERY_MS.price;
  let banAt = o.bans ? startedAt + FIRST_BAN_MS : Number.POSITIVE_INFINITY;
  for (let dueAt = startedAt; !signal.aborted && errors.length === 0 && o.goesOn(visits); ) {
    // The times between arrivals of people who know nothing of one another.
    dueAt += (-Math.log(1 - arrivals.next()) * 1000) / o.rate;
    const earlyMs = dueAt - performance.now();
    if (earlyMs > 0) await sleep(earlyMs, undefined, { signal }).catch(() => undefined);
    begin(visit(workload, random.fork(`visit ${visits}`)));
    visits++;
    if (performance.now() >= changeAt) {
      changeAt += EVERY_MS.price;
      begin(changePrice(workload, changes));
    }
    if (performance.now() >= banAt) {
      banAt += EVERY_MS.ban;
      begin(banForAWhile(workload, bans));
    }
  }
  while (underWay.size > 0) await Promise.all(underWay);
  if (errors.length > 0) throw errors[0];
}
