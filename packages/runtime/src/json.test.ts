import { ProblemError } from '@tradepost/contracts/problem-error';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_JSON_DEPTH, MAX_JSON_FIELDS, MAX_JSON_VALUES, parseJson, parseJsonText } from './json.ts';

function problemOf(text: string): ProblemError {
  try {
    parseJsonText(text);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

const safeKey = fc
  .string({ unit: 'binary' })
  .filter((key) => !['__proto__', 'prototype'].includes(key) && !key.includes('\0'));
const anyJson = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
    fc.double({ noDefaultInfinity: true, noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(safeKey, tie('value'), { maxKeys: 20 }),
  ),
})).value;

describe('parsing JSON strictly', () => {
  test('valid JSON is read as JSON.parse reads it', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(parseJson(Buffer.from(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  test('a key that is written twice anywhere is found, however it is written', () => {
    fc.assert(
      fc.property(
        safeKey,
        fc.boolean(),
        anyJson,
        fc.array(safeKey, { maxLength: 30 }),
        (key, escaped, value, others) => {
          const written = (name: string) =>
            escaped
              ? `"${[...Array(name.length).keys()].map((i) => `\\u${name.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
              : JSON.stringify(name);
          const between = [...new Set(others)]
            .filter((other) => other !== key)
            .map((other) => `${JSON.stringify(other)}:1,`);
          const inner = `{${JSON.stringify(key)}:${JSON.stringify(value)},${between.join('')}${written(key)}:2}`;
          expect(problemOf(`{"a":[${inner}]}`).code).toBe('malformed_json');
        },
      ),
    );
  });

  test('the same key in different objects is fine', () => {
    expect(parseJsonText('{"a":{"a":[{"a":1},{"a":2}]},"b":{"a":1}}')).toEqual({
      a: { a: [{ a: 1 }, { a: 2 }] },
      b: { a: 1 },
    });
  });

  test('text that looks like structure is text', () => {
    const text = '{"a":"{\\"a\\":1,","b":"]}\\\\","c":["\\\\\\"",":"]}';
    expect(parseJsonText(text)).toEqual(JSON.parse(text));
  });

  test('as deep as the limit, and no deeper', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
    expect(() => parseJsonText(nested(MAX_JSON_DEPTH))).not.toThrow();
    expect(problemOf(nested(MAX_JSON_DEPTH + 1)).message).toContain('deeper');
    expect(problemOf(`{"a":${nested(MAX_JSON_DEPTH)}}`).message).toContain('deeper');
    const wide = `[${Array(1000).fill('[]').join(',')}]`;
    expect(() => parseJsonText(wide)).not.toThrow();
  });

  test('as many values as the limit, and no more, of every type', () => {
    const list = (length: number, item = '1') => `[${Array(length).fill(item).join(',')}]`;
    expect(parseJsonText(list(MAX_JSON_VALUES - 1))).toHaveLength(MAX_JSON_VALUES - 1);
    expect(problemOf(list(MAX_JSON_VALUES + 1)).code).toBe('too_large');
    for (const item of ['{}', '[]', '{"a":1}', '"\\u0000"']) {
      expect(problemOf(list(MAX_JSON_VALUES + 1, item)).code).toBe('too_large');
    }
    const fields = Array.from({ length: MAX_JSON_VALUES + 1 }, (_, index) => `"k${index}":1`);
    expect(problemOf(`{${fields.join(',')}}`).code).toBe('too_large');
    // Refused before it is parsed, so that nothing is made of it.
    expect(problemOf(`${list(MAX_JSON_VALUES + 1)} and no JSON`).code).toBe('too_large');
  });

  test('as many fields in one object as the limit, and no more', () => {
    const object = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join(',')}}`;
    expect(parseJsonText(`[${object(MAX_JSON_FIELDS)},${object(MAX_JSON_FIELDS)}]`)).toHaveLength(2);
    expect(problemOf(`[[{"a":${object(MAX_JSON_FIELDS + 1)}}]]`).code).toBe('too_large');
  });

  test('a hundred texts that cannot be stored are named, and not more', () => {
    expect(problemOf(`[${Array(5_000).fill('"\\u0000"').join(',')}]`).errors).toHaveLength(100);
  });

  test('a string is read to its end, wherever quotes and backslashes stand in it', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\\', '"', 'a'.repeat(70), ':{', '\n'), { maxLength: 40 }), (parts) => {
        const text = JSON.stringify({ a: parts.join(''), b: [parts.join('')] });
        expect(parseJsonText(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  test('prototypes are not to be poisoned', () => {
    expect(problemOf('{"a":{"__proto__":{}}}').message).toContain('__proto__');
    expect(problemOf('{"\\u005f_proto__":{}}').message).toContain('__proto__');
    expect(problemOf('{"constructor":{"prototype":{}}}').message).toContain('prototype');
    expect(parseJsonText('{"prototype":1,"constructor":"builder"}')).toEqual({ prototype: 1, constructor: 'builder' });
  });

  test('text that is no JSON is refused without being quoted', () => {
    for (const text of ['{"password": hunter2}', '', '[1,]', "{'a':1}", '{"a":1}x', '{"a":NaN}', '"\t"']) {
      expect(problemOf(text).message).toBe('The body is not valid JSON');
    }
  });

  test('text that cannot be stored is named by its field', () => {
    expect(problemOf('{"a":[{"b/c~":"x\\u0000"}],"d\\udc00":1}').errors).toEqual([
      { field: '/a/0/b~1c~0', message: 'must not contain the character U+0000' },
      { field: '', message: 'has a key that must not contain half of a surrogate pair' },
    ]);
  });

  test('a byte order mark is passed over, bytes that are not UTF-8 are not', () => {
    expect(parseJson(Buffer.from('\ufeff{"a":"ä"}'))).toEqual({ a: 'ä' });
    expect(() => parseJson(Buffer.from([0x22, 0xc3, 0x28, 0x22]))).toThrow('not valid UTF-8');
  });
});
