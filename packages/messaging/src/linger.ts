const FIRST_MS = 2;
const EACH_FURTHER_MS = 4;

/**
 * How long to wait after a batch of so many events until the next one begins, in milliseconds: 2 after a single event, 4 more for each
 * further event, `maxMs` at most. Many events mean that more are on their way, and a larger batch costs less for each; an event that
 * comes alone is hardly delayed. From some 200 events a second on, each wait collects more than the one before, up to `maxMs`.
 */
export const lingerMsAfter = (events: number, maxMs: number): number =>
  Math.min(maxMs, FIRST_MS + EACH_FURTHER_MS * (events - 1));
