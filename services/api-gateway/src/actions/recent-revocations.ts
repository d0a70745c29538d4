import type { LRUCache } from 'lru-cache';
import { createLruCache } from './lru-cache.ts';
import type { IssuedToken } from './resolved-credential.ts';

/** Longer than any access token lives. */
const REVOKED_FOR_MS = 3_900_000;
/**
 * A token that was being made while its session or key was revoked is refused, too. An API key of an account whose ban was lifted
 * has tokens again that were issued later than that.
 */
const REVOCATION_MARGIN_MS = 5_000;

/**
 * Sessions that have ended, credentials that were forgotten and accounts that have changed, each with its time. An exchange that was
 * under way just then must not store what it finds.
 */
export class RecentRevocations {
  readonly #times: LRUCache<string, number>;
  #invalidatedAt = Number.NEGATIVE_INFINITY;

  /** `max`: entries kept. */
  constructor(max: number) {
    this.#times = createLruCache(max);
  }

  addKey(key: string, at: number): void {
    this.#times.set(`key:${key}`, at);
  }

  /** `at`: by the clock of `auth`. */
  addSession(sessionId: string, at: number): void {
    this.#times.set(`session:${sessionId}`, Math.max(at, this.#times.get(`session:${sessionId}`) ?? 0));
  }

  addAccount(accountId: string, at: number): void {
    this.#times.set(`account:${accountId}`, at);
  }

  /** What the account may do has changed. `at`: by the clock of `auth`. */
  addRights(accountId: string, at: number): void {
    this.#times.set(`rights:${accountId}`, at);
  }

  /** Any session, credential or account may have changed by this time. */
  addAll(at: number): void {
    this.#invalidatedAt = at;
  }

  isRevoked({ sessionId, issuedAt = 0 }: IssuedToken, now: number): boolean {
    const at = this.#times.get(`session:${sessionId}`);
    if (at === undefined || now - at >= REVOKED_FOR_MS) return false;
    return isIssuedBefore(issuedAt, at);
  }

  /**
   * Whether a token that a client holds is from before a change of what its account may do. One that is exchanged here is not asked
   * about: the exchange reads what holds now.
   */
  isOutdated({ accountId, issuedAt = 0 }: IssuedToken, now: number): boolean {
    const at = this.#times.get(`rights:${accountId}`);
    return at !== undefined && now - at < REVOKED_FOR_MS && isIssuedBefore(issuedAt, at);
  }

  /** False when, since it was asked for, something happened after which the answer may be out of date. */
  isCurrent(key: string, accountId: string | undefined, askedAt: number): boolean {
    const changes = [this.#invalidatedAt, this.#times.get(`key:${key}`)];
    if (accountId !== undefined) changes.push(this.#times.get(`account:${accountId}`));
    return changes.every((at) => at === undefined || at < askedAt);
  }
}

/** Whether a token was issued before a revocation, or about then. */
export const isIssuedBefore = (issuedAt: number, revokedAt: number): boolean =>
  issuedAt <= revokedAt + REVOCATION_MARGIN_MS;
