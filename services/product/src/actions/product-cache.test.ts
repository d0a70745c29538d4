import { describe, expect, it } from 'vitest';
import { createProductCache, type PublicProduct } from './product-cache.ts';

function bed(ttlMs = 1000, max = 10) {
  const state = { now: 0, reads: 0, version: 1 };
  const cache = createProductCache({ ttlMs, max, clock: () => state.now });
  const read = async (): Promise<PublicProduct> => {
    state.reads++;
    return { id: 'a', version: state.version, json: '{}' };
  };
  return { state, cache, read };
}

describe('the product cache', () => {
  it('remembers for its time to live', async () => {
    const { state, cache, read } = bed();
    await cache.get('a', read);
    state.now = 999;
    await cache.get('a', read);
    expect(state.reads).toBe(1);
    state.now = 1000;
    await cache.get('a', read);
    expect(state.reads).toBe(2);
  });

  it('shares a read that is under way', async () => {
    const { state, cache, read } = bed();
    await Promise.all([cache.get('a', read), cache.get('a', read)]);
    expect(state.reads).toBe(1);
  });

  it('forgets what was changed, even while it is being read', async () => {
    const { state, cache } = bed();
    let finish: (product: PublicProduct) => void = () => undefined;
    const slow = cache.get(
      'a',
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    cache.forget(['a']);
    finish({ id: 'a', version: 1, json: 'old' });
    expect((await slow)?.json).toBe('old');
    const next = await cache.get('a', async () => ({ id: 'a', version: 2, json: 'new' }));
    expect(next?.json).toBe('new');
    expect(state.reads).toBe(0);
  });

  it('does not remember a failure', async () => {
    const { cache, read } = bed();
    await expect(
      cache.get('a', async () => {
        throw new Error('away');
      }),
    ).rejects.toThrow('away');
    expect(await cache.get('a', read)).toMatchObject({ version: 1 });
  });

  it('is bounded, and can be off', async () => {
    const { state, cache, read } = bed(1000, 2);
    for (const id of ['a', 'b', 'c', 'a']) await cache.get(id, read);
    expect(state.reads).toBe(4);
    const off = bed(0);
    await off.cache.get('a', off.read);
    await off.cache.get('a', off.read);
    expect(off.state.reads).toBe(2);
  });
});
