import type { IncomingMessage } from 'node:http';
import { isSafe } from '@tradepost/contracts/idempotency';
import { problems } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventStreams, OpenStream } from '../actions/event-streams.ts';
import type { KeyedQueue } from '../actions/keyed-queue.ts';
import { takeSetCookies } from '../actions/resolved-credential.ts';
import type { CacheOutcome, ResponseCache } from '../actions/response-cache.ts';
import type { StoredResponse } from '../actions/stored-response.ts';
import type { TokenCache } from '../actions/token-cache.ts';
import type { TrafficSampler } from '../actions/traffic-sampler.ts';
import { cacheKeyOf } from '../domain/cache-key.ts';
import type { OperationTable } from '../domain/operation-table.ts';
import { tokensOfBody } from '../domain/rate-limit.ts';
import type { Route, UpstreamName } from '../domain/routing.ts';
import type { Upstream } from '../upstream/upstream.ts';
import {
  type AnswerHeaders,
  type ExchangeObserver,
  UpstreamExchange,
  type UpstreamRequest,
} from '../upstream/upstream-exchange.ts';
import { type CacheUse, cacheUseOf, leadRead, sendStored } from './cached-read.ts';
import { openStream, watchStream } from './event-stream.ts';
import { applyHeaders, clientKey, type GatewayContext, gatewayContextOf } from './gateway-context.ts';
import { expensiveKindOf, queueRequest } from './queue-request.ts';
import { prepareBody, type RequestBody } from './request-body.ts';
import { isEventStream, ResponseWriter } from './response-writer.ts';
import { upstreamProblem } from './upstream-problem.ts';
import { asksForStream, asksToWait, describeRequest, type Timeouts } from './upstream-request.ts';

export type ProxyOptions = {
  upstreams: Readonly<Record<UpstreamName, Upstream>>;
  observer: ExchangeObserver;
  tokens: TokenCache;
  /** Of anonymous reads; undefined where it is turned off. */
  cache: ResponseCache | undefined;
  traffic: TrafficSampler;
  streams: EventStreams;
  /** Bytes of a body where its operation declares no fewer, except that of an import. */
  bodyLimit: number;
  /** Of expensive requests, by client and kind. */
  queue: KeyedQueue;
  /** Until the whole body has arrived, except that of an import. */
  bodyTimeoutMs: number;
  /** What the services declare for each of their operations. */
  operations(): OperationTable;
  timeouts: Timeouts & { stallMs: number };
  /** What answers depend on beside their URL, for caches. */
  vary: string | undefined;
  /** Aborted when the gateway is about to stop: connections are then closed after their answer. */
  closing: AbortSignal;
  /** Aborted when it stops accepting: streams end then. */
  draining: AbortSignal;
  /** A stream of events has begun: it is no request in flight any more. */
  onStream(request: FastifyRequest): void;
};

/** A refused body that is said to be larger is not read to its end, although the client may then not see the problem. */
const LARGEST_DISCARDED = 16 * 1024 * 1024;

type HookCallback = (error?: Error) => void;

/**
 * Passes a request on to the service of its route, as an `onRequest` hook: the answer goes to the client past Fastify,
 * which would cost as much again as all the rest of the hop; a failure goes to Fastify's error handler.
 */
export function createProxy(
  o: ProxyOptions,
): (request: FastifyRequest, reply: FastifyReply, done: HookCallback) => void {
  return (request, reply, done) => {
    const context = gatewayContextOf(request);
    const { route } = context;
    if (route === undefined) {
      done(new ProblemError('not_found', 'There is nothing at this address'));
      return;
    }
    const fail: HookCallback = (error) => {
      applyHeaders(reply, context);
      if (o.vary !== undefined) reply.header('vary', o.vary);
      done(error);
    };
    const refuse = (problem: ProblemError) => {
      o.traffic.record('api-gateway', problems[problem.code].status, undefined);
      const isLarge = Number(request.raw.headers['content-length']) > LARGEST_DISCARDED;
      if (isLarge || problem.code === 'request_timeout') reply.header('connection', 'close');
      fail(problem);
    };
    const cacheUse = cacheUseOf(request.raw, route, o.cache);
    const attempt = { options: o, context, route, cacheUse, traceparent: currentTraceparent(), refuse, fail };
    if (!route.unlimitedBody) chargeForBody(context, Number(request.raw.headers['content-length'] ?? 0), o.bodyLimit);
    const begin = (release?: () => void) => answer(request, reply, { ...attempt, release });
    const kind = route.unlimitedBody ? undefined : expensiveKindOf(request.raw);
    if (kind === undefined) {
      begin();
      return;
    }
    if (answerFromCache(request, reply, { ...attempt, release: undefined })) return;
    const key = `${kind} ${clientKey(context)}`;
    queueRequest(request, reply, { queue: o.queue, key, begin, refuse });
  };
}

type Attempt = {
  options: ProxyOptions;
  context: GatewayContext;
  route: Route;
  /** Once the body has come, this is no longer the async context of the request. */
  traceparent: string | undefined;
  /** Answers with a problem that the gateway itself found. */
  refuse(problem: ProblemError): void;
  fail: HookCallback;
  /** Lets the next expensive request of this client begin. */
  release: (() => void) | undefined;
  /** Undefined: the request has nothing to do with the cache. */
  cacheUse: CacheUse | undefined;
};

function answer(request: FastifyRequest, reply: FastifyReply, attempt: Attempt): void {
  if (answerFromCache(request, reply, attempt)) return;
  const { cacheUse, fail } = attempt;
  const read = cacheUse?.mayShare ? cacheUse.cache.follow(cacheUse.key) : undefined;
  if (read === undefined) {
    readAndForward(request, reply, attempt);
    return;
  }
  const use = (stored: StoredResponse | undefined) => {
    if (reply.raw.destroyed) return;
    if (stored !== undefined) answerStored(request, reply, { ...attempt, stored, outcome: 'shared' });
    else readAndForward(request, reply, { ...attempt, cacheUse: cacheUse && { ...cacheUse, mayShare: false } });
  };
  read.then(use).catch(fail);
}

/** False: nothing to answer with is kept. */
function answerFromCache(request: FastifyRequest, reply: FastifyReply, attempt: Attempt): boolean {
  const stored = attempt.cacheUse?.cache.find(attempt.cacheUse.key);
  if (stored !== undefined) answerStored(request, reply, { ...attempt, stored, outcome: 'hit' });
  return stored !== undefined;
}

type StoredAnswer = Attempt & { stored: StoredResponse; outcome: CacheOutcome };

function answerStored(request: FastifyRequest, reply: FastifyReply, attempt: StoredAnswer): void {
  const { options, route, cacheUse, stored, outcome } = attempt;
  cacheUse?.cache.count(outcome);
  const count = counter(request, route, options.traffic);
  attempt.release?.();
  reply.hijack();
  count(sendStored(request.raw, reply.raw, { stored, vary: options.vary, added: commonHeaders(request, attempt) }));
}

function readAndForward(request: FastifyRequest, reply: FastifyReply, attempt: Attempt): void {
  const { options: o, context, route, refuse } = attempt;
  const { raw } = request;
  const bytes = bodyLimitOf(raw, attempt);
  prepareBody(raw, { bytes, timeoutMs: route.unlimitedBody ? 0 : o.bodyTimeoutMs }, (problem, body) => {
    const isOfUnknownLength = raw.headers['transfer-encoding'] !== undefined;
    const isEmpty = problem === undefined && body.content === null;
    if (isOfUnknownLength && !isEmpty && !route.unlimitedBody)
      chargeForBody(context, sizeOf(body, o.bodyLimit), o.bodyLimit);
    if (problem !== undefined) {
      refuse(problem);
      return;
    }
    if (reply.raw.destroyed) return;
    let stream: OpenStream | undefined;
    try {
      if (asksForStream(raw)) stream = openStream(reply, context, o.streams);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      refuse(error);
      return;
    }
    forward(request, reply, { ...attempt, upstreamRequest: upstreamRequestOf(request, attempt, body), stream });
  });
}

/** The least of what the operation declares and what any body may have. */
function bodyLimitOf({ method = 'GET', headers }: IncomingMessage, { options: o, context, route }: Attempt): number {
  if (route.unlimitedBody) return Number.POSITIVE_INFINITY;
  const hasBody = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  // Most requests have none, and to find the operation takes time.
  if (!hasBody) return o.bodyLimit;
  return Math.min(o.bodyLimit, o.operations().bodyLimitOf(method, context.path) ?? o.bodyLimit);
}

/**
 * Counts a large body as several requests, since reading and checking it costs the services as much: otherwise one client within
 * its rate could keep them busy. One that is refused counts, too, since it is read to its end, but as no more than `limit`.
 */
function chargeForBody({ rate }: GatewayContext, bytes: number, limit: number): void {
  const tokens = tokensOfBody(Math.min(bytes, limit));
  if (tokens > 0) rate?.limiter.charge(rate.key, performance.now(), tokens);
}

/** The bytes of a body of unknown length; what is more than `SMALL_BODY`, or refused, counts as the largest that is accepted. */
function sizeOf({ content }: RequestBody, limit: number): number {
  return Buffer.isBuffer(content) ? content.length : limit;
}

function upstreamRequestOf(
  request: FastifyRequest,
  { options: { timeouts, operations }, context, route, traceparent }: Attempt,
  body: RequestBody,
): UpstreamRequest {
  return describeRequest(request, { timeouts, operations: operations(), context, route, traceparent }, body);
}

type ForwardedRequest = Attempt & {
  upstreamRequest: UpstreamRequest;
  /** Its place among the open streams, where the client asks for a stream of events. */
  stream: OpenStream | undefined;
};

function forward(request: FastifyRequest, reply: FastifyReply, attempt: ForwardedRequest): void {
  const { options, route, upstreamRequest, fail } = attempt;
  const { raw: response } = reply;
  const count = counter(request, route, options.traffic);
  const answer = new ResponseWriter({
    response,
    vary: options.vary,
    stallTimeoutMs: options.timeouts.stallMs,
    begin: (status, headers) => {
      count(status);
      attempt.release?.();
      reply.hijack();
      if (isEventStream(headers)) {
        options.onStream(request);
        watchStream(reply, exchange, { draining: options.draining, context: attempt.context, stream: attempt.stream });
      }
      return addedHeaders(request, { status, headers }, attempt);
    },
    fail(failure) {
      // To a client that has left there is nothing to say.
      if (response.destroyed) return;
      const problem = upstreamProblem(failure, route);
      count(problems[problem.code].status);
      fail(problem);
    },
  });
  const flight = leadRead(attempt.cacheUse, answer);
  const upstream = options.upstreams[route.upstream];
  const exchange = new UpstreamExchange(upstream, upstreamRequest, flight ?? answer, options.observer);
  const abort = () => exchange.abort();
  response.once('close', () => {
    if (response.writableFinished) return;
    if (flight === undefined) abort();
    else flight.leaderLeft(abort);
  });
  exchange.start();
}

/** Counts a request once it begins to be answered, or has failed; what operators ask is not counted. */
function counter(request: FastifyRequest, route: Route, traffic: TrafficSampler): (status: number) => void {
  const began = performance.now();
  return (status) => {
    if (route.forOperators) return;
    traffic.record(route.upstream, status, asksToWait(request.raw) ? undefined : performance.now() - began);
  };
}

/** What every answer that is passed on has beside its own headers. */
function commonHeaders(request: FastifyRequest, { options, context: { added } }: Attempt): string[] {
  added.push('x-request-id', request.id);
  if (options.closing.aborted) added.push('connection', 'close');
  return added;
}

function addedHeaders(
  request: FastifyRequest,
  { status, headers }: { status: number; headers: AnswerHeaders },
  attempt: ForwardedRequest,
): readonly string[] {
  const { options, context, route } = attempt;
  const { credential, known } = context;
  const added = commonHeaders(request, attempt);
  if (route.cacheable && status < 400 && !isSafe(request.method)) forgetChanged(options.cache, context.path);
  // A change at `auth` may have ended the session or changed what it may do.
  if (route.upstream === 'auth' && status < 300 && credential !== undefined && !isSafe(request.method)) {
    options.tokens.forget(credential.key);
  }
  // A session that was extended has its cookie extended; not by an answer that a cache might give to others.
  if (known !== undefined && known.cookies.length > 0 && !isForAll(headers)) {
    for (const cookie of takeSetCookies(known)) added.push('set-cookie', cookie);
  }
  return added;
}

/** What was changed at an address is not given out from the cache any more. */
function forgetChanged(cache: ResponseCache | undefined, path: string): void {
  const key = cacheKeyOf(path);
  if (key !== undefined) cache?.invalidate(key);
}

function isForAll(headers: AnswerHeaders): boolean {
  return /public|s-maxage/i.test(String(headers['cache-control'] ?? ''));
}
