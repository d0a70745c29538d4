/** An entry of a queue: it waits, or it is under way. */
export type QueueEntry = {
  /** Ends what is under way, so that the next entry of its key begins; takes one that waits out of the queue. Later calls have no effect. */
  end(): void;
};

export type QueueOptions = {
  /** How many entries of a key wait at most. */
  maxWaiting: number;
  maxWaitMs: number;
};

type WaitingEntry = { begin: (entry: QueueEntry) => void; timer: NodeJS.Timeout };

/** A queue for each key, in the order of arrival, with one entry of a key under way at a time. */
export class KeyedQueue {
  readonly #o: QueueOptions;
  /** By key, the entries that wait; a key is there while one of its entries is under way. */
  readonly #keys = new Map<string, Map<QueueEntry, WaitingEntry>>();

  constructor(o: QueueOptions) {
    this.#o = o;
  }

  /**
   * Calls `begin`, at once or when the entries before it have ended; `giveUp` where it has waited too long. Undefined, and neither is
   * called: too many of this key wait already.
   */
  enqueue(key: string, begin: (entry: QueueEntry) => void, giveUp: () => void): QueueEntry | undefined {
    const waiting = this.#keys.get(key);
    if (waiting !== undefined && waiting.size >= this.#o.maxWaiting) return undefined;
    const entry = this.#newEntry(key);
    if (waiting === undefined) {
      this.#keys.set(key, new Map());
      begin(entry);
      return entry;
    }
    const timer = setTimeout(() => {
      entry.end();
      giveUp();
    }, this.#o.maxWaitMs);
    waiting.set(entry, { begin, timer });
    return entry;
  }

  #newEntry(key: string): QueueEntry {
    let isOver = false;
    const entry: QueueEntry = {
      end: () => {
        if (isOver) return;
        isOver = true;
        if (this.#take(key, entry) === undefined) this.#beginNext(key);
      },
    };
    return entry;
  }

  #beginNext(key: string): void {
    const [next] = this.#keys.get(key)?.keys() ?? [];
    if (next === undefined) this.#keys.delete(key);
    else this.#take(key, next)?.begin(next);
  }

  /** Takes an entry out of those that wait; undefined where it does not wait. */
  #take(key: string, entry: QueueEntry): WaitingEntry | undefined {
    const waiting = this.#keys.get(key)?.get(entry);
    if (waiting === undefined) return undefined;
    clearTimeout(waiting.timer);
    this.#keys.get(key)?.delete(entry);
    return waiting;
  }

  /** Keys with an entry under way. */
  get size(): number {
    return this.#keys.size;
  }
}
