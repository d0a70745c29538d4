import { ProblemError } from '@tradepost/contracts/problem-error';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Credential } from '../domain/credential.ts';
import { credentialKey, type IssuedToken, type ResolvedCredential, TokenCache } from './token-cache.ts';

const LIFE = 15 * 60_000;
const alice: Credential = { kind: 'token', value: 'alice-session' };
const key = credentialKey(alice);

let now = 0;
let asked: string[] = [];
let answer: (credential: Credential) => Promise<IssuedToken | undefined>;
let tokens: TokenCache;

function issue(credential: Credential, more: Partial<IssuedToken> = {}): IssuedToken {
  const session = `session of ${credential.value}`;
  return {
    jwt: `jwt ${asked.length}`,
    accountId: 'alice',
    sessionId: session,
    role: 'customer',
    expiresAt: now + LIFE,
    ...more,
  };
}

beforeEach(() => {
  now = 1_000_000;
  asked = [];
  answer = async (credential) => issue(credential);
  tokens = new TokenCache({
    exchange: (credential) => {
      asked.push(credential.value);
      return answer(credential);
    },
    verify: async (jwt) => (jwt === 'bad' ? undefined : issue({ kind: 'jwt', value: jwt }, { jwt })),
    max: 100,
    now: () => now,
  });
});

/** A token exchange that is held open until told otherwise. */
function held() {
  let settle: (value: IssuedToken | undefined) => void = () => undefined;
  answer = () => new Promise((resolve) => (settle = resolve));
  return (value: IssuedToken | undefined) => settle(value);
}

function jwtOf(known: ResolvedCredential | undefined): string | undefined {
  return known?.kind === 'known' ? known.jwt : undefined;
}

describe('AccessTokens', () => {
  test('asks once, however many ask at the same time, and remembers', async () => {
    expect(tokens.find(key, alice)).toBeUndefined();
    await Promise.all(Array.from({ length: 50 }, () => tokens.resolve(key, alice)));
    expect(asked).toEqual(['alice-session']);
    expect(jwtOf(tokens.find(key, alice))).toBe('jwt 1');
  });

  test('renews in the background once a third of its life has passed, for all who ask', async () => {
    await tokens.resolve(key, alice);
    now += LIFE / 3 - 1;
    tokens.find(key, alice);
    expect(asked).toHaveLength(1);
    now += 1;
    for (let i = 0; i < 10; i++) expect(jwtOf(tokens.find(key, alice))).toBe('jwt 1');
    await expect.poll(() => jwtOf(tokens.find(key, alice))).toBe('jwt 2');
    expect(asked).toHaveLength(2);
  });

  test('an absence of auth is not felt by whoever has been active, for two thirds of a token’s life', async () => {
    await tokens.resolve(key, alice);
    answer = async () => {
      throw new ProblemError('unavailable', 'away');
    };
    now += LIFE / 3;
    for (let i = 0; i < 60; i++) {
      now += (LIFE * 2) / 3 / 64;
      expect(jwtOf(tokens.find(key, alice))).toBe('jwt 1');
      await new Promise((resolve) => setImmediate(resolve));
    }
    now += LIFE;
    expect(tokens.find(key, alice)).toBeUndefined();
    await expect(tokens.resolve(key, alice)).rejects.toMatchObject({ code: 'unavailable' });
  });

  test('a credential that is no good is remembered for seconds only', async () => {
    answer = async () => undefined;
    expect(await tokens.resolve(key, alice)).toEqual({ kind: 'refused' });
    expect(tokens.find(key, alice)).toMatchObject({ kind: 'refused' });
    now += 5_001;
    expect(tokens.find(key, alice)).toBeUndefined();
  });

  test('a renewal that is refused ends it', async () => {
    await tokens.resolve(key, alice);
    answer = async () => undefined;
    now += LIFE / 2;
    tokens.find(key, alice);
    await expect.poll(() => tokens.find(key, alice)?.kind).toBe('refused');
  });

  test('is forgotten at sign-out, also while it is being learnt', async () => {
    await tokens.resolve(key, alice);
    tokens.forget(key);
    expect(tokens.find(key, alice)).toBeUndefined();
    const settle = held();
    const learning = tokens.resolve(key, alice);
    now += 1;
    tokens.forget(key);
    settle(issue(alice));
    await learning;
    expect(tokens.find(key, alice)).toBeUndefined();
  });

  test('is forgotten when its session is revoked, also while it is being learnt', async () => {
    await tokens.resolve(key, alice);
    tokens.sessionRevoked('another session', 'alice');
    expect(tokens.find(key, alice)?.kind).toBe('known');
    const settle = held();
    now += LIFE / 2;
    tokens.find(key, alice);
    tokens.sessionRevoked('session of alice-session', 'alice');
    expect(tokens.find(key, alice)).toBeUndefined();
    settle(issue(alice));
    await expect.poll(() => tokens.find(key, alice)?.kind).toBe('refused');
  });

  test('is forgotten when its account changes, and what was asked before that is not kept', async () => {
    await tokens.resolve(key, alice);
    const other: Credential = { kind: 'cookie', value: 'c' };
    const settle = held();
    const learning = tokens.resolve(credentialKey(other), other);
    now += 1;
    tokens.accountChanged('alice');
    expect(tokens.find(key, alice)).toBeUndefined();
    settle(issue(other));
    expect((await learning).kind).toBe('known');
    expect(tokens.find(credentialKey(other), other)).toBeUndefined();
  });

  test('asks again for everything when events may have been missed, and relies on it while auth is away', async () => {
    await tokens.resolve(key, alice);
    answer = async () => {
      throw new ProblemError('unavailable', 'away');
    };
    tokens.invalidateAll();
    expect(jwtOf(tokens.find(key, alice))).toBe('jwt 1');
    await expect.poll(() => asked.length).toBe(2);
    expect(jwtOf(tokens.find(key, alice))).toBe('jwt 1');
    answer = async () => undefined;
    now += 3_001;
    tokens.find(key, alice);
    await expect.poll(() => tokens.find(key, alice)?.kind).toBe('refused');
  });

  test('keeps an access token that came as one, without renewing it, until its session ends', async () => {
    const own: Credential = { kind: 'jwt', value: 'a.b.c' };
    const ownKey = credentialKey(own);
    expect(jwtOf(await tokens.resolve(ownKey, own))).toBe('a.b.c');
    now += LIFE - 1;
    expect(jwtOf(tokens.find(ownKey, own))).toBe('a.b.c');
    expect(asked).toEqual([]);
    tokens.sessionRevoked('session of a.b.c', 'alice');
    expect(tokens.find(ownKey, own)).toBeUndefined();
    expect(await tokens.resolve(ownKey, own)).toEqual({ kind: 'revoked' });
    expect(tokens.find(ownKey, own)).toMatchObject({ kind: 'revoked' });
  });

  test('is bounded, its index too', async () => {
    for (let i = 0; i < 500; i++) {
      const one: Credential = { kind: 'token', value: `t${i}` };
      answer = async () => issue(one, { accountId: `account ${i}` });
      await tokens.resolve(credentialKey(one), one);
    }
    expect(tokens.size).toBe(100);
    expect(tokens.indexed).toBe(100);
    for (let i = 0; i < 500; i++) tokens.accountChanged(`account ${i}`);
    expect([tokens.size, tokens.indexed]).toEqual([0, 0]);
  });

  test('too many at once are turned away instead of being queued', async () => {
    const settle = held();
    const learning = Array.from({ length: 500 }, (_, i) => tokens.resolve(`key ${i}`, alice));
    await expect(tokens.resolve('one more', alice)).rejects.toMatchObject({ code: 'overloaded' });
    settle(undefined);
    void Promise.allSettled(learning);
  });
});
