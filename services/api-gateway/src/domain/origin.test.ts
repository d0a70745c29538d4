import { expect, test } from 'vitest';
import { isOriginAllowed } from './origin.ts';

const trusted = new Set(['https://back-office.example']);
const ask = (origin: string | undefined, fetchSite?: string) =>
  isOriginAllowed({ origin, fetchSite, host: 'Shop.example:8080' }, trusted);

test('pages of the same host and of trusted origins may change things with a cookie', () => {
  expect(ask('http://shop.example:8080')).toBe(true);
  expect(ask('https://shop.example:8080')).toBe(true);
  expect(ask('https://back-office.example')).toBe(true);
  expect(ask(undefined, 'same-origin')).toBe(true);
  expect(ask('http://shop.example:8080', 'same-origin')).toBe(true);
  expect(ask('https://back-office.example', 'cross-site')).toBe(true);
});

test('others may not', () => {
  expect(ask('http://shop.example')).toBe(false);
  expect(ask('https://shop.example:8080.evil.example')).toBe(false);
  expect(ask('https://back-office.example.evil.example')).toBe(false);
  expect(ask('null')).toBe(false);
  expect(ask('')).toBe(false);
  expect(ask(undefined)).toBe(false);
  expect(ask(undefined, 'same-site')).toBe(false);
  expect(ask(undefined, 'cross-site')).toBe(false);
  expect(ask('http://shop.example:8080', 'cross-site')).toBe(false);
});
