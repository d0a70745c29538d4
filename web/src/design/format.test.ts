import { describe, expect, it } from 'vitest';
import { moneyMark, numberText } from './format.tsx';

describe('the marks of an axis with money', () => {
  it('leave out decimals that say nothing, and no digits of currencies without decimals', () => {
    const marks = (currency: string, amounts: number[]) => amounts.map((amount) => moneyMark({ amount, currency }));
    expect(marks('EUR', [0, 50, 1000, 100_000])).toEqual(['€0', '€0.50', '€10', '€1,000']);
    expect(marks('JPY', [0, 500, 1000, 20_000])).toEqual(['JP¥0', 'JP¥500', 'JP¥1,000', 'JP¥20,000']);
  });

  it('are empty for parts of a minor unit, which the axis of a shop without revenue has', () => {
    expect(moneyMark({ amount: 0.2, currency: 'EUR' })).toBe('');
  });
});

describe('numbers', () => {
  it('are written as the language of a document has them', () => {
    expect(['en', 'de', 'fr', 'es'].map((language) => numberText(8.875, language as 'en'))).toEqual([
      ...['8.875', '8,875', '8,875', '8,875'],
    ]);
    expect(numberText(1234, 'de')).toBe('1.234');
  });
});
