import { expect, test } from 'vitest';
import { addressOf, checkAddress, type Draft, emptyDraft, remainingErrors } from './address.ts';

const complete: Draft = { ...emptyDraft, name: 'Ada', line1: 'Hafenstrasse 1', postalCode: '20457', city: 'Hamburg' };

test('what is missing is named, field by field', () => {
  expect(Object.keys(checkAddress(emptyDraft))).toEqual(['name', 'line1', 'postalCode', 'city']);
  expect(Object.keys(checkAddress({ ...complete, city: '   ' }))).toEqual(['city']);
  expect(checkAddress(complete)).toEqual({});
});

test('what is too long for the shop is named too', () => {
  expect(checkAddress({ ...complete, name: 'a'.repeat(201) })).toEqual({ name: 'At most 200 characters' });
});

test('a postal code is asked for only where addresses have one', () => {
  const { postalCode: _postalCode, ...without } = addressOf({ ...complete, country: 'HK', city: 'Hong Kong' });
  for (const country of ['HK', 'AE', 'IE']) {
    expect(checkAddress({ ...complete, country, postalCode: '' })).toEqual({});
  }
  // Left over from the country that was chosen before.
  expect(addressOf({ ...complete, country: 'HK', city: 'Hong Kong' })).toEqual(without);
});

test.each([
  ['DE', '2045', false],
  ['DE', '20457', true],
  ['NL', '1016 ab', true],
  ['GB', 'SW1A 1AA', true],
  ['US', '1000', false],
  // A country whose codes we do not know is not judged.
  ['IE', 'D02 X285', true],
])('a postal code of %s: %s', (country, postalCode, right) => {
  expect(checkAddress({ ...complete, country, postalCode }).postalCode === undefined).toBe(right);
});

test('the shop is sent what was written, and nothing that was not', () => {
  expect(addressOf({ ...complete, name: ' Ada ', region: ' ' })).toEqual({
    name: 'Ada',
    line1: 'Hafenstrasse 1',
    postalCode: '20457',
    city: 'Hamburg',
    country: 'DE',
  });
});

test('an error that has been corrected is not shown any more, and another one only when the form is sent', () => {
  const found = checkAddress({ ...complete, name: '', postalCode: '2045' });
  expect(Object.keys(found)).toEqual(['name', 'postalCode']);
  const corrected = { ...complete, name: 'Ada', postalCode: '2045', city: '' };
  expect(remainingErrors(found, corrected)).toEqual({ name: undefined, postalCode: found.postalCode });
});
