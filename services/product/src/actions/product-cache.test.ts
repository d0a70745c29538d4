import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createProductCache, type PublicProduct } from './product-cache.ts';

const AWAY = new Error('away');
const away = () => Promise.reject(AWAY);

function bed(ttlMs = 1000, max = 10) {
  const state = { now: 0, reads: 0, version: 1, isRecovering: false };
  const isUnavailable = (err: unknown) => err === AWAY;
  const cache = createProductCache({
    ttlMs,
    staleMs: 60_000,
    max,
    clock: () => state.now,
    isUnavailable,
    isRecovering: () => state.isRecovering,
  });
  const read = async (): Promise<PublicProduct> => {
    state.reads++;
    return { id: 'a', version: state.version, json: '{}', readAt: 0 };
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
    finish({ id: 'a', version: 1, json: 'old', readAt: 0 });
    expect((await slow)?.json).toBe('old');
    const next = await cache.get('a', async () => ({ id: 'a', version: 2, json: 'new', readAt: 0 }));
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

  it('gives out what was read last while the database is unavailable, and for a minute at most', async () => {
    const { state, cache, read } = bed();
    await cache.get('a', read);
    state.now = 59_999;
    expect(await cache.get('a', away)).toMatchObject({ version: 1 });
    expect(await cache.get('a', away)).toMatchObject({ version: 1 });
    state.now = 60_000;
    await expect(cache.get('a', away)).rejects.toBe(AWAY);
    await expect(cache.get('b', away)).rejects.toBe(AWAY);
    state.version = 2;
    expect(await cache.get('a', read)).toMatchObject({ version: 2 });
  });

  it('does not wait for a database that gives no answer, and uses the answer when it comes', async () => {
    const { state, cache, read } = bed();
    await cache.get('a', read);
    state.now = 1000;
    let finish: (product: PublicProduct) => void = () => undefined;
    const slow = () =>
      new Promise<PublicProduct>((resolve) => {
        finish = resolve;
      });
    state.isRecovering = true;
    expect(await cache.get('a', slow)).toMatchObject({ version: 1 });
    state.now = 2000;
    // The read that is under way is enough.
    expect(await cache.get('a', read)).toMatchObject({ version: 1 });
    expect(state.reads).toBe(1);
    finish({ id: 'a', version: 3, json: '{}', readAt: 0 });
    state.now = 1500;
    await expect.poll(async () => (await cache.get('a', read))?.version).toBe(3);
  });

  it('waits for a database that is only slow', async () => {
    const { state, cache, read } = bed();
    await cache.get('a', read);
    state.now = 1000;
    const slow = () => sleep(400, { id: 'a', version: 2, json: '{}', readAt: 0 });
    expect(await cache.get('a', slow)).toMatchObject({ version: 2 });
  });

  it('gives out nothing of what was forgotten, and hides no other error', async () => {
    const { state, cache, read } = bed();
    await cache.get('a', read);
    state.now = 1000;
    await expect(cache.get('a', () => Promise.reject(new Error('wrong')))).rejects.toThrow('wrong');
    expect(await cache.get('a', away)).toMatchObject({ version: 1 });
    cache.forget(['a']);
    await expect(cache.get('a', away)).rejects.toBe(AWAY);
    await cache.get('a', read);
    cache.forgetAll();
    await expect(cache.get('a', away)).rejects.toBe(AWAY);
  });

  it('keeps a first read by name for an outage only, and not if anything changed meanwhile', async () => {
    const { state, cache, read } = bed();
    await cache.keepForOutage(read);
    expect(await cache.get('a', away)).toMatchObject({ version: 1 });
    state.version = 2;
    expect(await cache.get('a', read)).toMatchObject({ version: 2 });
    const other = bed();
    await other.cache.keepForOutage(async () => {
      other.cache.forget(['z']);
      return other.read();
    });
    await expect(other.cache.get('a', away)).rejects.toBe(AWAY);
  });
});
