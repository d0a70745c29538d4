import { randomFillSync } from 'node:crypto';
import {
  type Context,
  context,
  createContextKey,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  trace,
} from '@opentelemetry/api';
import { formatTraceparent } from '@tradepost/messaging/trace-context';

/** Where the id of the request being served is kept in an OpenTelemetry context. */
const REQUEST_ID = createContextKey('tradepost.request-id');

/**
 * The W3C `traceparent` of the request or message that is being handled, for `newEvent` and for whatever else is
 * remembered with its cause; undefined outside of both.
 */
export function currentTraceparent(): string | undefined {
  const span = trace.getSpanContext(context.active());
  return span && isSpanContextValid(span) ? formatTraceparent(span) : undefined;
}

/** The id of the request that is being served; undefined outside of one. */
export function currentRequestId(): string | undefined {
  return requestIdOf(context.active());
}

/**
 * Headers that carry the current trace and request id along with an outgoing request:
 * `fetch(url, { headers: { ...traceHeaders() } })`.
 */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  const active = context.active();
  const span = trace.getSpanContext(active);
  if (span && isSpanContextValid(span)) {
    headers.traceparent = formatTraceparent(span);
    const state = span.traceState?.serialize();
    if (state) headers.tracestate = state;
  }
  const requestId = requestIdOf(active);
  if (requestId !== undefined) headers['x-request-id'] = requestId;
  return headers;
}

/**
 * The context of one request: its span and its id, for log lines, events and outgoing requests. Made by hand, since
 * OpenTelemetry's own copies a map for each value.
 */
export function requestContext(span: Span, requestId: string): Context {
  const general = (): Context => trace.setSpan(ROOT_CONTEXT, span).setValue(REQUEST_ID, requestId);
  return {
    getValue: (key) => (key === SPAN ? span : key === REQUEST_ID ? requestId : undefined),
    setValue: (key, value) => general().setValue(key, value),
    deleteValue: (key) => general().deleteValue(key),
  };
}

/** Under which key OpenTelemetry keeps the span of a context; it does not export it, but sets it. */
const SPAN: symbol = (() => {
  const keys: symbol[] = [];
  const probe: Context = {
    getValue: () => undefined,
    setValue: (key) => {
      keys.push(key);
      return probe;
    },
    deleteValue: () => probe,
  };
  trace.setSpan(probe, trace.wrapSpanContext(INVALID_SPAN_CONTEXT));
  return keys[0] ?? Symbol('none');
})();

/** The request id that a context carries. */
export function requestIdOf(carrier: Context): string | undefined {
  const value = carrier.getValue(REQUEST_ID);
  return typeof value === 'string' ? value : undefined;
}

/**
 * Makes ids for spans where no OpenTelemetry SDK does. Random bytes are drawn in bulk, since one call for each id
 * would cost more than the rest of a span.
 */
export function createIdSource(): { traceId(): string; spanId(): string } {
  const pool = Buffer.alloc(4096);
  let used = pool.length;
  const take = (bytes: number): string => {
    if (used + bytes > pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const id = pool.toString('hex', used, used + bytes);
    used += bytes;
    return id;
  };
  return { traceId: () => take(16), spanId: () => take(8) };
}
