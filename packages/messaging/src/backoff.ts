/** Delays that grow by a factor of two. */
export type Backoff = {
  /** The delay after the first failure, in milliseconds. */
  firstMs: number;
  /** No delay is longer, in milliseconds. */
  maxMs: number;
};

/**
 * How long to wait after the `failures`th failure in a row, in milliseconds: between half and all of an exponentially
 * growing delay, at random, so that those who failed together do not come back together.
 */
export function backoffMs(o: Backoff, failures: number): number {
  const full = Math.min(o.maxMs, o.firstMs * 2 ** Math.min(failures - 1, 30));
  return full / 2 + (Math.random() * full) / 2;
}
