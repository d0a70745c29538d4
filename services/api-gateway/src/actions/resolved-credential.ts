import { hash } from 'node:crypto';
import type { Role } from '@tradepost/contracts/roles';
import type { Credential } from '../domain/credential.ts';

/** The account and session of a credential. */
export type Caller = {
  accountId: string;
  sessionId: string;
  role: Role;
  /** The operator who acts as the account. */
  operatorId?: string;
};

/** The result for a credential: the access token that the services get in its place, or a negative entry. */
export type ResolvedCredential = IdentifiedCredential | NegativeEntry;

export type IdentifiedCredential = {
  kind: 'known';
  jwt: string;
  caller: Caller;
  /** When the access token expires; with it ends whatever it opened. */
  expiresAt: number;
  /** `Set-Cookie` values of `auth` for the browser that sent the cookie, until they are sent (see `takeSetCookies`). */
  cookies: readonly string[];
};

/**
 * `revoked`: an access token that is still valid by its signature, of a session that has ended. `second-factor-missing`: the account
 * must set up a second factor before it may do anything else.
 */
export type NegativeEntry = { kind: 'refused' | 'revoked' | 'second-factor-missing' };

/** The result of an exchange for an account that must set up a second factor first. */
export const SECOND_FACTOR_MISSING = 'second-factor-missing';

export type IssuedToken = Caller & {
  jwt: string;
  expiresAt: number;
  /** By the clock of `auth`; without it the token counts as older than any revocation. */
  issuedAt?: number | undefined;
  cookies?: readonly string[];
};

/** The key of a credential: it says nothing about the credential to whoever reads it. */
export function credentialKey({ kind, value }: Credential): string {
  return hash('sha256', `${kind === 'cookie' ? 'c' : 'b'}:${value}`, 'base64');
}

/** The cookies that are to go along with an answer to the caller, once. */
export function takeSetCookies(known: IdentifiedCredential): readonly string[] {
  const { cookies } = known;
  if (cookies.length > 0) known.cookies = [];
  return cookies;
}
