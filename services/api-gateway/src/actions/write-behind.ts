import type { Db } from '@tradepost/postgres/db';

export type WriteBehindOptions<T> = {
  /** Entries that wait to be written; beyond that the oldest are dropped. */
  max: number;
  /** Entries written by one statement. */
  batch: number;
  insert(db: Db, entries: readonly T[]): Promise<void>;
  onDrop(count: number): void;
  /** The database is there, but will never take them: waiting would hold up all that come after. */
  onRejected(error: unknown, count: number): void;
  /** There is a batch to be written. */
  onFull(): void;
};

/**
 * Write-behind: entries are written after the response. Recording never waits and never fails. While the database is unavailable, entries wait
 * here, up to `max`.
 */
export class WriteBehind<T> {
  readonly #options: WriteBehindOptions<T>;
  #waiting: T[] = [];

  constructor(options: WriteBehindOptions<T>) {
    this.#options = options;
  }

  record(entry: T): void {
    this.#waiting.push(entry);
    const { max, batch, onDrop, onFull } = this.#options;
    // A tenth at a time, since taking single ones off the front of a long array moves all the others.
    if (this.#waiting.length > max) {
      const surplus = Math.max(1, Math.floor(max / 10));
      this.#waiting = this.#waiting.slice(surplus);
      onDrop(surplus);
    }
    if (this.#waiting.length === batch) onFull();
  }

  /** Writes one batch and returns how many entries still wait. What could not be written waits on. */
  async flush(db: Db): Promise<number> {
    const entries = this.#waiting.slice(0, this.#options.batch);
    if (entries.length === 0) return 0;
    try {
      await this.#options.insert(db, entries);
    } catch (error) {
      if (!isRefusedData(error)) throw error;
      this.#options.onRejected(error, entries.length);
      this.#options.onDrop(entries.length);
    }
    // Meanwhile the oldest may have been dropped: by identity, not by count. Written twice is written once (see the store).
    const written = new Set(entries);
    this.#waiting = this.#waiting.filter((entry) => !written.has(entry));
    return this.#waiting.length;
  }

  get waiting(): number {
    return this.#waiting.length;
  }
}

/** Classes 22 and 23: https://www.postgresql.org/docs/18/errcodes-appendix.html */
function isRefusedData(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^2[23]\w{3}$/.test(error.code);
}
