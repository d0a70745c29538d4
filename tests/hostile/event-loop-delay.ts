import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Others wait no longer than this many times what they wait for the largest ordinary body, parsed and refused. */
const MOST = 8;
/** Where half a megabyte of text is put into the normal form NFC it was 10 times; see body-cost.test.ts. */
const MOST_NORMALISED = 20;
/** How many times as long others may wait for such a request. */
export const mostTimesFor = (what: string): number => (/marks|compatibility/.test(what) ? MOST_NORMALISED : MOST);

/** Other processes and garbage collections only add to a delay, on a busy machine nearly always: the least of many tries counts. */
export const MOST_TRIES = 50;
export const REFERENCE_TRIES = 6;

/** The longest that the event loop was late while this was done, in milliseconds. */
async function longestDelay(work: () => Promise<void>): Promise<number> {
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  await work();
  // The timer that measures has its turn after what held it up.
  await new Promise((resolve) => setImmediate(resolve));
  delays.disable();
  return delays.max / 1_000_000;
}

/** The least such delay of many tries, or the first that is small enough. */
export async function leastDelay(work: () => Promise<void>, enoughMs: number, tries: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < tries && least > enoughMs; attempt++)
    least = Math.min(least, await longestDelay(work));
  return least;
}
