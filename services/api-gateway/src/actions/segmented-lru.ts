import { LRUCache } from 'lru-cache';

export type SegmentedLruOptions = {
  maxEntries: number;
  maxBytes: number;
  /** Called for each entry that makes room for others. */
  onEvict(): void;
};

/**
 * A segmented LRU cache, bounded by entries and by bytes. New entries are on probation in a fifth of the room. One that is asked for
 * again is protected: only entries that were asked for twice, too, can take its place. So a flood of requests that nobody repeats
 * does not remove what many ask for.
 */
export class SegmentedLru<Value extends NonNullable<unknown>> {
  readonly #probation: LRUCache<string, Value>;
  readonly #protected: LRUCache<string, Value>;

  /** `sizeOf`: the bytes of a value, without its key. */
  constructor({ maxEntries, maxBytes, onEvict }: SegmentedLruOptions, sizeOf: (value: Value) => number) {
    const segment = (share: number) =>
      new LRUCache<string, Value>({
        max: Math.max(1, Math.floor(maxEntries * share)),
        maxSize: Math.max(1, Math.floor(maxBytes * share)),
        sizeCalculation: (value, key) => bytesOf(key) + sizeOf(value),
        dispose: (_value, _key, reason) => {
          if (reason === 'evict') onEvict();
        },
      });
    this.#probation = segment(1 / 5);
    this.#protected = segment(4 / 5);
  }

  get size(): number {
    return this.#probation.size + this.#protected.size;
  }

  get bytes(): number {
    return this.#probation.calculatedSize + this.#protected.calculatedSize;
  }

  /** Finds an entry and protects it from now on. */
  get(key: string): Value | undefined {
    const value = this.#protected.get(key);
    if (value !== undefined) return value;
    const fresh = this.#probation.get(key);
    if (fresh === undefined) return undefined;
    this.#probation.delete(key);
    this.#protected.set(key, fresh);
    return fresh;
  }

  set(key: string, value: Value): void {
    if (this.#protected.has(key)) this.#protected.set(key, value);
    else this.#probation.set(key, value);
  }

  delete(key: string): void {
    this.#probation.delete(key);
    this.#protected.delete(key);
  }

  /** Deletes the entries for which `isOver` is true. */
  prune(isOver: (value: Value) => boolean): void {
    for (const cache of [this.#probation, this.#protected]) {
      for (const [key, value] of cache.entries()) if (isOver(value)) cache.delete(key);
    }
  }
}

/** What an entry takes beside its value: the key, two bytes a character at most, and the records of the cache. */
const bytesOf = (key: string): number => 256 + 2 * key.length;
