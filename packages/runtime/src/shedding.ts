/** Tells when there is more work than can be done, and refuses what comes on top of it. */
export type Shedder = {
  /** Why a request that arrives now is to be refused, if it is. */
  reason(): 'in_flight' | 'event_loop' | undefined;
  enter(): void;
  leave(): void;
  inFlight(): number;
  /** Milliseconds by which the event loop was late when it was last looked at. */
  eventLoopDelay(): number;
};

/** How often the event loop is looked at, while there are requests. */
const SAMPLE_MS = 100;

/**
 * Sheds by the number of requests in flight and by the delay of the event loop. The delay is sampled by a timer that
 * runs only while requests arrive, so that an idle service has no timer; two late samples in a row count, since one may
 * be a garbage collection or another process's burst.
 */
export function createShedder(o: { maxInFlight: number; maxEventLoopDelayMs: number }): Shedder {
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
      return lateSamples >= 2 ? 'event_loop' : undefined;
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
