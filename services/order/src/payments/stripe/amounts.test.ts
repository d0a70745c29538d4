import { currencyCodes, currencyDecimals } from '@tradepost/contracts/currencies';
import { expect, test } from 'vitest';
import { ownAmount, stripeAmount, stripeStep } from './amounts.ts';

/** https://docs.stripe.com/currencies#zero-decimal, without UGX, which is among its special cases as well. */
const zeroDecimal = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ');
/** https://docs.stripe.com/currencies#special-cases: no decimals, but two digits that are `00`. */
const wholeWithTwoDigits = ['ISK', 'UGX'];
/** Three decimals, of which the last is 0. */
const threeDecimal = ['BHD', 'JOD', 'KWD', 'OMR', 'TND'];
/** Of ISO 4217, but with decimals that Stripe says nothing of. */
const notAtStripe = ['CLF', 'IQD', 'LYD', 'UYI', 'UYW'];

test.each(currencyCodes)('ten whole %s are the number that Stripe publishes', (currency) => {
  const amount = 10 * 10 ** currencyDecimals(currency);
  const published = zeroDecimal.includes(currency) ? 10 : threeDecimal.includes(currency) ? 10_000 : 1_000;
  const inItsUnits = stripeAmount({ amount, currency });
  expect(inItsUnits).toBe(notAtStripe.includes(currency) ? null : published);
  if (inItsUnits !== null) expect(ownAmount(inItsUnits, currency.toLowerCase())).toBe(amount);
});

test('amounts of special currencies keep their digits', () => {
  expect(stripeAmount({ amount: 1999, currency: 'EUR' })).toBe(1999);
  expect(stripeAmount({ amount: 500, currency: 'JPY' })).toBe(500);
  for (const currency of wholeWithTwoDigits) expect(stripeAmount({ amount: 5, currency })).toBe(500);
  expect(stripeAmount({ amount: 5_120, currency: 'KWD' })).toBe(5_120);
  expect(stripeAmount({ amount: 2_500_00, currency: 'MGA' })).toBe(2_500);
  expect(stripeAmount({ amount: 1045, currency: 'HUF' })).toBe(1045);
});

test('an amount that Stripe cannot take exactly is none', () => {
  expect(stripeAmount({ amount: 5_124, currency: 'KWD' })).toBeNull();
  expect(stripeAmount({ amount: 2_500_50, currency: 'MGA' })).toBeNull();
  expect(stripeAmount({ amount: 10_000, currency: 'LYD' })).toBeNull();
});

test('Stripe takes the multiples of its step, and nothing between them', () => {
  for (const currency of currencyCodes.filter((code) => !notAtStripe.includes(code))) {
    const step = stripeStep(currency);
    expect(stripeAmount({ amount: 7 * step, currency })).not.toBeNull();
    if (step > 1) expect(stripeAmount({ amount: 7 * step + 1, currency })).toBeNull();
  }
  expect(['EUR', 'JPY', 'ISK', 'KWD', 'MGA'].map(stripeStep)).toEqual([1, 1, 1, 10, 100]);
});

test('what Stripe counts finer is rounded', () => {
  expect(ownAmount(149, 'isk')).toBe(1);
  expect(ownAmount(150, 'isk')).toBe(2);
});
