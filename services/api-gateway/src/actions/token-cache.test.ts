import { ProblemError } from '@tradepost/contracts/problem-error';
import { beforeEach, describe, expect, test } from 'vitest';
import { alice, aliceKey, createCacheFixture, jwtOf, TOKEN_LIFE_MS } from '../../test/token-cache-fixture.ts';
import type { Credential } from '../domain/credential.ts';
import { credentialKey, SECOND_FACTOR_MISSING } from './resolved-credential.ts';

let cache: ReturnType<typeof createCacheFixture>;

beforeEach(() => {
  cache = createCacheFixture();
});

describe('the token cache', () => {
  test('asks once, however many ask at the same time, and remembers', async () => {
    expect(cache.tokens.find(aliceKey, alice)).toBeUndefined();
    await Promise.all(Array.from({ length: 50 }, () => cache.tokens.resolve(aliceKey, alice)));
    expect(cache.asked).toEqual(['alice-session']);
    expect(jwtOf(cache.tokens.find(aliceKey, alice))).toBe('jwt 1');
  });

  test('renews in the background once a third of its life has passed, for all who ask', async () => {
    await cache.tokens.resolve(aliceKey, alice);
    cache.now += TOKEN_LIFE_MS / 3 - 1;
    cache.tokens.find(aliceKey, alice);
    expect(cache.asked).toHaveLength(1);
    cache.now += 1;
    for (let i = 0; i < 10; i++) expect(jwtOf(cache.tokens.find(aliceKey, alice))).toBe('jwt 1');
    await expect.poll(() => jwtOf(cache.tokens.find(aliceKey, alice))).toBe('jwt 2');
    expect(cache.asked).toHaveLength(2);
  });

  test('clients that were active notice no absence of auth for two thirds of a token’s life', async () => {
    await cache.tokens.resolve(aliceKey, alice);
    cache.answer = async () => {
      throw new ProblemError('unavailable', 'away');
    };
    cache.now += TOKEN_LIFE_MS / 3;
    for (let i = 0; i < 60; i++) {
      cache.now += (TOKEN_LIFE_MS * 2) / 3 / 64;
      expect(jwtOf(cache.tokens.find(aliceKey, alice))).toBe('jwt 1');
      await new Promise((resolve) => setImmediate(resolve));
    }
    cache.now += TOKEN_LIFE_MS;
    expect(cache.tokens.find(aliceKey, alice)).toBeUndefined();
    await expect(cache.tokens.resolve(aliceKey, alice)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a credential that is no good is remembered for seconds only', async () => {
    cache.answer = async () => undefined;
    expect(await cache.tokens.resolve(aliceKey, alice)).toEqual({ kind: 'refused' });
    expect(cache.tokens.find(aliceKey, alice)).toMatchObject({ kind: 'refused' });
    cache.now += 5_001;
    expect(cache.tokens.find(aliceKey, alice)).toBeUndefined();
  });

  test('that a second factor is missing is not remembered: the account is about to set it up', async () => {
    cache.answer = async () => SECOND_FACTOR_MISSING;
    expect(await cache.tokens.resolve(aliceKey, alice)).toEqual({ kind: 'second-factor-missing' });
    expect(cache.tokens.find(aliceKey, alice)).toBeUndefined();
  });

  test('is bounded, its index too', async () => {
    for (let i = 0; i < 500; i++) {
      const one: Credential = { kind: 'token', value: `t${i}` };
      cache.answer = async () => cache.issue(one, { accountId: `account ${i}` });
      await cache.tokens.resolve(credentialKey(one), one);
    }
    expect(cache.tokens.size).toBe(100);
    expect(cache.tokens.indexed).toBe(100);
    for (let i = 0; i < 500; i++) cache.tokens.accountChanged(`account ${i}`);
    expect([cache.tokens.size, cache.tokens.indexed]).toEqual([0, 0]);
  });

  test('too many at once are refused instead of being queued', async () => {
    const settle = cache.holdExchange();
    const learning = Array.from({ length: 500 }, (_, i) => cache.tokens.resolve(`key ${i}`, alice));
    await expect(cache.tokens.resolve('one more', alice)).rejects.toMatchObject({ code: 'overloaded' });
    settle(undefined);
    void Promise.allSettled(learning);
  });
});
