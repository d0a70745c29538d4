import type { IncomingMessage } from 'node:http';
import { isIdempotent, isSafe } from '@tradepost/contracts/idempotency';
import { problems } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventStreams, OpenStream } from '../actions/event-streams.ts';
import type { KeyedQueue } from '../actions/keyed-queue.ts';
import { takeSetCookies } from '../actions/resolved-credential.ts';
import type { TokenCache } from '../actions/token-cache.ts';
import type { TrafficSampler } from '../actions/traffic-sampler.ts';
import type { OperationTable } from '../domain/operation-table.ts';
import { tokensOfBody } from '../domain/rate-limit.ts';
import { buildUpstreamHeaders } from '../domain/request-headers.ts';
import type { Route, UpstreamName } from '../domain/routing.ts';
import type { Upstream } from '../upstream/upstream.ts';
import {
  type AnswerHeaders,
  type ExchangeObserver,
  UpstreamExchange,
  type UpstreamRequest,
} from '../upstream/upstream-exchange.ts';
import { openStream, watchStream } from './event-stream.ts';
import { applyHeaders, clientKey, type GatewayContext, gatewayContextOf } from './gateway-context.ts';
import { expensiveKindOf, queueRequest } from './queue-request.ts';
import { prepareBody, type RequestBody } from './request-body.ts';
import { isEventStream, ResponseWriter } from './response-writer.ts';
import { upstreamProblem } from './upstream-problem.ts';

export type ProxyOptions = {
  upstreams: Readonly<Record<UpstreamName, Upstream>>;
  observer: ExchangeObserver;
  tokens: TokenCache;
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
  timeouts: { answerMs: number; waitMs: number; idleMs: number; stallMs: number };
  /** What answers depend on beside their URL, for caches. */
  vary: string | undefined;
  /** Aborted when the gateway is about to stop: connections are then closed after their answer. */
  closing: AbortSignal;
  /** Aborted when it stops accepting: streams end then. */
  draining: AbortSignal;
  /** A stream of events has begun: it is no request in flight any more. */
  onStream(request: FastifyRequest): void;
};

/** An import is answered once all of it has been taken in. */
const IMPORT_TIMEOUT_MS = 300_000;
/** A refused body that is said to be larger is not read to its end, although the client may then not see the problem. */
const LARGEST_DISCARDED = 16 * 1024 * 1024;

type Done = (error?: Error) => void;

/**
 * Passes a request on to the service of its route, as an `onRequest` hook: the answer goes to the client past Fastify,
 * which would cost as much again as all the rest of the hop; a failure goes to Fastify's error handler.
 */
export function createProxy(o: ProxyOptions): (request: FastifyRequest, reply: FastifyReply, done: Done) => void {
  return (request, reply, done) => {
    const context = gatewayContextOf(request);
    const { route } = context;
    if (route === undefined) {
      done(new ProblemError('not_found', 'There is nothing at this address'));
      return;
    }
    const fail: Done = (error) => {
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
    const attempt = { options: o, context, route, traceparent: currentTraceparent(), refuse, fail };
    if (!route.unlimitedBody) chargeForBody(context, Number(request.raw.headers['content-length'] ?? 0), o.bodyLimit);
    const begin = (release?: () => void) => readAndForward(request, reply, { ...attempt, release });
    const kind = route.unlimitedBody ? undefined : expensiveKindOf(request.raw);
    if (kind === undefined) {
      begin();
      return;
    }
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
  fail: Done;
  /** Lets the next expensive request of this client begin. */
  release: (() => void) | undefined;
};

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
    forward(request, reply, { ...attempt, upstreamRequest: describeRequest(request, attempt, body), stream });
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

function describeRequest(
  { raw, id }: FastifyRequest,
  { options: { timeouts, operations }, context, route, traceparent }: Attempt,
  body: RequestBody,
): UpstreamRequest {
  const method = raw.method ?? 'GET';
  return {
    method,
    path: raw.url ?? '/',
    headers: buildUpstreamHeaders(raw.headers, {
      forwardedFor: context.client.forwardedFor,
      protocol: context.client.protocol,
      host: context.client.host,
      requestId: id,
      traceparent,
      authorization: context.authorization,
      cookies: route.upstream === 'auth',
      contentLength: body.contentLength,
    }),
    body: body.content,
    idempotent: isIdempotent(operations().idempotencyOf(method, context.path), headerOf(raw, 'idempotency-key')),
    headersTimeoutMs: answerTimeout(raw, route, timeouts),
    // Events come when something happens; that the connection is alive is for TCP to find out.
    bodyTimeoutMs: asksForStream(raw) ? 0 : timeouts.idleMs,
  };
}

function answerTimeout(raw: IncomingMessage, route: Route, timeouts: ProxyOptions['timeouts']): number {
  if (route.unlimitedBody && !isSafe(raw.method ?? '')) return IMPORT_TIMEOUT_MS;
  return asksToWait(raw) ? timeouts.waitMs : timeouts.answerMs;
}

function asksForStream(raw: IncomingMessage): boolean {
  return raw.method === 'GET' && headerOf(raw, 'accept')?.includes('text/event-stream') === true;
}

function asksToWait(raw: IncomingMessage): boolean {
  const prefer = headerOf(raw, 'prefer');
  return prefer !== undefined && /(?:^|[,;\s])wait\s*=/i.test(prefer);
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
      return addedHeaders(request, status, headers, attempt);
    },
    fail(failure) {
      // To a client that has left there is nothing to say.
      if (response.destroyed) return;
      const problem = upstreamProblem(failure, route);
      count(problems[problem.code].status);
      fail(problem);
    },
  });
  const exchange = new UpstreamExchange(options.upstreams[route.upstream], upstreamRequest, answer, options.observer);
  response.once('close', () => {
    if (!response.writableFinished) exchange.abort();
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

function addedHeaders(
  request: FastifyRequest,
  status: number,
  headers: AnswerHeaders,
  { options, context, route }: ForwardedRequest,
): readonly string[] {
  const { added, credential, known } = context;
  added.push('x-request-id', request.id);
  if (options.closing.aborted) added.push('connection', 'close');
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

function isForAll(headers: AnswerHeaders): boolean {
  return /public|s-maxage/i.test(String(headers['cache-control'] ?? ''));
}

function headerOf(raw: IncomingMessage, name: string): string | undefined {
  const value = raw.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
