import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { expect, test } from 'vitest';
import { createEventReader } from './read-event.ts';

const read = createEventReader();
const valid = newEvent({
  source: 'test',
  type: 'order.delivered.v1',
  subject: uuidv7(),
  data: { orderId: uuidv7(), customerId: uuidv7() },
});

test('a valid event is read as it is, extensions included', () => {
  const event = { ...valid, tracestate: 'a=b' };
  expect(read(event)).toEqual({ event });
});

test.for<[string, unknown, string]>([
  ['text', '{"specversion":', 'not JSON'],
  ['null', null, 'Not a valid event'],
  ['a list', [], 'Not a valid event'],
  ['no envelope', { type: 'order.delivered.v1' }, 'required properties specversion, id'],
  ['another version', { ...valid, specversion: '0.3' }, '/specversion'],
  ['an id that is no UUID', { ...valid, id: '7' }, '/id must match format "uuid"'],
  ['a time that is none', { ...valid, time: 'yesterday' }, '/time'],
  ['an unknown type', { ...valid, type: 'order.eaten.v1' }, 'Unknown event type order.eaten.v1'],
  ['a type that objects inherit', { ...valid, type: 'constructor' }, 'Unknown event type constructor'],
  ['bad data', { ...valid, data: { orderId: 1 } }, 'Invalid data: '],
])('%s is not', ([, body, reason]) => {
  const found = read(body);
  expect('unreadable' in found && found.unreadable.reason).toContain(reason);
});

test('what is unreadable is known by its own id, or by one that its content gives', () => {
  const idOf = (body: unknown) => {
    const found = read(body);
    return 'unreadable' in found ? found.unreadable.id : undefined;
  };
  expect(idOf({ ...valid, data: 1 })).toBe(valid.id);
  expect(idOf('garbage')).toBe(idOf('garbage'));
  expect(idOf('garbage')).not.toBe(idOf('other garbage'));
  expect(idOf('garbage')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
});
