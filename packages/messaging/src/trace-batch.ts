import {
  context,
  isSpanContextValid,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { formatTraceparent, messageContext, messageLinks } from './trace-context.ts';

/**
 * Runs `work` on a batch of events within spans: one per event, in the trace of its sender, and where there are several
 * one for their common transaction, linked to them. The events that `work` is given carry the `traceparent` of their
 * own span, for what they cause. Without an OpenTelemetry SDK they keep their sender's.
 */
export async function traceBatch<T>(
  service: string,
  events: readonly CloudEvent[],
  work: (events: CloudEvent[]) => Promise<T>,
): Promise<T> {
  const tracer = trace.getTracer('tradepost.messaging');
  const spans = events.map((event) =>
    tracer.startSpan(
      `process ${event.type}`,
      { kind: SpanKind.CONSUMER, attributes: attributesOf(service, event) },
      messageContext(event.traceparent),
    ),
  );
  const traced = events.map((event, i) => carry(event, spans[i]));
  const [first] = spans;
  const whole =
    spans.length === 1 && first
      ? first
      : tracer.startSpan(
          `process ${service}`,
          {
            kind: SpanKind.CONSUMER,
            links: messageLinks(spans),
            attributes: { 'messaging.batch.message_count': events.length },
          },
          ROOT_CONTEXT,
        );
  try {
    return await context.with(trace.setSpan(ROOT_CONTEXT, whole), () => work(traced));
  } catch (err) {
    for (const span of new Set([whole, ...spans])) {
      span.recordException(err instanceof Error ? err : String(err));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    throw err;
  } finally {
    for (const span of new Set([whole, ...spans])) span.end();
  }
}

/** Source: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function attributesOf(service: string, event: CloudEvent) {
  return {
    'messaging.operation.type': 'process',
    'messaging.destination.name': event.type,
    'messaging.consumer.group.name': service,
    'messaging.message.id': event.id,
  };
}

function carry(event: CloudEvent, span: Span | undefined): CloudEvent {
  const own = span?.spanContext();
  if (!own || !isSpanContextValid(own)) return event;
  return { ...event, traceparent: formatTraceparent(own) };
}
