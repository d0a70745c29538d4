import { type Span, type SpanOptions, TraceFlags, type Tracer, trace } from '@opentelemetry/api';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterEach, expect, test } from 'vitest';
import { traceBatch } from './trace-batch.ts';

const sender = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function event(traceparent?: string): CloudEvent {
  const data = { orderId: uuidv7(), customerId: uuidv7() };
  return newEvent({ source: 'test', type: 'order.delivered.v1', subject: data.orderId, data, traceparent });
}

type RecordedSpan = { name: string; parent: string | undefined; links: number; ended: boolean; failed: boolean };

/** A tracer that gives each span a number as its id, in the trace of its parent. */
function install(): RecordedSpan[] {
  const started: RecordedSpan[] = [];
  const startSpan = (name: string, options: SpanOptions = {}, context?: Parameters<Tracer['startSpan']>[2]): Span => {
    const parent = context && trace.getSpanContext(context);
    const record = { name, parent: parent?.spanId, links: options.links?.length ?? 0, ended: false, failed: false };
    started.push(record);
    const span = trace.wrapSpanContext({
      traceId: parent?.traceId ?? '1'.repeat(32),
      spanId: String(started.length).padStart(16, '0'),
      traceFlags: TraceFlags.SAMPLED,
    });
    span.end = () => {
      record.ended = true;
    };
    span.recordException = () => {
      record.failed = true;
    };
    return span;
  };
  const tracer: Tracer = {
    startSpan,
    startActiveSpan: () => {
      throw new Error('not used');
    },
  };
  trace.setGlobalTracerProvider({ getTracer: () => tracer });
  return started;
}

afterEach(() => trace.disable());

test('each event gets a span in the trace of its sender, and carries it on', async () => {
  const started = install();
  const given = await traceBatch('order', [event(sender), event()], async (events) => events);
  expect(given.map(({ traceparent }) => traceparent)).toEqual([
    '00-0af7651916cd43dd8448eb211c80319c-0000000000000001-01',
    `00-${'1'.repeat(32)}-0000000000000002-01`,
  ]);
  expect(started).toEqual([
    { name: 'process order.delivered.v1', parent: 'b7ad6b7169203331', links: 0, ended: true, failed: false },
    { name: 'process order.delivered.v1', parent: undefined, links: 0, ended: true, failed: false },
    { name: 'process order', parent: undefined, links: 2, ended: true, failed: false },
  ]);
});

test('one event alone needs no span for its transaction, and a failure is recorded', async () => {
  const started = install();
  const failing = traceBatch('order', [event(sender)], () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
  expect(started).toMatchObject([{ ended: true, failed: true }]);
});

test('without an SDK events keep what their sender gave them', async () => {
  const events = [event(sender), event()];
  expect(await traceBatch('order', events, async (given) => given)).toEqual(events);
});
