import type { IncomingMessage } from 'node:http';
import { type Idempotency, isIdempotent, isSafe } from '@tradepost/contracts/idempotency';
import { problems } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { EventStreams, OpenStream } from '../actions/event-streams.ts';
import { type TokenCache, takeSetCookies } from '../actions/token-cache.ts';
import type { TrafficSampler } from '../actions/traffic-sampler.ts';
import { addressGroup } from '../domain/client-address.ts';
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
import { applyHeaders, type GatewayContext, gatewayContextOf } from './gateway-context.ts';
import { prepareBody, type RequestBody } from './request-body.ts';
import { isEventStream, ResponseWriter } from './response-writer.ts';
import { upstreamProblem } from './upstream-problem.ts';

export type ProxyOptions = {
  upstreams: Readonly<Record<UpstreamName, Upstream>>;
  observer: ExchangeObserver;
  tokens: TokenCache;
  traffic: TrafficSampler;
  streams: EventStreams;
  bodyLimit: number;
  /** Until the whole body has arrived, except that of an import. */
  bodyTimeoutMs: number;
  /** As the services declare it for each of their operations. */
  idempotencyOf(method: string, path: string): Idempotency;
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

/** No access token lives longer. */
const LONGEST_STREAM_MS = 3_600_000;

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
    // Once the body has come, this is no longer the async context of the request.
    const traceparent = currentTraceparent();
    const limit = route.unlimitedBody ? Number.POSITIVE_INFINITY : o.bodyLimit;
    const limits = { bytes: limit, timeoutMs: route.unlimitedBody ? 0 : o.bodyTimeoutMs };
    prepareBody(request.raw, limits, (problem, body) => {
      if (problem !== undefined) {
        o.traffic.record('api-gateway', problems[problem.code].status, undefined);
        const isLarge = Number(request.raw.headers['content-length']) > LARGEST_DISCARDED;
        if (isLarge || problem.code === 'request_timeout') reply.header('connection', 'close');
        fail(problem);
      } else if (!reply.raw.destroyed) {
        if (!route.unlimitedBody) chargeForBody(context, body, o.bodyLimit);
        const { timeouts, idempotencyOf } = o;
        let stream: OpenStream | undefined;
        try {
          if (asksForStream(request.raw)) stream = openStream(reply, context, o);
        } catch (error) {
          if (!(error instanceof ProblemError)) throw error;
          o.traffic.record('api-gateway', error.status, undefined);
          fail(error);
          return;
        }
        const about = { context, route, body, traceparent, timeouts, idempotencyOf };
        const upstreamRequest = describeRequest(request, about);
        forward(request, reply, { options: o, context, route, upstreamRequest, stream, fail });
      }
    });
  };
}

/**
 * Counts a large body as several requests, since reading and checking it costs the services as much: otherwise one client within
 * its rate could keep them busy. A body of unknown length above `SMALL_BODY` counts as the largest that is accepted.
 */
function chargeForBody({ rate }: GatewayContext, { content, contentLength }: RequestBody, bodyLimit: number): void {
  if (rate === undefined || content === null) return;
  const bytes = Buffer.isBuffer(content) ? content.length : Number(contentLength ?? bodyLimit);
  const tokens = tokensOfBody(bytes);
  if (tokens > 0) rate.limiter.charge(rate.key, performance.now(), tokens);
}

function describeRequest(
  request: FastifyRequest,
  o: {
    context: GatewayContext;
    route: Route;
    body: RequestBody;
    traceparent: string | undefined;
    timeouts: ProxyOptions['timeouts'];
    idempotencyOf: ProxyOptions['idempotencyOf'];
  },
): UpstreamRequest {
  const { raw } = request;
  const { context, route, body, traceparent, timeouts } = o;
  const method = raw.method ?? 'GET';
  return {
    method,
    path: raw.url ?? '/',
    headers: buildUpstreamHeaders(raw.headers, {
      forwardedFor: context.client.forwardedFor,
      protocol: context.client.protocol,
      host: context.client.host,
      requestId: request.id,
      traceparent,
      authorization: context.authorization,
      cookies: route.upstream === 'auth',
      contentLength: body.contentLength,
    }),
    body: body.content,
    idempotent: isIdempotent(o.idempotencyOf(method, context.path), headerOf(raw, 'idempotency-key')),
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

type ProxyAttempt = {
  options: ProxyOptions;
  context: GatewayContext;
  route: Route;
  upstreamRequest: UpstreamRequest;
  /** Its place among the open streams, where the client asks for a stream of events. */
  stream: OpenStream | undefined;
  fail: Done;
};

function forward(request: FastifyRequest, reply: FastifyReply, attempt: ProxyAttempt): void {
  const { options, route, upstreamRequest, fail } = attempt;
  const { raw: response } = reply;
  const count = counter(request, route, options.traffic);
  const answer = new ResponseWriter({
    response,
    vary: options.vary,
    stallTimeoutMs: options.timeouts.stallMs,
    begin: (status, headers) => {
      count(status);
      reply.hijack();
      if (isEventStream(headers)) watchStream(request, reply, exchange, attempt);
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
  { options, context, route }: ProxyAttempt,
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

/** Takes a place for a stream of events; it is free again when the answer is over, whether or not that became a stream. */
function openStream(reply: FastifyReply, { caller, client }: GatewayContext, { streams }: ProxyOptions): OpenStream {
  const { accountId, sessionId } = caller ?? {};
  const stream = streams.open({ key: accountId ?? addressGroup(client.address), accountId, sessionId });
  reply.raw.once('close', () => stream.close());
  return stream;
}

/**
 * A stream of events ends when the client leaves, when the gateway drains, when its session or account ends, and when its access
 * token expires. A client that is still allowed connects again by itself and goes on after the last event that it saw.
 */
function watchStream(
  request: FastifyRequest,
  reply: FastifyReply,
  exchange: UpstreamExchange,
  { options, context, stream }: ProxyAttempt,
): void {
  exchange.exemptFromInFlight();
  options.onStream(request);
  const { raw: response } = reply;
  const { draining } = options;
  const end = () => {
    response.end();
    exchange.abort();
  };
  // Not before the head has been written.
  const endSoon = () => setImmediate(end);
  if (draining.aborted) endSoon();
  draining.addEventListener('abort', end, { once: true });
  stream?.begin(endSoon);
  const { known } = context;
  const expiry = known && setTimeout(end, Math.max(0, Math.min(known.expiresAt - Date.now(), LONGEST_STREAM_MS)));
  response.once('close', () => {
    clearTimeout(expiry);
    draining.removeEventListener('abort', end);
  });
}

function headerOf(raw: IncomingMessage, name: string): string | undefined {
  const value = raw.headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}
