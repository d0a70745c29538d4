/** Tells when there is more work than can be done, and refuses what comes on top of it. */
export type Shedder = {
  /** Why a request that arrives now is to be refused, if it is. */
  reason(): 'in_flight' | 'event_loop' | 'database' | undefined;
  enter(): void;
  leave(): void;
  inFlight(): number;
  /** Milliseconds by which the event loop was late when it was last looked at. */
  eventLoopDelay(): number;
};

/** How often the event loop is looked at, while there are requests. */
const SAMPLE_MS = 100;

/**
 * Sheds by the number of requests in flight, by the delay of the event loop, and by how long statements wait for a connection
 * to the database: whoever is let in on top of a long queue only makes it longer, until callers give up on all of it.
 * The delay is sampled by a timer that runs only while requests arrive, so that an idle service has no timer; two late
 * samples in a row count, since one may be a garbage collection or another process's burst.
 */
export function createShedder(o: {
  maxInFlight: number;
  maxEventLoopDelayMs: number;
  /** True while statements wait for too long; without it there is no database. */
  isDatabaseBusy?: () => boolean;
}): Shedder {
  let inFlight = 0;
  let delay = 0;
  let lateSamples = 0;
  let arrivals = 0;
  let timer: NodeJS.Timeout | undefined;

  const sample = (due: number) => {
    delay = Math.max(0, performance.now() - due);
    lateSamples = o.maxEventLoopDelayMs > 0 && delay > o.maxEventLoopDelayMs ? lateSamples + 1 : 0;
    timer = undefined;
    if (arrivals > 0 || lateSamples > 0) arm();
    else delay = 0;
    arrivals = 0;
  };
  const arm = () => {
    timer = setTimeout(sample, SAMPLE_MS, performance.now() + SAMPLE_MS);
    timer.unref();
  };

  return {
    reason() {
      arrivals++;
      if (!timer) arm();
      if (inFlight >= o.maxInFlight) return 'in_flight';
      if (lateSamples >= 2) return 'event_loop';
      return o.isDatabaseBusy?.() ? 'database' : undefined;
    },
    enter: () => {
      inFlight++;
    },
    leave: () => {
      inFlight--;
    },
    inFlight: () => inFlight,
    eventLoopDelay: () => delay,
  };
}

/** A queue that does not stand for so long is a burst, or what a restart of the database has left behind: it is let drain. */
const STANDING_MS = 3000;
/** Once requests were refused the queue was no burst: it is given no time again so soon. */
const ON_GUARD_MS = 10_000;

/**
 * Tells whether there is a standing queue in which it is waited for longer than `maxMs`. `waiting` is how many wait, `waitedMs`
 * how long whoever came to its turn last had waited, and `queuedMs` how long ago nobody had to.
 * Source: B. Maurer, "Fail at Scale", ACM Queue 13 (2015), on controlled delay.
 */
export function watchQueue(o: {
  queue: () => { waiting: number; waitedMs: number; queuedMs: number };
  maxMs: number;
  /** Milliseconds. */
  now: () => number;
}): () => boolean {
  let wasBusyAt = Number.NEGATIVE_INFINITY;
  return () => {
    const { waiting, waitedMs, queuedMs } = o.queue();
    if (waiting === 0 || waitedMs <= o.maxMs) return false;
    const now = o.now();
    if (queuedMs < STANDING_MS && now - wasBusyAt > ON_GUARD_MS) return false;
    wasBusyAt = now;
    return true;
  };
}
