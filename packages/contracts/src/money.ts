import { type Static, Type } from 'typebox';

/** The largest amount any single field accepts, in minor units: far below 2^53, so that sums of lines stay exact. */
export const MAX_AMOUNT = 1_000_000_000_00;

/** ISO 4217 alphabetic code, upper case. */
export const Currency = Type.String({
  pattern: '^[A-Z]{3}$',
  description: 'ISO 4217 currency code',
  examples: ['EUR'],
});

/** An amount of money: integer minor units (cents) and an ISO 4217 code. Never a float. */
export const Money = Type.Object(
  {
    amount: Type.Integer({ minimum: 0, maximum: MAX_AMOUNT, description: 'Integer minor units', examples: [1999] }),
    currency: Currency,
  },
  { additionalProperties: false },
);
export type Money = Static<typeof Money>;
