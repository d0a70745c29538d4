import { commonSettings } from '@tradepost/runtime/common-settings';
import { mailKey } from '@tradepost/runtime/event-encryption';
import { type Static, Type } from 'typebox';

export const orderSettings = Type.Object({
  ...commonSettings,
  ...mailKey,
  AUTH_URL: Type.String({
    format: 'uri',
    description: 'Where auth publishes the keys that access tokens are checked with',
  }),
  PRODUCT_URL: Type.String({ format: 'uri', description: 'The product service, for the backfill of the catalogue' }),
  CATALOGUE_TIMEOUT_MS: Type.Integer({
    default: 1_000,
    minimum: 100,
    description:
      'How long an order waits for product to tell of a SKU that is not known here; then it is refused with 503',
  }),
  SHOP_NAME: Type.String({
    default: 'Tradepost',
    minLength: 1,
    maxLength: 100,
    description: 'The name of the shop, as `GET /api/v1/shop` answers it',
  }),
  PAYMENT_PROVIDERS: Type.String({
    default: 'sandbox',
    pattern: '^[a-z0-9-]{1,40}(,[a-z0-9-]{1,40})*$',
    description: 'The payment providers that new orders may name, separated by commas',
  }),
  STRIPE_SECRET_KEY: Type.Optional(
    Type.String({
      pattern: '^[sr]k_(test|live)_',
      description: 'The secret or restricted key of the Stripe account, for the payment provider stripe',
    }),
  ),
  STRIPE_PUBLISHABLE_KEY: Type.Optional(
    Type.String({
      pattern: '^pk_(test|live)_',
      description: 'The publishable key of the same account, which browsers are given',
    }),
  ),
  STRIPE_WEBHOOK_SECRET: Type.Optional(
    Type.String({ pattern: '^whsec_', description: 'The signing secret of the webhook endpoint at Stripe' }),
  ),
  STRIPE_API_URL: Type.Optional(
    Type.String({
      pattern: '^https?://',
      description: 'The API of a stand-in for Stripe, in tests; Stripe itself without it',
    }),
  ),
  PAYMENT_TIMEOUT_MS: Type.Integer({
    default: 5_000,
    minimum: 100,
    description: 'Timeout of a call to a payment provider; then its outcome is unknown',
  }),
  PAYMENT_DEADLINE_MS: Type.Integer({
    default: 600_000,
    minimum: 1_000,
    description:
      'How long an order may wait for its payment, with its stock reserved, before it is cancelled; other than by bank transfer',
  }),
  PAYMENT_CAPTURE: Type.Union([Type.Literal('at_once'), Type.Literal('when_sent')], {
    default: 'at_once',
    description: 'When money is taken: when the order is placed, or only authorised then and taken when it is sent',
  }),
  RECONCILIATION_QUIET_MS: Type.Integer({
    default: 3_600_000,
    minimum: 1_000,
    description: 'How old a movement of money is when it is compared with the books of the payment provider',
  }),
  SANDBOX_PAYMENTS: Type.Optional(
    Type.Union([Type.Literal('allowed'), Type.Literal('refused')], {
      description:
        'Whether PAYMENT_PROVIDERS may have `sandbox`, which moves no money; without it, not where NODE_ENV is `production`',
    }),
  ),
  NODE_ENV: Type.Optional(Type.String({ description: '`production` in the images; decides about the sandbox' })),
  SANDBOX_MESSAGES_URL: Type.Optional(
    Type.String({
      format: 'uri',
      description: 'Where the sandbox sends messages about its payments, as real providers do; none without it',
    }),
  ),
  BANK_TRANSFER_INSTRUCTIONS: Type.String({
    default: '',
    maxLength: 1_000,
    description: 'Where customers transfer to, as they are shown it; required where PAYMENT_PROVIDERS has `manual`',
  }),
  BANK_TRANSFER_DEADLINE_DAYS: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 60,
    description: 'How long a bank transfer is waited for, with the stock reserved, before the order is cancelled',
  }),
  RESERVATION_DEADLINE_MS: Type.Integer({
    default: 86_400_000,
    minimum: 10_000,
    description: 'How long an order may wait for an answer about its stock before it is cancelled',
  }),
  VIES_URL: Type.Optional(
    Type.String({
      format: 'uri',
      description:
        'The REST API of VIES, which knows the VAT ids of the EU; without it none is checked, and all are taxed',
      examples: ['https://ec.europa.eu/taxation_customs/vies/rest-api'],
    }),
  ),
  VIES_TIMEOUT_MS: Type.Integer({
    default: 3_000,
    minimum: 100,
    description: 'How long a quote or an order waits for VIES; then it is taxed',
  }),
  TAX_SERVICE_URL: Type.Optional(
    Type.String({
      format: 'uri',
      description: 'A service that calculates taxes in the place of the rates of the shop',
    }),
  ),
  TAX_SERVICE_TIMEOUT_MS: Type.Integer({
    default: 2_000,
    minimum: 100,
    description: 'How long a quote or an order waits for the tax service',
  }),
  TAX_SERVICE_FALLBACK: Type.Union([Type.Literal('refuse'), Type.Literal('rates')], {
    default: 'refuse',
    description: 'Without an answer of it: refuse the order with 503, or tax it by the rates of the shop',
  }),
  UNSETTLED_ORDERS_PER_ACCOUNT: Type.Integer({
    default: 20,
    minimum: 0,
    description: 'Maximum of unsettled orders of an account; 0 is no limit',
  }),
  UNSETTLED_UNITS_PER_ACCOUNT: Type.Integer({
    default: 1_000,
    minimum: 0,
    description:
      'How many units these orders may have together; one order by itself may have any number. 0 is any number',
  }),
  ORDER_RETENTION_DAYS: Type.Integer({
    default: 3_652,
    minimum: 0,
    maximum: 36_500,
    description:
      'How long orders keep the invoice address, counted from their placing; then amounts, items and the country stay. ' +
      'The law of most countries of the EU asks for 6 to 10 years',
  }),
  CART_TTL_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    description: 'Carts without a change for so long are deleted',
  }),
});
export type OrderSettings = Static<typeof orderSettings>;
