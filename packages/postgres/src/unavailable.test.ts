import pg from 'pg';
import { expect, test } from 'vitest';
import { DatabaseUnavailable, isTransient, violatedConstraint } from './unavailable.ts';

function databaseError(code: string, more: { routine?: string; constraint?: string } = {}): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError('refused', 0, 'error'), { code, ...more });
}

test.each([
  ['40001', true],
  ['40P01', true],
  ['55P03', true],
  ['57P01', true],
  ['57P03', true],
  ['53300', true],
  ['08006', true],
  ['23505', false],
  ['57014', false],
  ['42P01', false],
  ['0A000', false],
])('SQLSTATE %s: transient is %s', (code, transient) => expect(isTransient(databaseError(code))).toBe(transient));

test('lost and missing connections are transient, and other errors are not', () => {
  expect(isTransient(new DatabaseUnavailable('away', { cause: undefined, outcomeUnknown: false }))).toBe(true);
  expect(isTransient(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBe(true);
  const both = [
    Object.assign(new Error('v6'), { code: 'ECONNREFUSED' }),
    Object.assign(new Error('v4'), { code: 'ETIMEDOUT' }),
  ];
  expect(isTransient(new AggregateError(both))).toBe(true);
  expect(isTransient(new AggregateError([...both, new Error('bug')]))).toBe(false);
  expect(isTransient(databaseError('0A000', { routine: 'RevalidateCachedQuery' }))).toBe(true);
  expect(isTransient(new TypeError('bug'))).toBe(false);
  expect(isTransient('text')).toBe(false);
});

test('the constraint that was violated', () => {
  expect(violatedConstraint(databaseError('23505', { constraint: 'sku_key' }))).toBe('sku_key');
  expect(violatedConstraint(databaseError('42P01'))).toBeUndefined();
  expect(violatedConstraint(new Error('x'))).toBeUndefined();
});
