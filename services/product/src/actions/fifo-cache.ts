/**
 * A map of at most `max` entries that drops the oldest for a new one: all live equally long, so the oldest is the first
 * to be of no use. What is oldest is kept in a ring; a map's own order would have to be searched for it.
 */
export function createFifoCache<V>(max: number) {
  const map = new Map<string, V>();
  const ring: string[] = [];
  let next = 0;
  return {
    get: (key: string) => map.get(key),
    set(key: string, value: V) {
      if (!map.has(key)) {
        const oldest = ring[next];
        if (oldest !== undefined) map.delete(oldest);
        ring[next] = key;
        next = (next + 1) % max;
      }
      map.set(key, value);
    },
    delete: (key: string) => map.delete(key),
    clear: () => map.clear(),
  };
}
