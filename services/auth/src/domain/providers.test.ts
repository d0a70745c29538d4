import { describe, expect, test } from 'vitest';
import { readProviders } from './providers.ts';

const company = { id: 'company', name: 'Company', issuer: 'https://login.company.example', clientId: 'shop' };
const secrets = JSON.stringify({ company: 'S3cret', google: 'S3cret2' });
const read = (...providers: object[]) => readProviders(JSON.stringify(providers), secrets);

describe('providers', () => {
  test('are none without settings, and a known one needs an id and a secret', () => {
    expect(readProviders(undefined, undefined)).toEqual([]);
    expect(read({ id: 'google', clientId: 'shop' }, company)).toEqual([
      {
        ...{ id: 'google', name: 'Google', issuer: 'https://accounts.google.com' },
        ...{ clientId: 'shop', clientSecret: 'S3cret2', emailsAreVerified: false },
      },
      { ...company, clientSecret: 'S3cret', emailsAreVerified: false },
    ]);
  });

  test('say what is wrong, and never a secret', () => {
    const wrong: [() => unknown, RegExp][] = [
      [() => readProviders('{', secrets), /SIGN_IN_PROVIDERS must be JSON/],
      [() => readProviders('[]', '{"company": "S3cret'), /SIGN_IN_PROVIDER_SECRETS must be JSON/],
      [() => read({ id: 'company', clientId: 'shop' }), /company needs a name and an issuer/],
      [() => read({ ...company, issuer: 'http://login.company.example' }), /SIGN_IN_PROVIDERS must be JSON/],
      [() => read({ ...company, clientSecret: 'S3cret' }), /SIGN_IN_PROVIDERS must be JSON/],
      [() => read(company, company), /the id company twice/],
      [() => read(company, { ...company, id: 'google' }), /the issuer https:\/\/login.company.example twice/],
      [() => readProviders(JSON.stringify([company]), '{}'), /no secret of company/],
    ];
    for (const [work, message] of wrong) {
      expect(work).toThrow(message);
      expect(work).not.toThrow(/S3cret/);
    }
  });
});
