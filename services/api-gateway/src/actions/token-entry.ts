import type { IdentifiedCredential, IssuedToken } from './resolved-credential.ts';

/** An access token in the cache, with the times that decide how long it is used. */
export type TokenEntry = {
  known: IdentifiedCredential;
  issuedAt: number;
  expiresAt: number;
  refreshAt: number;
  /** Came as it is from the client, so there is nothing to refresh. */
  own: boolean;
};

const MARGIN_MS = 20_000;
/** By the share of its life that has passed: one that is in use outlives most outages of `auth`. */
const REFRESH_AFTER = 1 / 3;

/** The entry of a token that was asked for at `askedAt`. */
export function tokenEntry(issued: IssuedToken, { own, askedAt }: { own: boolean; askedAt: number }): TokenEntry {
  const { jwt, expiresAt, accountId, sessionId, role, operatorId, cookies = [] } = issued;
  const caller = { accountId, sessionId, role, ...(operatorId !== undefined && { operatorId }) };
  return {
    known: { kind: 'known', jwt, caller, expiresAt, cookies },
    own,
    issuedAt: issued.issuedAt ?? 0,
    expiresAt: expiresAt - (own ? 0 : MARGIN_MS),
    refreshAt: askedAt + (expiresAt - askedAt) * REFRESH_AFTER,
  };
}
