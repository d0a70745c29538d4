import type { LRUCache } from 'lru-cache';
import { charge, type RatePolicy, type TakeResult, takeToken } from '../domain/rate-limit.ts';
import { createLruCache } from './lru-cache.ts';

/** The buckets of one policy, each of one caller, in this process. The least recently used are dropped beyond `max`. */
export class RateLimiter {
  readonly policy: RatePolicy;
  readonly #fullAt: LRUCache<string, number>;

  constructor(policy: RatePolicy, max: number) {
    this.policy = policy;
    this.#fullAt = createLruCache(max);
  }

  /** Takes a token for `key`. `now` is in milliseconds. */
  take(key: string, now: number): TakeResult {
    const taken = takeToken(this.policy, this.#fullAt.get(key), now);
    if (taken.allowed) this.#fullAt.set(key, taken.fullAt);
    return taken;
  }

  /** Takes `tokens` for `key` that it may not have: its next requests wait for them. `now` is in milliseconds. */
  charge(key: string, now: number, tokens: number): void {
    this.#fullAt.set(key, charge(this.policy, this.#fullAt.get(key), now, tokens));
  }

  get size(): number {
    return this.#fullAt.size;
  }
}
