import { expect, test } from 'vitest';
import { offeredProviders } from './offered-providers.ts';
import type { PaymentProvider, PaymentProviders } from './provider.ts';

const providerNamed = (name: string): PaymentProvider => ({
  name,
  tokenProblem: () => null,
  initiate: async () => ({ status: 'captured' }),
  authorize: async () => ({ status: 'captured' }),
  capture: async () => ({ status: 'captured' }),
  cancel: async () => ({ status: 'voided' }),
  refund: async () => undefined,
});
const known: PaymentProviders = new Map(['sandbox', 'acme'].map((name) => [name, providerNamed(name)]));

test('new orders may name the providers of the setting, and no others', () => {
  expect([...offeredProviders('acme', known).keys()]).toEqual(['acme']);
  expect([...offeredProviders('sandbox,acme', known).keys()]).toEqual(['sandbox', 'acme']);
});

test('a provider that is not there is an error which names those that are', () => {
  expect(() => offeredProviders('sandbox,stripe', known)).toThrow(
    'PAYMENT_PROVIDERS has “stripe”; there are: sandbox, acme',
  );
});
