import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import { banForAWhile } from './ban-cycle.ts';
import { changePrice } from './price-changes.ts';
import { raceForCoupon, raceForLastUnits } from './races.ts';
import { visit } from './visit.ts';
import type { Workload } from './workload.ts';

/** Between two changes of a price, and two bans of a seller, in milliseconds. */
const EVERY_MS = { price: 2000, ban: 30_000 };
/** The first ban and the first races come so soon, so that a short run has them. */
const FIRST_MS = { ban: 3000, couponRace: 500, stockRace: 800 };

/**
 * An open loop: visits begin at random moments, `rate` a second on average, whether or not those before have come to
 * their end, so that a slow system is not spared. It goes on while `goesOn()`, and resolves when the last visit is over. Rejects with
 * the first error of a visit, a price change, a race or a ban, after which nothing new begins.
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
  const { signal, behaviour } = workload;
  const [arrivals, changes] = [random.fork('arrivals'), random.fork('prices')];
  const [bans, races, stockRaces] = [random.fork('bans'), random.fork('races'), random.fork('stock races')];
  const startedAt = performance.now();
  let visits = 0;
  const raceCounts = { coupon: 0, stock: 0 };
  const recurring = [
    { inMs: EVERY_MS.price, everyMs: EVERY_MS.price, start: () => changePrice(workload, changes) },
    {
      ...{ inMs: FIRST_MS.couponRace, everyMs: behaviour.couponRaceEveryMs },
      start: () => raceForCoupon(workload, races, raceCounts.coupon++),
    },
    {
      ...{ inMs: FIRST_MS.stockRace, everyMs: behaviour.stockRaceEveryMs },
      start: () => raceForLastUnits(workload, stockRaces, raceCounts.stock++),
    },
    ...(o.bans ? [{ inMs: FIRST_MS.ban, everyMs: EVERY_MS.ban, start: () => banForAWhile(workload, bans) }] : []),
  ];
  for (let dueAt = startedAt; !signal.aborted && errors.length === 0 && o.goesOn(visits); ) {
    // The times between arrivals of people who know nothing of one another.
    dueAt += (-Math.log(1 - arrivals.next()) * 1000) / o.rate;
    const earlyMs = dueAt - performance.now();
    if (earlyMs > 0) await sleep(earlyMs, undefined, { signal }).catch(() => undefined);
    begin(visit(workload, random.fork(`visit ${visits}`)));
    visits++;
    for (const one of recurring) {
      if (performance.now() < startedAt + one.inMs) continue;
      one.inMs += one.everyMs;
      begin(one.start());
    }
  }
  while (underWay.size > 0) await Promise.all(underWay);
  if (errors.length > 0) throw errors[0];
}
