import { LRUCache } from 'lru-cache';

/**
 * A map of at most `max` entries, of which the least recently used makes room. Its room grows with what is in it: what the
 * library sets aside for a `max` of tens of thousands takes 18 ms of a start and 4 MB of memory, mostly for nothing.
 */
export function createLruCache<Value extends NonNullable<unknown>>(
  max: number,
  dispose?: (value: Value, key: string) => void,
): LRUCache<string, Value> {
  return new LRUCache({ maxSize: max, sizeCalculation: () => 1, ...(dispose && { dispose }) });
}
