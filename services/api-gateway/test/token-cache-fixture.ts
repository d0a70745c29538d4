import {
  credentialKey,
  type IssuedToken,
  type ResolvedCredential,
  type SECOND_FACTOR_MISSING,
} from '../src/actions/resolved-credential.ts';
import { TokenCache } from '../src/actions/token-cache.ts';
import type { Credential } from '../src/domain/credential.ts';

export const TOKEN_LIFE_MS = 15 * 60_000;
export const alice: Credential = { kind: 'token', value: 'alice-session' };
export const aliceKey = credentialKey(alice);

type TokenAnswer = IssuedToken | typeof SECOND_FACTOR_MISSING | undefined;

/** A token cache with a clock and an exchange that a test sets. */
export function createCacheFixture() {
  const fixture = {
    now: 1_000_000,
    /** When tokens say that they were issued. */
    issuedAt: undefined as number | undefined,
    /** The credentials that were exchanged. */
    asked: [] as string[],
    answer: async (credential: Credential): Promise<TokenAnswer> => issue(credential),
    issue,
    /** Holds the next exchanges open; call the result to end them. */
    holdExchange() {
      let settle: (value: IssuedToken | undefined) => void = () => undefined;
      fixture.answer = () => new Promise((resolve) => (settle = resolve));
      return (value: IssuedToken | undefined) => settle(value);
    },
  };
  function issue(credential: Credential, more: Partial<IssuedToken> = {}): IssuedToken {
    return {
      jwt: `jwt ${fixture.asked.length}`,
      accountId: 'alice',
      sessionId: `session of ${credential.value}`,
      role: 'customer',
      expiresAt: fixture.now + TOKEN_LIFE_MS,
      issuedAt: fixture.issuedAt,
      ...more,
    };
  }
  const tokens = new TokenCache({
    exchange: (credential) => {
      fixture.asked.push(credential.value);
      return fixture.answer(credential);
    },
    verify: async (jwt) => (jwt === 'bad' ? undefined : issue({ kind: 'jwt', value: jwt }, { jwt })),
    max: 100,
    now: () => fixture.now,
  });
  return Object.assign(fixture, { tokens });
}

export function jwtOf(known: ResolvedCredential | undefined): string | undefined {
  return known?.kind === 'known' ? known.jwt : undefined;
}
