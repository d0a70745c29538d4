import { LRUCache } from 'lru-cache';

/**
 * An LRU cache of at most `max` entries: the least recently used entry is dropped. Memory grows with the entries: with the library's
 * option `max`, tens of thousands of entries would cost 18 ms at start and 4 MB.
 */
export function createLruCache<Value extends NonNullable<unknown>>(
  max: number,
  dispose?: (value: Value, key: string) => void,
): LRUCache<string, Value> {
  return new LRUCache({ maxSize: max, sizeCalculation: () => 1, ...(dispose && { dispose }) });
}
