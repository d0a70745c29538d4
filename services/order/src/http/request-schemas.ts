import { postalCodeCountries } from '@tradepost/contracts/countries';
import { CountryInput, EmailInput, IdInput, LineInput, MoneyInput, TextInput } from '@tradepost/contracts/input';
import { MAX_AMOUNT } from '@tradepost/contracts/money';
import { Quantity, Sku } from '@tradepost/contracts/shapes';
import { Type } from 'typebox';
import { MAX_LINES } from '../actions/cart-rules.ts';
import { sandboxTokens } from '../payments/sandbox/tokens.ts';
import { detailsFields, VatIdInput } from './details-schemas.ts';

const strict = { additionalProperties: false };

/** The most coupon codes of one order. */
const MAX_COUPONS = 10;

export const Line = Type.Object({ sku: Sku, quantity: Quantity }, strict);
const Lines = Type.Array(Line, { minItems: 1, maxItems: MAX_LINES });

/** Bytes of a body with lines and texts: as many and as long as they may be, with every character escaped. */
export const LINES_BODY_LIMIT = 64 * 1024;
/** The same of one with two addresses and notes, without lines and with them. */
export const CHECKOUT_BODY_LIMIT = 64 * 1024;
export const ORDER_BODY_LIMIT = 128 * 1024;

/** An address in a request. Without a postal code it is complete only where addresses have none. */
export const NewAddress = Type.Object(
  {
    name: LineInput(200),
    line1: LineInput(200),
    line2: Type.Optional(LineInput(200)),
    city: LineInput(100),
    region: Type.Optional(LineInput(100)),
    postalCode: Type.Optional(
      LineInput(20, { description: `Required in: ${postalCodeCountries.join(', ')}`, examples: ['20457'] }),
    ),
    country: CountryInput,
    phone: Type.Optional(LineInput(40)),
  },
  {
    ...strict,
    if: { properties: { country: { enum: postalCodeCountries } }, required: ['country'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema.
    then: { required: ['postalCode'] },
  },
);

const tokenNames = Object.keys(sandboxTokens)
  .map((token) => `\`${token}\``)
  .join(', ');

/** A means of payment. */
export const Payment = Type.Object(
  {
    provider: LineInput(40, { description: 'The payment provider; `sandbox` moves no money' }),
    token: LineInput(500, {
      description: `The provider’s token for the means of payment. The sandbox knows ${tokenNames}; \`manual\` knows \`bank_transfer\`, \`invoice\`, \`on_delivery\``,
    }),
  },
  strict,
);

const pricingFields = {
  shippingMethod: Type.Optional(
    Type.Unsafe<string>({
      ...IdInput,
      description: 'One of the methods that a quote offers; the cheapest one where it is absent',
    }),
  ),
  couponCodes: Type.Optional(Type.Array(LineInput(64), { maxItems: MAX_COUPONS })),
};

/** Where something is to be sent, as far as its price depends on it. */
const Destination = Type.Object({ country: CountryInput, region: Type.Optional(LineInput(100)) }, strict);

const quoteFields = { destination: Type.Optional(Destination), ...pricingFields, vatId: Type.Optional(VatIdInput) };
export const NewQuote = Type.Object({ lines: Lines, ...quoteFields }, strict);
export const CartQuote = Type.Object(quoteFields, strict);

const purchase = {
  email: Type.Optional(EmailInput),
  shippingAddress: NewAddress,
  billingAddress: Type.Optional(NewAddress),
  ...detailsFields,
  payment: Payment,
  expectedTotal: Type.Optional(MoneyInput),
  ...pricingFields,
  couponCode: Type.Optional(LineInput(64, { description: 'The older name of a single code in `couponCodes`' })),
};
export const NewOrder = Type.Object({ lines: Lines, ...purchase }, strict);
export const Checkout = Type.Object(purchase, strict);
export const CartLine = Type.Object({ quantity: Type.Integer({ minimum: 0, maximum: 999 }) }, strict);
export const NewFulfilment = Type.Object(
  {
    lines: Type.Optional(Lines),
    carrier: Type.Optional(LineInput(100)),
    trackingNumber: Type.Optional(LineInput(100)),
  },
  strict,
);
export const NewRefund = Type.Object(
  {
    amount: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_AMOUNT })),
    lines: Type.Optional(Lines),
    reason: TextInput(500, { minLength: 1 }),
  },
  strict,
);

export const NewReturn = Type.Object(
  {
    lines: Type.Optional(Lines),
    reason: LineInput(500, { description: 'Why they came back; the customer sees it' }),
    restock: Type.Optional(
      Type.Boolean({ description: 'Whether the units go back on sale; `true` where it is missing' }),
    ),
    refund: Type.Optional(
      Type.Boolean({
        description: 'Whether what was paid for the units is given back with it; `false` where it is missing',
      }),
    ),
  },
  strict,
);

/** An order by its id or its number. */
export const ByIdOrNumber = Type.Object(
  { id: Type.String({ minLength: 1, maxLength: 40, description: 'Its id, or its number as in `T-10023456`' }) },
  strict,
);

/** A token as `orderToken` makes it. Characters of base64url (RFC 4648, section 5). */
const OrderToken = Type.String({
  minLength: 1,
  maxLength: 100,
  pattern: '^[A-Za-z0-9_-]+$',
  description: 'The `token` of a guest’s order, in the place of an account',
});

/** The token of a guest's order, in the place of an account. */
export const WithToken = Type.Object({ token: Type.Optional(OrderToken) }, strict);

export const Claim = Type.Object({ orderId: IdInput, token: OrderToken }, strict);

export const ById = Type.Object({ id: IdInput }, strict);

export const IdempotencyKey = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      description: 'A new random value for each new request, and the same one for a retry: the effect happens once',
    }),
  ),
});

export const Waiting = Type.Object({
  prefer: Type.Optional(
    Type.String({
      maxLength: 100,
      description: '`wait=N`: respond when the order is settled, after N (≤ 30) seconds at the latest (RFC 7240)',
    }),
  ),
});
