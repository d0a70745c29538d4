import { CountryInput, EmailInput, LineInput, MoneyInput, TextInput } from '@tradepost/contracts/input';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { Type } from 'typebox';
import { describe, expect, it } from 'vitest';
import { createValidatorCompiler } from './validation.ts';

const schema = Type.Object({
  name: LineInput(5),
  note: Type.Optional(TextInput(10)),
  email: Type.Optional(EmailInput),
  country: Type.Optional(CountryInput),
  price: Type.Optional(MoneyInput),
  attributes: Type.Optional(Type.Record(Type.String(), LineInput(5))),
  tags: Type.Optional(Type.Array(LineInput(5))),
});
const validate = createValidatorCompiler()({ schema, httpPart: 'body' });

const read = (value: object) => {
  const outcome = validate(value);
  return 'error' in outcome ? outcome.error : outcome.value;
};
const errorsOf = (value: object) => {
  const outcome = read(value);
  return outcome instanceof ProblemError ? outcome.errors : [];
};

describe('fields that people write', () => {
  it('are read before their length is checked, wherever they are', () => {
    const value = {
      name: '   Adam\u200b   ',
      note: ' a\r\nb ',
      email: ' Ada@Example.COM ',
      attributes: { size: ' M ' },
      tags: [' x ', 'y'],
    };
    expect(read(value)).toEqual({
      name: 'Adam',
      note: 'a\nb',
      email: 'ada@example.com',
      attributes: { size: 'M' },
      tags: ['x', 'y'],
    });
  });

  it('are refused by name, each with one message', () => {
    const value = {
      name: 'A\u001bB',
      note: 'a\u202eb',
      email: 'ada@',
      country: 'UK',
      price: { amount: 1, currency: 'ZZZ' },
      attributes: { size: '\u200b' },
    };
    expect(errorsOf(value)).toEqual([
      { field: '/name', message: 'must not contain the control character U+001B' },
      { field: '/note', message: 'must not contain the control character U+202E' },
      { field: '/email', message: 'must be an e-mail address, such as ada@example.com' },
      { field: '/country', message: 'must be a country code of ISO 3166-1 alpha-2, such as DE' },
      { field: '/price/currency', message: 'must be a currency code of ISO 4217, such as EUR' },
      { field: '/attributes/size', message: 'must not be empty' },
    ]);
  });

  it('are not read at all when they are too long by far', () => {
    expect(errorsOf({ name: '\u001b'.repeat(100_000) })).toEqual([
      { field: '/name', message: 'must have at most 5 characters' },
    ]);
  });
});
