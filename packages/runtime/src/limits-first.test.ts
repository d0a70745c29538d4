import { type TSchema, Type } from 'typebox';
import { describe, expect, test } from 'vitest';
import { createValidatorCompiler } from './validation.ts';

/** A pattern that takes time in proportion to the square of a text of `a` that ends in a control character. */
const QUADRATIC = '^[^\\p{Cc}]*[^\\p{Cc}\\s][^\\p{Cc}]*$';
const hostile = `${'a'.repeat(60_000)}\u0001`;

function errorsOf(schema: TSchema, value: unknown): string[] {
  const outcome = createValidatorCompiler()({ schema, httpPart: 'body' })(value);
  if (!('error' in outcome)) return [];
  return (outcome.error.errors ?? []).map(({ field, message }) => `${field} ${message}`);
}

/** Milliseconds of CPU that this process spends on it. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

describe('a value beyond its limit is not looked into', () => {
  test('a string is not matched with its pattern', () => {
    const Body = Type.Object({ title: Type.String({ maxLength: 200, pattern: QUADRATIC }) });
    // With the pattern it would be 1,800,000,000 steps: seconds, not milliseconds.
    const cpu = cpuOf(() => {
      expect(errorsOf(Body, { title: hostile })).toEqual(['/title must have at most 200 characters']);
    });
    expect(cpu).toBeLessThan(1000 + 100 * cpuOf(() => JSON.parse(JSON.stringify(hostile))));
  });

  test('nor inside of a union, a list, a map or an optional field', () => {
    const Text = Type.String({ maxLength: 200, pattern: QUADRATIC });
    const tooLong = 'must have at most 200 characters';
    expect(errorsOf(Type.Object({ a: Type.Array(Text) }), { a: [hostile] })).toEqual([`/a/0 ${tooLong}`]);
    expect(errorsOf(Type.Object({ a: Type.Optional(Text) }), { a: hostile })).toEqual([`/a ${tooLong}`]);
    expect(errorsOf(Type.Record(Type.String(), Text), { a: hostile })).toEqual([`/a ${tooLong}`]);
    expect(errorsOf(Type.Object({ a: Type.Union([Text, Type.Null()]) }), { a: hostile })).toHaveLength(1);
  });

  test('the items of an array are not checked, nor compared with one another', () => {
    const Body = Type.Array(Type.Object({ a: Type.Integer() }), { maxItems: 3, uniqueItems: true });
    const items = Array.from({ length: 2_000 }, (_, index) => ({ a: `${index}` }));
    expect(errorsOf(Body, items)).toEqual([' must have at most 3 items']);
    expect(errorsOf(Body, items.slice(0, 2))).toEqual(['/0/a must be a whole number', '/1/a must be a whole number']);
  });

  test('the fields of a map are not checked', () => {
    const Body = Type.Record(Type.String({ pattern: '^[a-z]+$' }), Type.Integer(), {
      maxProperties: 2,
      additionalProperties: false,
    });
    expect(errorsOf(Body, { a: 'x', b: 'x', c: 'x' })).toEqual([' must have at most 2 fields']);
    expect(errorsOf(Body, { a: 'x', B: 1 })).toEqual([
      '/B is not a field that is known here',
      '/a must be a whole number',
    ]);
  });

  test('the unknown fields of a closed object are named, but not thousands of them', () => {
    const Body = Type.Object({ a: Type.Integer() }, { additionalProperties: false });
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 1]));
    expect(errorsOf(Body, { a: 'x', ...fields(3) })).toEqual([
      ...[0, 1, 2].map((index) => `/f${index} is not a field that is known here`),
      '/a must be a whole number',
    ]);
    expect(errorsOf(Body, { a: 1, ...fields(500) })).toEqual([' must have at most 21 fields']);
  });
});

test('what is within its limits is checked as it was', () => {
  const Body = Type.Object({
    title: Type.String({ maxLength: 5, pattern: '^[a-z]*$' }),
    id: Type.String({ format: 'uuid' }),
  });
  expect(errorsOf(Body, { title: 'A', id: 'x' })).toEqual([
    '/title must match pattern "^[a-z]*$"',
    '/id must be a valid uuid',
  ]);
  expect(errorsOf(Body, { title: 'A'.repeat(6), id: 'x' })).toEqual([
    '/title must have at most 5 characters',
    '/id must be a valid uuid',
  ]);
});
