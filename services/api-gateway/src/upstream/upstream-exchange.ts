import type { Readable } from 'node:stream';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Dispatcher } from 'undici';
import {
  endProbeWithoutResult,
  isNewlyOpen,
  recordAnswer,
  recordConnectFailure,
  recordFailure,
  recordOverloaded,
} from '../domain/circuit-breaker.ts';
import { type FailureStage, mayRetry, onRequest, tryConsume } from '../domain/retry-budget.ts';
import { chooseAddress, hasOther, whyNone } from './choose-address.ts';
import type { Address, Upstream } from './upstream.ts';

export type UpstreamRequest = {
  method: string;
  /** With its query. */
  path: string;
  /** Names and values in turn, lower case, without `host` and without what belongs to one connection. */
  headers: string[];
  body: Buffer | Readable | null;
  /** Sent twice, it has the effect of once: it may be sent again when its answer was lost. */
  idempotent: boolean;
  /** Until the head of the answer, over all attempts. */
  headersTimeoutMs: number;
  /** Between two parts of the answer's body; 0: none. */
  bodyTimeoutMs: number;
};

export type AnswerHeaders = Record<string, string | string[] | undefined>;

/** How far it came (`no-address`, `full`: not even tried; `unsendable`: it is not a valid request). */
export type Failure = { stage: FailureStage | 'no-address' | 'full' | 'unsendable'; retryAfter: number; error?: Error };

/** Where an answer goes. After `head` come `data` … and `end`; `fail` can come at any point and is the last. */
export type Sink = {
  head(status: number, headers: AnswerHeaders, flow: Dispatcher.DispatchController): void;
  /** False: no more until `flow.resume()`. */
  data(chunk: Buffer): boolean;
  end(): void;
  fail(failure: Failure): void;
};

/** The client left, so that nobody is there to be answered. */
export class ClientGone extends Error {
  constructor() {
    super('The client disconnected');
    this.name = 'ClientGone';
  }
}

export type ExchangeObserver = {
  retried(upstream: Upstream, stage: FailureStage): void;
  failed(upstream: Upstream, stage: Failure['stage']): void;
};

/** The last attempt has so long at the least: a service that is well answers within it. */
const LEAST_ATTEMPT_MS = 1000;

/**
 * Where no address is to be had, a request waits so often and so long before it fails: connections that are reset together open the
 * circuits of all instances at one moment, and a tenth of a second later they are tried again. A service that stays unavailable fails
 * requests at once, and so does one for which more requests wait.
 */
const MAX_PAUSES = 3;
const PAUSE_MS = 100;
const MAX_PAUSED = 250;

/**
 * One request on its way to a service and its answer on the way back, over as many attempts as are safe: a handler of
 * undici's `dispatch`, which is the least that can stand between two sockets.
 */
export class UpstreamExchange implements Dispatcher.DispatchHandler {
  readonly #upstream: Upstream;
  readonly #request: UpstreamRequest;
  readonly #sink: Sink;
  readonly #observer: ExchangeObserver;
  readonly #tried: Address[] = [];
  #address: Address | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #sent = false;
  #headSeen = false;
  #discarding = false;
  #aborted = false;
  /** The request still counts as in flight to its address. */
  #counted = false;
  #startedAt = 0;
  /** When the attempt was sent. */
  #sentAt = 0;
  /** The connection of the attempt before was lost. */
  #lost = false;
  #pauses = 0;

  constructor(upstream: Upstream, request: UpstreamRequest, sink: Sink, observer: ExchangeObserver) {
    this.#upstream = upstream;
    this.#request = request;
    this.#sink = sink;
    this.#observer = observer;
  }

  start(): void {
    this.#startedAt = performance.now();
    onRequest(this.#upstream.budget);
    this.#attempt();
  }

  /** The client has disconnected. */
  abort(): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#controller?.abort(new ClientGone());
  }

  #attempt(): void {
    const upstream = this.#upstream;
    const now = performance.now();
    const { idempotent, method, path, headers, body, headersTimeoutMs, bodyTimeoutMs } = this.#request;
    const address = chooseAddress(upstream, { tried: this.#toAvoid(), idempotent, now });
    if (address === undefined) {
      const { full, retryAfter } = whyNone(upstream, now);
      if (!full && this.#pause()) return;
      this.#fail(full ? 'full' : 'no-address', retryAfter);
      return;
    }
    this.#tried.push(address);
    this.#address = address;
    this.#sent = false;
    this.#sentAt = now;
    this.#controller = undefined;
    address.inFlight += 1;
    this.#counted = true;
    headers[0] = 'host';
    headers[1] = address.host;
    const leftMs = Math.max(LEAST_ATTEMPT_MS, headersTimeoutMs - (now - this.#startedAt));
    const headersTimeout = Math.min(headersTimeoutMs, leftMs);
    address.pool.dispatch({ method, path, headers, body, headersTimeout, bodyTimeout: bodyTimeoutMs }, this);
  }

  /**
   * The addresses that have been tried. Once all have been, and a connection was lost under the request, only the last one is
   * avoided: connections that break at several instances are the network's doing, and the first may serve it now. After a pause
   * none is avoided.
   */
  #toAvoid(): readonly Address[] {
    const tried = this.#tried;
    if (this.#pauses > 0) return [];
    const isEvery = this.#upstream.addresses.every((one) => tried.includes(one));
    return this.#lost && isEvery ? tried.slice(-1) : tried;
  }

  /** Attempts again a little later, since nothing was sent; false when that is over. */
  #pause(): boolean {
    const upstream = this.#upstream;
    if (this.#pauses >= MAX_PAUSES || upstream.paused >= MAX_PAUSED) return false;
    if (!upstream.addresses.some(({ breaker }) => isNewlyOpen(breaker))) return false;
    this.#pauses += 1;
    upstream.paused += 1;
    // Not all at one moment, so that the first to try again finds out for the others.
    setTimeout(
      () => {
        upstream.paused -= 1;
        if (this.#aborted) this.#fail('broken', 1, new ClientGone());
        else this.#attempt();
      },
      PAUSE_MS * (1 + Math.random() / 2),
    );
    return true;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#sent = true;
    this.#controller = controller;
    if (this.#aborted) controller.abort(new ClientGone());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: AnswerHeaders): void {
    if (status < 200) return;
    const address = this.#address;
    if (address === undefined) return;
    const now = performance.now();
    if (status === 503 && this.#mayGoElsewhere(now)) {
      recordOverloaded(address.breaker, now);
      this.#discarding = true;
      return;
    }
    recordAnswer(address.breaker, { sentAt: this.#sentAt, now, closing: headers.connection === 'close' });
    if (status === 503) recordOverloaded(address.breaker, now);
    this.#headSeen = true;
    this.#sink.head(status, headers, controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#discarding && !this.#sink.data(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    const address = this.#leave();
    if (this.#discarding) {
      this.#discarding = false;
      if (address?.breaker.probing) endProbeWithoutResult(address.breaker);
      this.#observer.retried(this.#upstream, 'overloaded');
      this.#attempt();
      return;
    }
    this.#sink.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    const address = this.#leave();
    if (this.#aborted) {
      if (address !== undefined) endProbeWithoutResult(address.breaker);
      this.#fail('broken', 1, error);
      return;
    }
    const stage = this.#stageOf(error);
    if (address !== undefined) this.#judge(address, stage);
    if (stage === 'unsendable' || !this.#retry(stage)) this.#fail(stage, 1, error);
  }

  /** From here on the request is a stream, which may stay open for hours: it keeps no other request from its address. */
  exemptFromInFlight(): void {
    if (this.#counted && this.#address !== undefined) this.#address.inFlight -= 1;
    this.#counted = false;
  }

  #leave(): Address | undefined {
    const address = this.#address;
    this.#address = undefined;
    if (address !== undefined && this.#counted) address.inFlight -= 1;
    this.#counted = false;
    return address;
  }

  #stageOf(error: Error): FailureStage | 'unsendable' {
    const code = 'code' in error ? error.code : undefined;
    if (this.#discarding) return 'overloaded';
    if (this.#headSeen) return 'broken';
    // A body that is read as it is sent can turn out too large, or end with its client.
    if (error instanceof ProblemError || error instanceof ClientGone) return 'unsendable';
    if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED') return 'unsendable';
    if (!this.#sent) return 'connect-failed';
    if (code === 'UND_ERR_HEADERS_TIMEOUT') return 'timeout';
    return error.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW' ? 'broken' : 'unanswered';
  }

  #judge({ breaker }: Address, stage: FailureStage | 'unsendable'): void {
    const times = { sentAt: this.#sentAt, now: performance.now() };
    const isOnly = this.#upstream.addresses.length === 1;
    if (stage === 'connect-failed') recordConnectFailure(breaker, { ...times, isOnly });
    else if (stage === 'unsendable' || stage === 'overloaded') endProbeWithoutResult(breaker);
    else recordFailure(breaker, times);
  }

  /**
   * A 503 is taken elsewhere only when there is an elsewhere, and time for it: a service that has waited for its database and then
   * gives up says so more clearly than a second attempt that is cut short. Otherwise the service's own words are the better answer.
   */
  #mayGoElsewhere(now: number): boolean {
    return (
      now - this.#startedAt < this.#request.headersTimeoutMs / 2 &&
      hasOther(this.#upstream, this.#tried, now) &&
      this.#mayRetry('overloaded') &&
      tryConsume(this.#upstream.budget)
    );
  }

  #mayRetry(stage: FailureStage): boolean {
    const { body, idempotent } = this.#request;
    const untouched = stage === 'connect-failed' || body === null || Buffer.isBuffer(body);
    return mayRetry({ stage, attempts: this.#tried.length, idempotent, bodyReplayable: untouched });
  }

  #retry(stage: FailureStage): boolean {
    if (!this.#mayRetry(stage)) return false;
    const paid = stage === 'connect-failed' || this.#discarding || tryConsume(this.#upstream.budget);
    if (!paid) return false;
    this.#discarding = false;
    this.#lost = stage === 'unanswered';
    this.#observer.retried(this.#upstream, stage);
    this.#attempt();
    return true;
  }

  #fail(stage: Failure['stage'], retryAfter: number, error?: Error): void {
    if (!this.#aborted) this.#observer.failed(this.#upstream, stage);
    this.#sink.fail(error === undefined ? { stage, retryAfter } : { stage, retryAfter, error });
  }
}
