import iso from 'iso-3166-1';
import { formatAddress } from 'localized-address-format';
import { describe, expect, it } from 'vitest';
import { countryCodes, isCountry, postalCodeCountries, postalCodeUse } from './countries.ts';

describe('the countries', () => {
  it('are those of ISO 3166-1', () => {
    const assigned = iso.all().map(({ alpha2 }) => alpha2);
    expect(countryCodes).toEqual(assigned.sort());
  });

  it.each(['', 'de', 'UK', 'EU', 'XK', 'ZZ', 'SU', 'DEU', 'toString'])('do not include %j', (code) => {
    expect(isCountry(code)).toBe(false);
  });
});

describe('a postal code', () => {
  it('is not written where a country has none', () => {
    const written = (country: string): boolean =>
      formatAddress({ postalCountry: country, postalCode: 'CODE' }).join('').includes('CODE');
    const never = countryCodes.filter((code) => postalCodeUse(code) === 'none');
    expect(never.filter(written)).toEqual([]);
    expect(postalCodeCountries.filter((code) => !written(code))).toEqual([]);
  });

  it.each(['HK', 'AE', 'AO', 'QA', 'MO', 'PA', 'JM', 'ZW'])('does not exist in %s', (country) => {
    expect(postalCodeUse(country)).toBe('none');
  });

  it('may be left out in Ireland, and not in Germany', () => {
    expect(postalCodeUse('IE')).toBe('optional');
    expect(postalCodeUse('DE')).toBe('required');
  });
});
