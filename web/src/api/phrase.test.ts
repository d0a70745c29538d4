import { expect, it } from 'vitest';
import { isWorthSuggestions, normalizedPhrase } from './phrase.ts';

it.each([
  ['  Stone\u3000Mug ', 'stone mug'],
  ['CAFE\u0301', 'caf\u00e9'],
  ['ｾｯﾄ', 'セット'],
  [' \t ', ''],
])('asks in one spelling: %j', (typed, phrase) => expect(normalizedPhrase(typed)).toBe(phrase));

it('is never too long, and has no half of a character', () => {
  expect([...normalizedPhrase('\ufdfa'.repeat(200))]).toHaveLength(200);
  expect(() => encodeURIComponent(normalizedPhrase(`mug ${'🎁'.repeat(200).slice(0, 193)}`))).not.toThrow();
});

it('takes one letter for a phrase where it is a word', () => {
  expect(['m', '', 'mu', '碗'].map(isWorthSuggestions)).toEqual([false, false, true, true]);
});
