import { expect, test } from 'vitest';
import { preferredLocale } from './accept-language.ts';

test.each([
  ['de', 'de'],
  ['de-AT,de;q=0.9,en;q=0.5', 'de'],
  ['it,fr;q=0.8,en;q=0.9', 'en'],
  ['pt-BR, ES-mx;q=0.7', 'es'],
  ['de;q=0, fr;q=0.1', 'fr'],
  ['it, *;q=0.5', undefined],
  ['*', undefined],
  ['', undefined],
  [';;;q=x,,,', undefined],
  [`${'it,'.repeat(500)}de`, undefined],
  [undefined, undefined],
])('of %j is %j', (header, locale) => {
  expect(preferredLocale(header)).toBe(locale);
});
