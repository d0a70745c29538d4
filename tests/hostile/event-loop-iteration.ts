/** Others wait no longer than this many times what they wait for the largest ordinary body, parsed and refused. */
const MOST = 8;
/** Where half a megabyte of text is put into the normal form NFC; see body-cost.test.ts. */
const MOST_NORMALISED = 20;
/** How many times as long others may wait for such a request. */
export const mostTimesFor = (what: string): number => (/marks|compatibility/.test(what) ? MOST_NORMALISED : MOST);

/** Garbage collections only add to an iteration: the least of many tries counts. */
export const MOST_TRIES = 12;
export const REFERENCE_TRIES = 6;

/** Milliseconds of CPU that this thread has used. Unlike a clock, they do not run on while other processes have the CPU. */
function used(): number {
  // Linux brings the figure of a thread up to date when that of the process is asked for, else only every few milliseconds.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

/** The longest iteration of the event loop while this was done, in milliseconds of CPU: so long all other requests wait at least. */
async function longestIteration(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let isDone = false;
  let before = used();
  const turns = new Promise<void>((resolve) => {
    const measure = () => {
      const now = used();
      longest = Math.max(longest, now - before);
      before = now;
      if (isDone) resolve();
      else setImmediate(measure);
    };
    setImmediate(measure);
  });
  try {
    await work();
  } finally {
    isDone = true;
    await turns;
  }
  return longest;
}

/** The shortest of the longest iterations of many tries, or the first that is short enough. */
export async function shortestIteration(work: () => Promise<void>, enoughMs: number, tries: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < tries && least > enoughMs; attempt++)
    least = Math.min(least, await longestIteration(work));
  return least;
}
