import { describe, expect, it } from 'vitest';
import { SegmentedLru } from './segmented-lru.ts';

function create(maxEntries: number, maxBytes = 1e6) {
  const state = { evicted: 0 };
  const cache = new SegmentedLru<{ bytes: number }>(
    { maxEntries, maxBytes, onEvict: () => state.evicted++ },
    ({ bytes }) => bytes,
  );
  return { cache, state };
}

describe('a segmented LRU cache', () => {
  it('keeps what was asked for again; a single use does not displace it', () => {
    const { cache, state } = create(10);
    cache.set('hot', { bytes: 1 });
    cache.get('hot');
    for (let i = 0; i < 100; i++) cache.set(`once-${i}`, { bytes: 1 });
    expect(cache.get('hot')).toBeDefined();
    expect([cache.size, state.evicted]).toEqual([3, 98]);
    cache.set('hot', { bytes: 2 });
    expect(cache.get('hot')).toEqual({ bytes: 2 });
  });

  it('is bounded by entries and by bytes, keys included', () => {
    const { cache } = create(1000, 100_000);
    for (let i = 0; i < 1000; i++) {
      cache.set(`key-${i}`, { bytes: 1000 });
      cache.get(`key-${i}`);
    }
    expect(cache.bytes).toBeLessThanOrEqual(100_000);
    expect(cache.size).toBeGreaterThan(50);
    // More than there is room for on probation.
    cache.set('large', { bytes: 50_000 });
    expect(cache.get('large')).toBeUndefined();
  });

  it('forgets', () => {
    const { cache, state } = create(50);
    for (const [key, bytes] of Object.entries({ a: 1, b: 2, c: 1 })) cache.set(key, { bytes });
    cache.get('c');
    cache.delete('c');
    cache.prune(({ bytes }) => bytes === 2);
    expect([cache.size, state.evicted]).toEqual([1, 0]);
  });
});
