import { Id, Time } from '@tradepost/contracts/shapes';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

const Position = Type.Tuple([Time, Id]);
const position = ['2026-11-23T10:15:00.000Z', '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11'];

test('what was encoded is decoded', () => {
  const cursor = encodeCursor(position);
  expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/);
  expect(decodeCursor(Position, cursor)).toEqual(position);
});

test.each([
  '',
  'nonsense!',
  '%%%',
  encodeCursor('text'),
  encodeCursor([position[0]]),
  encodeCursor(['yesterday', position[1]]),
  encodeCursor(['2026-13-45T10:15:00.000Z', position[1]]),
  encodeCursor([position[0], "' or 1=1 --"]),
  encodeCursor([position[0], `urn:uuid:${position[1]}`]),
  encodeCursor(['0000-01-01T00:00:00Z', position[1]]),
  encodeCursor(['2026-11-23T10:15:00+23:00', position[1]]),
  encodeCursor(['2026-12-31T23:59:60Z', position[1]]),
  encodeCursor(['9999-12-31T23:59:59-12:00', position[1]]),
  encodeCursor(['0001-01-01T00:00:00+12:00', position[1]]),
  Buffer.from('["a","\\u0000"]').toString('base64url'),
  Buffer.from('{"__proto__":1}').toString('base64url'),
  `${encodeCursor(position)}${'A'.repeat(3000)}`,
  encodeCursor(position).slice(0, -3),
])('%s is refused', (text) => {
  expect(() => decodeCursor(Position, text)).toThrow(expect.objectContaining({ code: 'invalid_cursor' }));
});
