/** Load shedding: refuses new requests with 503 while there is more work than the process can do. */
export type Shedder = {
  /** Why a request that arrives now must be refused; undefined when it is accepted. */
  reason(): 'in_flight' | 'event_loop' | 'database' | undefined;
  enter(): void;
  leave(): void;
  inFlight(): number;
  /** Delay of the event loop at the last sample, in milliseconds. */
  eventLoopDelay(): number;
};

/** How often the event loop is sampled, while there are requests. */
const SAMPLE_MS = 100;

/**
 * Sheds by the number of requests in flight, by the delay of the event loop, and by how long statements wait for a connection
 * to the database: requests that join a long queue only make it longer, until all of them time out.
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

/** A queue that stands for a shorter time is a burst, or follows a restart of the database: it may drain. */
const STANDING_MS = 3000;
/** After requests were refused, a new queue gets no `STANDING_MS` for so long. */
const ON_GUARD_MS = 10_000;

/**
 * Controlled delay (CoDel): true while there is a standing queue with waits longer than `maxMs`. `waiting` is the length of the
 * queue, `waitedMs` the wait of the last one that was served, and `queuedMs` the time since the queue was empty.
 * Source: B. Maurer, "Fail at Scale", ACM Queue 13 (2015), on controlled delay.
 */
export function createCoDel(o: {
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
