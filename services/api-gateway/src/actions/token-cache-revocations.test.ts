import { ProblemError } from '@tradepost/contracts/problem-error';
import { beforeEach, describe, expect, test } from 'vitest';
import { alice, aliceKey, createCacheFixture, jwtOf, TOKEN_LIFE_MS } from '../../test/token-cache-fixture.ts';
import type { Credential } from '../domain/credential.ts';
import { credentialKey } from './resolved-credential.ts';

let cache: ReturnType<typeof createCacheFixture>;

beforeEach(() => {
  cache = createCacheFixture();
});

describe('a cached access token', () => {
  test('a renewal that is refused ends it', async () => {
    await cache.tokens.resolve(aliceKey, alice);
    cache.answer = async () => undefined;
    cache.now += TOKEN_LIFE_MS / 2;
    cache.tokens.find(aliceKey, alice);
    await expect.poll(() => cache.tokens.find(aliceKey, alice)?.kind).toBe('refused');
  });

  test('is forgotten at sign-out, also while it is being learnt', async () => {
    await cache.tokens.resolve(aliceKey, alice);
    cache.tokens.forget(aliceKey);
    expect(cache.tokens.find(aliceKey, alice)).toBeUndefined();
    const settle = cache.holdExchange();
    const learning = cache.tokens.resolve(aliceKey, alice);
    cache.now += 1;
    cache.tokens.forget(aliceKey);
    settle(cache.issue(alice));
    await learning;
    expect(cache.tokens.find(aliceKey, alice)).toBeUndefined();
  });

  test('is forgotten when its session is revoked, also while it is being learnt', async () => {
    await cache.tokens.resolve(aliceKey, alice);
    cache.tokens.sessionRevoked('another session', 'alice');
    expect(cache.tokens.find(aliceKey, alice)?.kind).toBe('known');
    const settle = cache.holdExchange();
    cache.now += TOKEN_LIFE_MS / 2;
    cache.tokens.find(aliceKey, alice);
    cache.tokens.sessionRevoked('session of alice-session', 'alice');
    expect(cache.tokens.find(aliceKey, alice)).toBeUndefined();
    settle(cache.issue(alice));
    await expect.poll(() => cache.tokens.find(aliceKey, alice)?.kind).toBe('refused');
  });

  test('is forgotten when its account changes, and what was asked before that is not kept', async () => {
    await cache.tokens.resolve(aliceKey, alice);
    const other: Credential = { kind: 'cookie', value: 'c' };
    const settle = cache.holdExchange();
    const learning = cache.tokens.resolve(credentialKey(other), other);
    cache.now += 1;
    cache.tokens.accountChanged('alice');
    expect(cache.tokens.find(aliceKey, alice)).toBeUndefined();
    settle(cache.issue(other));
    expect((await learning).kind).toBe('known');
    expect(cache.tokens.find(credentialKey(other), other)).toBeUndefined();
  });

  test('asks again for everything when events may have been missed, and relies on it while auth is unavailable', async () => {
    await cache.tokens.resolve(aliceKey, alice);
    cache.answer = async () => {
      throw new ProblemError('unavailable', 'away');
    };
    cache.tokens.invalidateAll();
    expect(jwtOf(cache.tokens.find(aliceKey, alice))).toBe('jwt 1');
    await expect.poll(() => cache.asked.length).toBe(2);
    expect(jwtOf(cache.tokens.find(aliceKey, alice))).toBe('jwt 1');
    cache.answer = async () => undefined;
    cache.now += 3_001;
    cache.tokens.find(aliceKey, alice);
    await expect.poll(() => cache.tokens.find(aliceKey, alice)?.kind).toBe('refused');
  });

  test('keeps an access token that came as one, without renewing it, until its session ends', async () => {
    const own: Credential = { kind: 'jwt', value: 'a.b.c' };
    const ownKey = credentialKey(own);
    expect(jwtOf(await cache.tokens.resolve(ownKey, own))).toBe('a.b.c');
    cache.now += TOKEN_LIFE_MS - 1;
    expect(jwtOf(cache.tokens.find(ownKey, own))).toBe('a.b.c');
    expect(cache.asked).toEqual([]);
    cache.tokens.sessionRevoked('session of a.b.c', 'alice');
    expect(cache.tokens.find(ownKey, own)).toBeUndefined();
    expect(await cache.tokens.resolve(ownKey, own)).toEqual({ kind: 'revoked' });
    expect(cache.tokens.find(ownKey, own)).toMatchObject({ kind: 'revoked' });
  });

  test('an access token that a client holds is refused after a change of what its account may do; a newer one is not', async () => {
    const own: Credential = { kind: 'jwt', value: 'a.b.c' };
    const ownKey = credentialKey(own);
    cache.issuedAt = cache.now - 60_000;
    expect((await cache.tokens.resolve(ownKey, own)).kind).toBe('known');
    await cache.tokens.resolve(aliceKey, alice);
    cache.tokens.rightsChanged('alice', cache.now);
    expect(await cache.tokens.resolve(ownKey, own)).toEqual({ kind: 'revoked' });
    cache.now += 1;
    // What is exchanged here has what holds now.
    expect((await cache.tokens.resolve(aliceKey, alice)).kind).toBe('known');
    cache.now += 10_000;
    cache.issuedAt = cache.now;
    const newer: Credential = { kind: 'jwt', value: 'd.e.f' };
    expect((await cache.tokens.resolve(credentialKey(newer), newer)).kind).toBe('known');
  });
});
