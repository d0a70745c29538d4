import { Money } from '@tradepost/contracts/money';
import { OrderStatus } from '@tradepost/contracts/order-status';
import { type TSchema, Type } from 'typebox';
import { expect, test } from 'vitest';
import { createSerializerCompiler, simplified } from './serialization.ts';

const write = (schema: TSchema, value: unknown): unknown => JSON.parse(createSerializerCompiler()({ schema })(value));

test('only what the schema has is written', () => {
  expect(write(Type.Object({ total: Money }), { total: { amount: 1, currency: 'EUR', cost: 0 }, secret: 1 })).toEqual({
    total: { amount: 1, currency: 'EUR' },
  });
});

test('what is required and missing is an error, and not half an answer', () => {
  expect(() => write(Type.Object({ id: Type.String() }), {})).toThrow('"id" is required');
});

test('a union of constants is written as their type, and T or null as a nullable T', () => {
  expect(simplified(OrderStatus)).toEqual({ type: 'string' });
  expect(simplified(Type.Union([Type.String(), Type.Null()]))).toMatchObject({ type: 'string', nullable: true });
  const schema = Type.Object({
    status: OrderStatus,
    note: Type.Union([Type.String(), Type.Null()]),
    money: Type.Union([Money, Type.Null()]),
    moneys: Type.Array(Type.Union([Money, Type.Null()])),
    anyOf: Type.Optional(Type.String()),
  });
  const money = { amount: 1, currency: 'EUR' };
  for (const value of [
    { status: 'pending', note: null, money: null, moneys: [null, money] },
    { status: 'reserved', note: 'x"\n', money, moneys: [], anyOf: 'x' },
  ]) {
    expect(write(schema, value)).toEqual(value);
  }
});

test('other unions are written by the branch that fits', () => {
  const schema = Type.Union([Type.Object({ a: Type.Integer() }), Type.Object({ b: Type.String() })]);
  expect(write(schema, { b: 'x' })).toEqual({ b: 'x' });
});
