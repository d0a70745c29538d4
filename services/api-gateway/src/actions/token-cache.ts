import { hash } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Role } from '@tradepost/contracts/roles';
import type { LRUCache } from 'lru-cache';
import type { Credential } from '../domain/credential.ts';
import { createLruCache } from './lru-cache.ts';

/** The account and session of a credential. */
export type Caller = { accountId: string; sessionId: string; role: Role };

/** The result for a credential: the access token that the services get in its place, or a negative entry. */
export type ResolvedCredential = Identified | NegativeEntry;

type Identified = {
  kind: 'known';
  jwt: string;
  caller: Caller;
  /** When the access token expires; with it ends whatever it opened. */
  expiresAt: number;
  /** `Set-Cookie` values of `auth` for the browser that sent the cookie, until they are sent (see `takeSetCookies`). */
  cookies: readonly string[];
};

/** `revoked`: an access token that is still valid by its signature, of a session that has ended. */
type NegativeEntry = { kind: 'refused' | 'revoked' };

export type IssuedToken = Caller & {
  jwt: string;
  expiresAt: number;
  /** By the clock of `auth`; without it the token counts as older than any revocation. */
  issuedAt?: number | undefined;
  cookies?: readonly string[];
};

export type TokenCacheOptions = {
  /** Exchanges a session token, API key or cookie with `auth`; undefined: it is not valid. Throws when `auth` is unavailable. */
  exchange(credential: Credential): Promise<IssuedToken | undefined>;
  /** Checks an access token; undefined: it is not valid, or cannot be checked now. */
  verify(jwt: string): Promise<IssuedToken | undefined>;
  /** Entries kept of each sort. */
  max: number;
  now(): number;
  onLookup?(outcome: 'hit' | 'refused' | 'miss'): void;
  /** A token could not be renewed in the background. */
  onProblem?(error: unknown): void;
};

type Entry = {
  known: Identified;
  issuedAt: number;
  expiresAt: number;
  refreshAt: number;
  /** Came as it is from the client, so there is nothing to refresh. */
  own: boolean;
};

const NEGATIVE_TTL_MS = 5_000;
const MARGIN_MS = 20_000;
/** By the share of its life that has passed: one that is in use outlives most outages of `auth`. */
const REFRESH_AFTER = 1 / 3;
const REFRESH_RETRY_MS = 3_000;
const MAX_EXCHANGES = 500;
/** Longer than any access token lives. */
const REVOKED_FOR_MS = 3_900_000;
/**
 * A token that was being made while its session or key was revoked is refused, too. An API key of an account whose ban was lifted
 * has tokens again that were issued later than that.
 */
const REVOCATION_MARGIN_MS = 5_000;

/** The key of a credential: it says nothing about the credential to whoever reads it. */
export function credentialKey({ kind, value }: Credential): string {
  return hash('sha256', `${kind === 'cookie' ? 'c' : 'b'}:${value}`, 'base64');
}

/** The cookies that are to go along with an answer to the caller, once. */
export function takeSetCookies(known: Identified): readonly string[] {
  const { cookies } = known;
  if (cookies.length > 0) known.cookies = [];
  return cookies;
}

/** The cache of the token exchange: access tokens by credential, each until it or its session ends, and negative entries. */
export class TokenCache {
  readonly #options: TokenCacheOptions;
  readonly #entries: LRUCache<string, Entry>;
  readonly #negative: LRUCache<string, NegativeEntry & { until: number }>;
  readonly #byAccount = new Map<string, Set<string>>();
  readonly #inFlight = new Map<string, Promise<ResolvedCredential>>();
  /** Sessions that have ended, and accounts that have changed: with the time, for what was under way just then. */
  readonly #revoked: LRUCache<string, number>;
  #invalidatedAt = Number.NEGATIVE_INFINITY;

  constructor(options: TokenCacheOptions) {
    this.#options = options;
    const { max } = options;
    this.#entries = createLruCache(max, (entry, key) => this.#unindex(entry, key));
    this.#negative = createLruCache(max);
    this.#revoked = createLruCache(max);
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
    this.#revoked.set(`key:${key}`, this.#options.now());
  }

  /** `at`: when it was revoked, by the clock of `auth`. */
  sessionRevoked(sessionId: string, accountId: string, at = this.#options.now()): void {
    this.#revoked.set(`session:${sessionId}`, Math.max(at, this.#revoked.get(`session:${sessionId}`) ?? 0));
    for (const key of this.#byAccount.get(accountId) ?? []) {
      const entry = this.#entries.peek(key);
      if (entry?.known.caller.sessionId === sessionId && entry.issuedAt <= at + REVOCATION_MARGIN_MS) {
        this.#entries.delete(key);
      }
    }
  }

  accountChanged(accountId: string): void {
    this.#revoked.set(`account:${accountId}`, this.#options.now());
    for (const key of this.#byAccount.get(accountId) ?? []) this.#entries.delete(key);
  }

  /**
   * For a gap in the broadcasts: each entry is exchanged again when it is next used. It stays in use until there is a result,
   * since the broker may be available again before `auth` is.
   */
  invalidateAll(): void {
    this.#invalidatedAt = this.#options.now();
    for (const entry of this.#entries.values()) entry.refreshAt = this.#invalidatedAt;
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
    if (issued === undefined || this.#isRevoked(issued)) {
      const kind = issued !== undefined && own ? 'revoked' : 'refused';
      if (this.#isCurrent(key, undefined, askedAt)) this.#negative.set(key, { kind, until: now() + NEGATIVE_TTL_MS });
      return { kind };
    }
    const { jwt, expiresAt, accountId, sessionId, role, cookies = [] } = issued;
    const caller = { accountId, sessionId, role };
    const known: Identified = { kind: 'known', jwt, caller, expiresAt, cookies };
    if (this.#isCurrent(key, caller.accountId, askedAt)) {
      const life = expiresAt - askedAt;
      const entry = {
        known,
        own,
        issuedAt: issued.issuedAt ?? 0,
        expiresAt: expiresAt - (own ? 0 : MARGIN_MS),
        refreshAt: askedAt + life * REFRESH_AFTER,
      };
      this.#entries.set(key, entry);
      this.#index(caller.accountId, key);
    }
    return known;
  }

  #refresh(key: string, credential: Credential, entry: Entry, now: number): void {
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

  #isRevoked({ sessionId, issuedAt = 0 }: IssuedToken): boolean {
    const at = this.#revoked.get(`session:${sessionId}`);
    if (at === undefined || this.#options.now() - at >= REVOKED_FOR_MS) return false;
    return issuedAt <= at + REVOCATION_MARGIN_MS;
  }

  /** False when, since it was asked for, something happened after which the answer may be out of date. */
  #isCurrent(key: string, accountId: string | undefined, askedAt: number): boolean {
    const changes = [this.#invalidatedAt, this.#revoked.get(`key:${key}`)];
    if (accountId !== undefined) changes.push(this.#revoked.get(`account:${accountId}`));
    return changes.every((at) => at === undefined || at < askedAt);
  }

  #index(accountId: string, key: string): void {
    const keys = this.#byAccount.get(accountId);
    if (keys === undefined) this.#byAccount.set(accountId, new Set([key]));
    else keys.add(key);
  }

  #unindex(entry: Entry, key: string): void {
    const { accountId } = entry.known.caller;
    const keys = this.#byAccount.get(accountId);
    keys?.delete(key);
    if (keys?.size === 0) this.#byAccount.delete(accountId);
  }
}
