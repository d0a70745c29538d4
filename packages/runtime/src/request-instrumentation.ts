import {
  type Context,
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { parseTraceparent } from '@tradepost/messaging/trace-context';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { createAccessLog } from './access-log.ts';
import type { HttpMetrics } from './http-metrics.ts';
import { type RequestState, setState, stateOf } from './request-state.ts';
import type { Shedder } from './shedding.ts';
import { createIdSource, requestContext } from './trace.ts';

export type InstrumentationOptions = {
  /** Of the service, for its tracer. */
  name: string;
  log: Logger;
  shedder: Shedder;
  metrics: HttpMetrics | undefined;
};

/** Trace, metrics and access log of every request, matched by a route or not. */
export type RequestInstrumentation = {
  /** An `onRequest` hook: the rest of the request runs inside its trace context. */
  begin(request: FastifyRequest, reply: FastifyReply, done: (err?: Error) => void): void;
  /** Counts and logs a request that never came as far as `begin`. */
  rejected(request: { method: string; url: string; requestId: string }, status: number): void;
};

/** Begins the trace of each request, counts it as in flight, observes its duration, and writes its line of the access log. */
export function createRequestInstrumentation(o: InstrumentationOptions): RequestInstrumentation {
  const startTrace = createTracing(o.name);
  const { metrics, shedder } = o;
  const writeLine = createAccessLog(o.log);

  const finish = (request: FastifyRequest, reply: FastifyReply, state: RequestState): void => {
    if (state.counted) shedder.leave();
    const milliseconds = performance.now() - state.startedAt;
    const { method } = request;
    // 499, as nginx has it: the client left before it was answered.
    const status = reply.raw.writableFinished ? reply.raw.statusCode : 499;
    metrics?.observe({ method, route: state.route, status, seconds: milliseconds / 1000 });
    if (state.span) endSpan(state.span, `${method} ${state.route}`, state, status);
    writeLine({
      method,
      path: pathOf(request.url),
      route: state.route,
      status,
      code: state.problemCode,
      ms: milliseconds,
      accountId: state.identity?.accountId,
      requestId: request.id,
      traceId: state.traceId,
    });
  };

  return {
    begin(request, reply, done) {
      const { spanContext, span } = startTrace(request);
      const active = requestContext(span ?? trace.wrapSpanContext(spanContext), request.id);
      const state = newState(active, spanContext.traceId, span);
      setState(request, state);
      reply.header('x-request-id', request.id);
      if (request.method !== 'GET' && request.method !== 'HEAD') reply.header('cache-control', 'no-store');
      const overload = shedder.reason();
      shedder.enter();
      // `close` comes after the answer, and also when the client leaves without one.
      reply.raw.once('close', () => finish(request, reply, state));
      if (overload) {
        metrics?.shed(overload);
        done(new ProblemError('overloaded', 'There is too much to do at the moment; please try again shortly'));
      } else context.with(active, done);
    },
    rejected(request, status) {
      metrics?.observe({ method: request.method, route: 'unmatched', status, seconds: 0 });
      const { method, url, requestId } = request;
      const unknown = { route: 'unmatched', code: undefined, ms: 0, accountId: undefined, traceId: undefined };
      writeLine({ ...unknown, method, path: pathOf(url), status, requestId });
    },
  };
}

const newState = (context: Context, traceId: string, span: Span | undefined): RequestState => ({
  startedAt: performance.now(),
  ...{ context, traceId, span },
  route: 'unmatched',
  identity: undefined,
  problemCode: undefined,
  counted: true,
});

/** Begins the trace of a request, or goes on with the one that its caller has begun. */
function createTracing(
  name: string,
): (request: FastifyRequest) => { spanContext: SpanContext; span: Span | undefined } {
  const ids = createIdSource();
  const tracer = trace.getTracer(name);
  return (request) => {
    const parent = parseTraceparent(header(request, 'traceparent'));
    const base = parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
    const { method } = request;
    const span = tracer.startSpan(
      method,
      { kind: SpanKind.SERVER, attributes: { 'http.request.method': method, 'url.path': pathOf(request.url) } },
      base,
    );
    if (span.isRecording()) return { spanContext: span.spanContext(), span };
    const made = span.spanContext();
    if (isSpanContextValid(made) && made.spanId !== parent?.spanId) return { spanContext: made, span: undefined };
    // Without an SDK ids are made all the same, for log lines and for whoever is called.
    const { traceId, traceFlags } = parent ?? { traceId: ids.traceId(), traceFlags: 0 };
    return { spanContext: { traceId, spanId: ids.spanId(), traceFlags }, span: undefined };
  };
}

/** From here on the request does not count as in flight: a stream that stays open for long is no load. */
export function exemptFromInFlight(request: FastifyRequest, shedder: Shedder): void {
  const state = stateOf(request);
  if (!state.counted) return;
  state.counted = false;
  shedder.leave();
}

function endSpan(span: Span, name: string, state: RequestState, status: number): void {
  span.updateName(name);
  span.setAttributes({ 'http.route': state.route, 'http.response.status_code': status });
  if (state.problemCode) span.setAttribute('error.type', state.problemCode);
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** The path without its query, which may hold what is private. */
export function pathOf(url: string): string {
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function header(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}
