import type { AnswerHeaders, Failure, Sink } from '../upstream/upstream-exchange.ts';
import { freshnessOf, joinChunks, type StoredResponse, storedResponse } from './stored-response.ts';

type Flow = Parameters<Sink['head']>[2];
type Head = { status: number; headers: AnswerHeaders; flow: Flow; bornAt: number; until: number };

/** What a read came to: an answer for all, one that its service does not allow to share, or anything else (undefined). */
export type FlightResult = StoredResponse | 'not-shareable' | undefined;

/** How long others wait for a read that somebody else began. Then they ask for themselves. */
export const FOLLOW_MS = 1_000;

/**
 * A read from a service that others may share: a sink between the upstream request and the one who began it (the leader).
 *
 * It starts as `waiting`. When the head of the answer allows to share it, the body is collected (`collecting`), and at its end leader
 * and followers get the same. Everything else is `delegated`: the leader gets its answer as it comes, as without a cache, and the followers ask
 * for themselves. So an error, an answer for one only and a broken connection of the leader are not passed on to others. The answer is
 * collected at the pace of the service: a leader that reads slowly, or leaves, does not delay others.
 */
export class ResponseFlight implements Sink {
  readonly startedAt: number;
  readonly #leader: Sink;
  readonly #onEnd: (result: FlightResult) => void;
  readonly #result = Promise.withResolvers<StoredResponse | undefined>();
  readonly #chunks: Buffer[] = [];
  #state: 'waiting' | 'collecting' | 'delegated' | 'over' = 'waiting';
  #head: Head | undefined;
  #followTimer: NodeJS.Timeout | undefined;
  /** Set when the leader has left: ends the upstream request. */
  #abort: (() => void) | undefined;

  /** `onEnd` is called once. `startedAt`: by `performance.now()`. */
  constructor(startedAt: number, leader: Sink, onEnd: (result: FlightResult) => void) {
    this.startedAt = startedAt;
    this.#leader = leader;
    this.#onEnd = onEnd;
  }

  /** Resolves with the answer; undefined where the follower has to ask for itself. */
  follow(): Promise<StoredResponse | undefined> {
    // One timer for all: a request that came later waits less.
    this.#followTimer ??= setTimeout(() => this.#result.resolve(undefined), FOLLOW_MS);
    return this.#result.promise;
  }

  /** The leader has left. Calls `abort` when nobody else waits for the answer, now or later. */
  leaderLeft(abort: () => void): void {
    this.#abort = abort;
    if (this.#state === 'delegated' || this.#followTimer === undefined) abort();
  }

  head(status: number, headers: AnswerHeaders, flow: Flow): void {
    const freshness = freshnessOf(status, headers);
    if (freshness !== undefined) {
      const bornAt = this.startedAt - freshness.ageMs;
      this.#head = { status, headers, flow, bornAt, until: bornAt + freshness.maxAgeMs };
      this.#state = 'collecting';
      return;
    }
    this.#finish(status === 200 ? 'not-shareable' : undefined);
    if (this.#abort !== undefined) {
      this.#abort();
      return;
    }
    this.#state = 'delegated';
    this.#leader.head(status, headers, flow);
  }

  data(chunk: Buffer): boolean {
    if (this.#state === 'delegated') return this.#leader.data(chunk);
    if (this.#state === 'collecting') this.#chunks.push(chunk);
    return true;
  }

  end(): void {
    const head = this.#head;
    if (this.#state === 'delegated') this.#leader.end();
    if (this.#state !== 'collecting' || head === undefined) return;
    const { headers, bornAt, until } = head;
    const body = joinChunks(this.#chunks);
    this.#finish(storedResponse(headers, body, { bornAt, until }));
    if (this.#abort !== undefined) return;
    this.#leader.head(head.status, headers, head.flow);
    if (body.length > 0) this.#leader.data(body);
    this.#leader.end();
  }

  fail(failure: Failure): void {
    if (this.#state === 'over') return;
    if (this.#state !== 'delegated') this.#finish(undefined);
    this.#leader.fail(failure);
  }

  #finish(result: FlightResult): void {
    this.#state = 'over';
    clearTimeout(this.#followTimer);
    this.#onEnd(result);
    this.#result.resolve(result === 'not-shareable' ? undefined : result);
  }
}
