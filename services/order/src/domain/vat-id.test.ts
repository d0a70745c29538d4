import { expect, it } from 'vitest';
import { readVatId } from './vat-id.ts';

it.each([
  ['DE136695976', 'DE136695976', 'DE'],
  [' at-u 1358 5627 ', 'ATU13585627', 'AT'],
  ['fr k7.399.859.412', 'FRK7399859412', 'FR'],
  ['NL004495445B01', 'NL004495445B01', 'NL'],
  ['EL094259216', 'EL094259216', 'GR'],
  ['GR 094259216', 'EL094259216', 'GR'],
])('%s is read', (text, value, country) => {
  expect(readVatId(text)).toEqual({ value, country });
});

/** One of each member state. */
const ids =
  'ATU13585627 BE0403019261 BG175074752 CY10259033P CZ25123891 DE136695976 DK13585628 EE100931558 ESB58378431 FI20774740 ' +
  'FR40303265045 EL094259216 HR33392005961 HU12892312 IE6433435F IT00743110157 LT119511515 LU26375245 LV40003521600 ' +
  'MT11679112 NL004495445B01 PL8567346215 PT501964843 RO18547290 SE556188840401 SI50223054 SK2022749619';
it.each(ids.split(' '))('%s has its check digits, and another first digit is found out', (value) => {
  expect(readVatId(value)?.value).toBe(value);
  const wrong = value.replace(/\d/, (digit) => String((Number(digit) + 1) % 10));
  expect(readVatId(wrong)).toBeNull();
});

it.each(['', 'DE', 'DE136695977', '136695976', 'XX136695976', 'GB980780684', 'DE136695976 or so', '_proto__'])(
  '%j is none',
  (text) => {
    expect(readVatId(text)).toBeNull();
  },
);
