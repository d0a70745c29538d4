import { ProblemError } from '@tradepost/contracts/problem-error';
import type { LRUCache } from 'lru-cache';
import type { Credential } from '../domain/credential.ts';
import { AccountIndex } from './account-index.ts';
import { createLruCache } from './lru-cache.ts';
import { isIssuedBefore, RecentRevocations } from './recent-revocations.ts';
import {
  type IssuedToken,
  type NegativeEntry,
  type ResolvedCredential,
  SECOND_FACTOR_MISSING,
} from './resolved-credential.ts';
import { type TokenEntry, tokenEntry } from './token-entry.ts';

export type TokenCacheOptions = {
  /**
   * Exchanges a session token, API key or cookie with `auth`; undefined: it is not valid. Throws when `auth` is unavailable. That a
   * second factor is missing is not kept: the account is about to set it up.
   */
  exchange(credential: Credential): Promise<IssuedToken | typeof SECOND_FACTOR_MISSING | undefined>;
  /** Checks an access token; undefined: it is not valid, or cannot be checked now. */
  verify(jwt: string): Promise<IssuedToken | undefined>;
  /** Entries kept of each sort. */
  max: number;
  now(): number;
  onLookup?(outcome: 'hit' | 'refused' | 'miss'): void;
  /** A token could not be renewed in the background. */
  onProblem?(error: unknown): void;
};

const NEGATIVE_TTL_MS = 5_000;
const REFRESH_RETRY_MS = 3_000;
const MAX_EXCHANGES = 500;

/** The cache of the token exchange: access tokens by credential, each until it or its session ends, and negative entries. */
export class TokenCache {
  readonly #options: TokenCacheOptions;
  readonly #entries: LRUCache<string, TokenEntry>;
  readonly #negative: LRUCache<string, NegativeEntry & { until: number }>;
  readonly #byAccount = new AccountIndex();
  readonly #inFlight = new Map<string, Promise<ResolvedCredential>>();
  readonly #revocations: RecentRevocations;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    const { max } = options;
    this.#entries = createLruCache(max, ({ known }, key) => this.#byAccount.delete(known.caller.accountId, key));
    this.#negative = createLruCache(max);
    this.#revocations = new RecentRevocations(max);
  }

  /** Looks in the cache only. Begins to refresh a token that has been used for a while. */
  find(key: string, credential: Credential): ResolvedCredential | undefined {
    const now = this.#options.now();
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.expiresAt > now) {
      if (!entry.own && now >= entry.refreshAt) this.#refresh(key, credential, entry, now);
      this.#options.onLookup?.('hit');
      return entry.known;
    }
    if (entry !== undefined) this.#entries.delete(key);
    const negative = this.#negative.get(key);
    if (negative === undefined || negative.until <= now) return undefined;
    this.#options.onLookup?.('refused');
    return negative;
  }

  /** Exchanges the credential at `auth`; concurrent calls share one exchange (single-flight). Throws `unavailable` when `auth` is. */
  async resolve(key: string, credential: Credential): Promise<ResolvedCredential> {
    const running = this.#inFlight.get(key);
    if (running !== undefined) return running;
    if (this.#inFlight.size >= MAX_EXCHANGES) {
      throw new ProblemError('overloaded', 'Too many callers are being identified', { retryAfter: 1 });
    }
    this.#options.onLookup?.('miss');
    return this.#begin(key, this.#ask(key, credential));
  }

  /** Deletes the entry of a credential whose session ended here; the result of an exchange in flight is not stored. */
  forget(key: string): void {
    this.#inFlight.delete(key);
    this.#entries.delete(key);
    this.#negative.delete(key);
    this.#revocations.addKey(key, this.#options.now());
  }

  /** `at`: when it was revoked, by the clock of `auth`. */
  sessionRevoked(sessionId: string, accountId: string, at = this.#options.now()): void {
    this.#revocations.addSession(sessionId, at);
    for (const key of this.#byAccount.keysOf(accountId)) {
      const entry = this.#entries.peek(key);
      if (entry?.known.caller.sessionId === sessionId && isIssuedBefore(entry.issuedAt, at)) {
        this.#entries.delete(key);
      }
    }
  }

  accountChanged(accountId: string): void {
    this.#revocations.addAccount(accountId, this.#options.now());
    for (const key of this.#byAccount.keysOf(accountId)) this.#entries.delete(key);
  }

  /** What the account may do has changed: tokens from before are refused, also those that clients hold. `at`: by the clock of `auth`. */
  rightsChanged(accountId: string, at: number): void {
    this.#revocations.addRights(accountId, at);
    this.accountChanged(accountId);
  }

  /**
   * For a gap in the broadcasts: each entry is exchanged again when it is next used. It stays in use until there is a result,
   * since the broker may be available again before `auth` is.
   */
  invalidateAll(): void {
    const now = this.#options.now();
    this.#revocations.addAll(now);
    for (const entry of this.#entries.values()) entry.refreshAt = now;
    this.#negative.clear();
  }

  get size(): number {
    return this.#entries.size;
  }

  get indexed(): number {
    return this.#byAccount.size;
  }

  async #ask(key: string, credential: Credential): Promise<ResolvedCredential> {
    const { exchange, verify, now } = this.#options;
    const askedAt = now();
    const own = credential.kind === 'jwt';
    const issued = own ? await verify(credential.value) : await exchange(credential);
    if (issued === SECOND_FACTOR_MISSING) return { kind: SECOND_FACTOR_MISSING };
    if (issued === undefined || this.#isRefused(issued, own)) {
      const kind = issued !== undefined && own ? 'revoked' : 'refused';
      if (this.#revocations.isCurrent(key, undefined, askedAt))
        this.#negative.set(key, { kind, until: now() + NEGATIVE_TTL_MS });
      return { kind };
    }
    const entry = tokenEntry(issued, { own, askedAt });
    if (this.#revocations.isCurrent(key, issued.accountId, askedAt)) {
      this.#entries.set(key, entry);
      this.#byAccount.add(issued.accountId, key);
    }
    return entry.known;
  }

  #isRefused(issued: IssuedToken, own: boolean): boolean {
    const now = this.#options.now();
    return this.#revocations.isRevoked(issued, now) || (own && this.#revocations.isOutdated(issued, now));
  }

  #refresh(key: string, credential: Credential, entry: TokenEntry, now: number): void {
    if (this.#inFlight.has(key) || this.#inFlight.size >= MAX_EXCHANGES) return;
    // Until it succeeds the token at hand goes on being used: `auth` may be unavailable for as long as that lives.
    entry.refreshAt = now + REFRESH_RETRY_MS;
    const renewal = this.#ask(key, credential).then((known) => {
      if (known.kind !== 'known') this.#entries.delete(key);
      return known;
    });
    this.#begin(key, renewal).catch((error) => this.#options.onProblem?.(error));
  }

  #begin(key: string, exchange: Promise<ResolvedCredential>): Promise<ResolvedCredential> {
    const running = exchange.finally(() => {
      if (this.#inFlight.get(key) === running) this.#inFlight.delete(key);
    });
    this.#inFlight.set(key, running);
    return running;
  }
}
