import { newEvent } from '@tradepost/postgres/outbox';
import { expect, test } from 'vitest';
import { encodeEvent, readEncodedEvent } from './encoded-event.ts';
import { groupIntoBatches } from './rabbit-batches.ts';

const event = newEvent({
  ...{ source: 'order', type: 'stock.reservation-expired.v1', subject: 'a "subject"' },
  data: { orderId: '0190a5c0-0000-7000-8000-000000000000', expiredAt: '2026-11-30T00:00:00.000Z' },
});

test('id and type are read from the text, however it is written', () => {
  expect(readEncodedEvent(JSON.stringify(event))).toEqual(encodeEvent(event));
  const { type, data, ...rest } = event;
  const otherwise = ` ${JSON.stringify({ data: { ...data, type: 'no' }, ...rest, type }, null, 1)}`;
  expect(readEncodedEvent(otherwise)).toEqual({ id: event.id, type, json: otherwise });
});

test.for(['{}', '[]', 'null', '"text"', '{"id":"1","type":2}', '{"id":"a b","type":"t"}', '{"id":"","type":"t"}'])(
  'what a transport cannot name is no event: %s',
  (json) => {
    expect(readEncodedEvent(json)).toBeUndefined();
  },
);

test('batches hold one type, in order, and are bounded by number and length', () => {
  const of = (type: string, id: number, length = 10) => ({ type, id: String(id), json: 'x'.repeat(length) });
  const sizes = (events: ReturnType<typeof of>[]) =>
    groupIntoBatches(events).map((batch) => batch.map(({ type, id }) => `${type}${id}`).join(' '));
  expect(sizes([of('a', 1), of('b', 2), of('a', 3)])).toEqual(['a1 a3', 'b2']);
  expect(sizes([of('a', 1), of('a', 2, 300_000), of('a', 3), of('a', 4)])).toEqual(['a1', 'a2', 'a3 a4']);
  expect(groupIntoBatches(Array.from({ length: 101 }, (_, i) => of('a', i))).map((one) => one.length)).toEqual([
    50, 50, 1,
  ]);
});
