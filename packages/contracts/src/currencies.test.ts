import { data } from 'currency-codes';
import * as dinero from 'dinero.js/currencies';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyCodes, currencyDecimals, decimalAmount, isCurrency, parseAmount } from './currencies.ts';

describe('the currencies', () => {
  it('are those of ISO 4217 that have a minor unit', () => {
    const listed = Object.values(dinero).map(({ code }) => code);
    expect(currencyCodes).toEqual(listed.sort());
  });

  it('have the decimals of ISO 4217', () => {
    const digits = new Map(data.map((currency) => [currency.code, currency.digits]));
    const compared = currencyCodes.filter((code) => digits.has(code));
    expect(compared.length).toBeGreaterThan(150);
    for (const code of compared) expect([code, currencyDecimals(code)]).toEqual([code, digits.get(code)]);
    // Newer than that list.
    expect(currencyCodes.filter((code) => !digits.has(code))).toEqual(['XAD', 'XCG']);
  });

  it.each(['', 'eur', 'EURO', 'ZZZ', 'XXX', 'XTS', 'XAU', 'DEM', 'constructor'])('do not include %j', (code) => {
    expect(isCurrency(code)).toBe(false);
  });
});

describe('an amount', () => {
  it.each([
    [499_000, 'HUF', '4990.00'],
    [150_000_00, 'IDR', '150000.00'],
    [1_234, 'IQD', '1.234'],
    [5, 'KWD', '0.005'],
    [500, 'JPY', '500'],
    [0, 'ISK', '0'],
    [12_345, 'CLF', '1.2345'],
    [-5, 'EUR', '-0.05'],
  ])('of %i minor units of %s is %s', (amount, currency, text) => {
    expect(decimalAmount({ amount, currency })).toBe(text);
  });

  it('is read as it is written, in every currency', () => {
    const amounts = fc.tuple(fc.integer({ min: 0, max: 100_000_000_000 }), fc.constantFrom(...currencyCodes));
    fc.assert(
      fc.property(amounts, ([amount, currency]) => {
        const text = decimalAmount({ amount, currency });
        expect(parseAmount(text, currency)).toBe(amount);
        expect(parseAmount(` ${text.replace('.', ',')} `, currency)).toBe(amount);
      }),
    );
  });

  it.each([
    ['19.999', 'EUR'],
    ['1.000', 'EUR'],
    ['5.5', 'JPY'],
    ['1.2345', 'KWD'],
    ['-1', 'EUR'],
    ['1e3', 'EUR'],
    ['', 'EUR'],
    ['.', 'EUR'],
  ])('%j of %s is none', (text, currency) => {
    expect(parseAmount(text, currency)).toBeUndefined();
  });
});
