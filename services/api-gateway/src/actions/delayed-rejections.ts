/**
 * Delays the refusals of clients that are beyond their rate. A client that does not wait by itself, but asks again as soon as it is
 * answered, would otherwise keep the gateway busy with refusals; so it gets at most one in each
 * `delayMs` on each of its connections.
 */
export class DelayedRejections {
  readonly #delayMs: number;
  readonly #max: number;
  #count = 0;

  /** No more than `max` are delayed at the same time. */
  constructor(o: { delayMs: number; max: number }) {
    this.#delayMs = o.delayMs;
    this.#max = o.max;
  }

  /** Calls `refuse` after `delayMs` to twice that time. False where too many are delayed already: it is not called then. */
  delay(refuse: () => void): boolean {
    if (this.#count >= this.#max) return false;
    this.#count += 1;
    // Not all at one moment: bodies that are refused are read to their end.
    const delayMs = this.#delayMs * (1 + Math.random());
    setTimeout(() => {
      this.#count -= 1;
      refuse();
    }, delayMs);
    return true;
  }
}
