import { randomInt } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { drawOrderNumber, formatOrderNumber, parseOrderNumber } from './order-number.ts';

describe('an order number', () => {
  it('is read back from what is shown', () => {
    for (let i = 0; i < 200; i++) {
      const number = drawOrderNumber(randomInt);
      expect(formatOrderNumber(number)).toMatch(/^T-\d{8}$/);
      expect(parseOrderNumber(formatOrderNumber(number))).toBe(number);
    }
    expect(drawOrderNumber((min) => min)).toBe(10_000_000);
    expect(drawOrderNumber((_min, max) => max - 1)).toBe(99_999_999);
  });

  it('is read as people type it', () => {
    for (const typed of [
      'T-10023456',
      't-10023456',
      ' #T 1002 3456 ',
      '10023456',
      'T-1002-3456',
      '1002.3456',
      'T10023456',
    ]) {
      expect(parseOrderNumber(typed), typed).toBe(10_023_456);
    }
  });

  it('is nothing else', () => {
    for (const typed of [
      '',
      'T-',
      '1234567',
      '123456789',
      '00023456',
      'X-10023456',
      '1002345６',
      'TT10023456',
      '-1.0023456e7',
    ]) {
      expect(parseOrderNumber(typed), typed).toBeNull();
    }
  });
});
