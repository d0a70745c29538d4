import { readEmailAddress } from '@tradepost/contracts/email-address';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

describe('an e-mail address', () => {
  it.each([
    ['ada@example.com', 'ada@example.com'],
    [' Ada.Lovelace+shop@Mail.Example.COM \n', 'ada.lovelace+shop@mail.example.com'],
    ["o'brien@example.ie", "o'brien@example.ie"],
    ['\u202aada@example.com\u202c\u200b', 'ada@example.com'],
    ['ada@exam\u00adple.com\ufeff', 'ada@example.com'],
    ['Ada@Bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@bu\u0308cher.example', 'ada@xn--bcher-kva.example'],
    ['ada@例え.jp', 'ada@xn--r8jz45g.jp'],
    [`ada@${'a'.repeat(63)}.com`, `ada@${'a'.repeat(63)}.com`],
  ])('%j is read as %j', (text, value) => {
    expect(readEmailAddress(text)).toEqual({ value });
  });

  it.each([
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@example',
    'ada@-example.com',
    'ada@example..com',
    '.ada@example.com',
    'a..da@example.com',
    'ada lovelace@example.com',
    'ada@exa mple.com',
    'ada@example.com\u0000',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a.'.repeat(130)}com`,
    `ada@${'a'.repeat(64)}.com`,
    `ada@${'ü'.repeat(80)}.com`,
    'ada@bücher',
    'ada@bücher.example:80',
    'ada@bücher.example/x',
    'ada@127.0.0.1',
    'ada@１２７.0.0.1',
    'adä@example.com',
    '\u200b@example.com',
    'ada@example.com, eve@example.com',
  ])('%j is none', (text) => {
    expect(readEmailAddress(text)).toHaveProperty('message');
  });

  it('that is taken is taken by better-auth too', () => {
    const better = z.email();
    const part = fc.string({
      unit: fc.constantFrom(...'aZ0.-_+\'!%"', '@', 'ü', 'ß', '\u200d', '１', '例'),
      minLength: 1,
      maxLength: 8,
    });
    const text = fc.oneof(
      fc.emailAddress(),
      fc.tuple(part, part, part).map(([a, b, c]) => `${a}@${b}.${c}`),
    );
    fc.assert(
      fc.property(text, (address) => {
        const reading = readEmailAddress(address);
        if ('value' in reading) expect(better.safeParse(reading.value).success, reading.value).toBe(true);
      }),
      { numRuns: 3_000 },
    );
  });
});
