import {
  type Context,
  isSpanContextValid,
  type Link,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  trace,
} from '@opentelemetry/api';

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/**
 * Reads a `traceparent`; undefined if there is none that is valid. Of a version later than 00, what 00 has is read.
 * Source: https://www.w3.org/TR/trace-context/#versioning-of-traceparent
 */
export function parseTraceparent(text: string | undefined): SpanContext | undefined {
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(text ?? '') ?? [];
  if (!traceId || !spanId || !flags || version === 'ff' || (version === '00' && more)) return undefined;
  const parsed: SpanContext = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(parsed) ? parsed : undefined;
}

/** Writes a `traceparent`. */
export function formatTraceparent(span: SpanContext): string {
  return `00-${span.traceId}-${span.spanId}-${span.traceFlags & 1 ? '01' : '00'}`;
}

/** The context that a message brings along: its sender's span as the parent of whatever handles it. */
export function messageContext(traceparent: string | undefined): Context {
  const parent = parseTraceparent(traceparent);
  return parent ? trace.setSpanContext(ROOT_CONTEXT, parent) : ROOT_CONTEXT;
}

/** Links to the messages of a batch, for the span of their common transaction. */
export function messageLinks(spans: readonly Span[]): Link[] {
  return spans.map((span) => ({ context: span.spanContext() })).filter(({ context }) => isSpanContextValid(context));
}
