import { randomFillSync } from 'node:crypto';
import { type Context, context, createContextKey, isSpanContextValid, trace } from '@opentelemetry/api';
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

/** A context that carries a request id, for log lines and outgoing requests. */
export function withRequestId(base: Context, requestId: string): Context {
  return base.setValue(REQUEST_ID, requestId);
}

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
