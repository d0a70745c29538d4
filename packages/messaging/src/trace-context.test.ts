import { expect, test } from 'vitest';
import { formatTraceparent, parseTraceparent } from './trace-context.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

test('what is written is read again', () => {
  const text = `00-${traceId}-${spanId}-01`;
  const parsed = parseTraceparent(text);
  expect(parsed).toEqual({ traceId, spanId, traceFlags: 1, isRemote: true });
  expect(parsed && formatTraceparent(parsed)).toBe(text);
});

test('a later version is read as far as it is known', () => {
  expect(parseTraceparent(`01-${traceId}-${spanId}-03-more`)).toMatchObject({ traceId, traceFlags: 1 });
});

test.for([
  undefined,
  '',
  `ff-${traceId}-${spanId}-01`,
  `00-${traceId}-${spanId}-01-more`,
  `00-${'0'.repeat(32)}-${spanId}-01`,
  `00-${traceId}-${'0'.repeat(16)}-01`,
  `00-${traceId.toUpperCase()}-${spanId}-01`,
])('not valid: %s', (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});
