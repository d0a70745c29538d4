import type { Sink } from '../upstream/upstream-exchange.ts';
import { type FlightResult, FOLLOW_MS, ResponseFlight } from './response-flight.ts';
import { SegmentedLru } from './segmented-lru.ts';
import { bytesOf, type StoredResponse } from './stored-response.ts';

/**
 * How a request for what may be cached was answered: `hit`, from the cache; `shared`, by a read that another began; `miss`, by a read that others
 * may share; `alone`, by a read that nobody shares, since there was none to share or its answer may not be shared; `excluded`: it carries
 * a credential or asks for an answer of its own.
 */
export const cacheOutcomes = ['hit', 'shared', 'miss', 'alone', 'excluded'] as const;
export type CacheOutcome = (typeof cacheOutcomes)[number];

export type ResponseCacheOptions = {
  maxEntries: number;
  maxBytes: number;
  observer: { cacheUsed(outcome: CacheOutcome): void; cacheEvicted(): void };
  /** `performance.now` */
  clock: () => number;
};

/** Answers for this long were no use to others, so nobody waits for one. */
const UNSHARED_MS = 1_000;
/** An answer that nobody has asked for again makes room. */
const KEEP_EXPIRED_MS = 10_000;

type Entry = { stored: StoredResponse | undefined; until: number };

/**
 * Keeps answers to anonymous reads for as long as their service allows, a second at most, and has concurrent reads of the same share one
 * request (single-flight). That time is the only rule of freshness: no event is needed for an answer to disappear.
 */
export class ResponseCache {
  readonly #entries: SegmentedLru<Entry>;
  readonly #flights = new Map<string, ResponseFlight>();
  readonly #clock: () => number;
  readonly #observer: ResponseCacheOptions['observer'];

  constructor({ maxEntries, maxBytes, observer, clock }: ResponseCacheOptions) {
    const onEvict = () => observer.cacheEvicted();
    this.#entries = new SegmentedLru({ maxEntries, maxBytes, onEvict }, ({ stored }) =>
      stored ? bytesOf(stored) : 64,
    );
    this.#clock = clock;
    this.#observer = observer;
  }

  get size(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#entries.bytes;
  }

  count(outcome: CacheOutcome): void {
    this.#observer.cacheUsed(outcome);
  }

  /** What may be given out now. */
  find(key: string): StoredResponse | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && entry.until > this.#clock() ? entry.stored : undefined;
  }

  /**
   * Waits for a read of the same that is under way. Undefined: there is none. Resolves with undefined where its answer is no use, so that
   * the caller has to ask for itself.
   */
  follow(key: string): Promise<StoredResponse | undefined> | undefined {
    const flight = this.#flights.get(key);
    if (flight === undefined || this.#clock() - flight.startedAt >= FOLLOW_MS) return undefined;
    return flight
      .follow()
      .then((stored) => (stored !== undefined && stored.until > this.#clock() ? stored : undefined));
  }

  /** Begins a read that others may share: the sink for its upstream request. Undefined where answers to this key are not shared. */
  lead(key: string, leader: Sink): ResponseFlight | undefined {
    const now = this.#clock();
    const known = this.#entries.get(key);
    if (known !== undefined && known.stored === undefined && known.until > now) return undefined;
    const flight = new ResponseFlight(now, leader, (result) => this.#end(key, flight, result));
    this.#flights.set(key, flight);
    return flight;
  }

  /**
   * Forgets an answer, since something was changed at its address (RFC 9111, section 4.4). A read of it that is under way is not kept,
   * and nobody joins it any more.
   */
  invalidate(key: string): void {
    this.#entries.delete(key);
    this.#flights.delete(key);
  }

  prune(): void {
    const before = this.#clock() - KEEP_EXPIRED_MS;
    this.#entries.prune(({ until }) => until < before);
  }

  #end(key: string, flight: ResponseFlight, result: FlightResult): void {
    // Another read has begun since, or what was read has changed.
    if (this.#flights.get(key) !== flight) return;
    this.#flights.delete(key);
    if (result === undefined) return;
    const now = this.#clock();
    // A client that leaves, or an error, must not stop others from sharing: only what the service says counts.
    if (result === 'not-shareable') this.#entries.set(key, { stored: undefined, until: now + UNSHARED_MS });
    else if (result.until > now) this.#entries.set(key, { stored: result, until: result.until });
  }
}
