import { beforeEach, describe, expect, it, vi } from 'vitest';

const account = (id: string) =>
  JSON.stringify({ id, name: 'Ada', email: `${id}@example.com`, emailVerified: true, role: 'seller', permissions: [] });

describe('the cache of the page', () => {
  let signInElsewhere: (id: string) => void;
  beforeEach(() => {
    const stored = new Map([['tradepost.account', account('first')]]);
    const listeners: ((event: { key: string }) => void)[] = [];
    vi.stubGlobal('location', { origin: 'http://shop.test', pathname: '/sell' });
    vi.stubGlobal('localStorage', { getItem: (key: string) => stored.get(key) ?? null });
    vi.stubGlobal('addEventListener', (_type: string, listener: (event: { key: string }) => void) =>
      listeners.push(listener),
    );
    signInElsewhere = (id) => {
      stored.set('tradepost.account', account(id));
      for (const listener of listeners) listener({ key: 'tradepost.account' });
    };
    return () => vi.unstubAllGlobals();
  });

  it('forgets what one account was shown when another signs in: all but the public catalogue', async () => {
    const { createQueryClient } = await import('./query-client.ts');
    const client = createQueryClient();
    const keys = [
      ['catalogue', 'navigation'],
      ['desk', 'lowStock', 5],
      ['orders', 'purchases'],
    ];
    for (const queryKey of keys) {
      await client.fetchQuery({ queryKey, queryFn: () => 'seen', meta: { part: 'catalogue' } });
    }
    signInElsewhere('second');
    expect(keys.map((key) => client.getQueryData(key))).toEqual(['seen', undefined, undefined]);
    client.clear();
  });
});
