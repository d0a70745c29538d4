import { CountryInput, CurrencyInput, IdInput, LineInput } from '@tradepost/contracts/input';
import { MAX_AMOUNT, Money } from '@tradepost/contracts/money';
import { Id, Time } from '@tradepost/contracts/shapes';
import { Type } from 'typebox';

const strict = { additionalProperties: false };
const MAX_COUNT = 1_000_000_000;

export const IfMatch = Type.Object({
  'If-Match': Type.Optional(
    Type.String({
      description: 'The ETag of the version that you change (optimistic concurrency). Not for a creation.',
    }),
  ),
});

/** For the descriptions of the routes that save a rule. */
export const SAVED_BY_ID =
  'The id is the client’s to make (a UUID), so that the same sent twice is created once. To replace what is there, send its ETag ' +
  'as `If-Match`; a change that has been made already is answered 200 whatever the version is.';

/** What every stored rule has beside its fields. */
const stored = {
  id: Id,
  version: Type.Integer({ minimum: 1, description: 'Incremented with each change; also the ETag' }),
};

const Name = LineInput(100, { description: 'As customers read it', examples: ['VAT 19 %'] });
const TaxClass = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  'x-allowed': 'lower-case letters, digits and single hyphens, such as reduced',
  maxLength: 60,
  description: 'A class of goods that are taxed alike',
  examples: ['standard'],
});
const Percent = Type.Number({ minimum: 0, maximum: 100, description: 'At most four decimals', examples: [8.875] });

const settings = {
  taxIncluded: Type.Boolean({ description: 'Whether the prices of the catalogue and of shipping include tax' }),
  taxRounding: Type.Union([Type.Literal('line'), Type.Literal('total')], {
    description: 'Tax is rounded for each line, or once for all lines of a tax class',
  }),
  shippingTaxClass: TaxClass,
};
export const NewPricingSettings = Type.Object(settings, strict);
export const PricingSettings = Type.Object({ version: stored.version, ...settings });

const rate = {
  name: Name,
  country: CountryInput,
  region: Type.Optional(
    LineInput(100, { description: 'Only where an address has this region, as it is written there', examples: ['CA'] }),
  ),
  taxClass: TaxClass,
  ratePercent: Percent,
  validFrom: Type.Optional(Time),
  validUntil: Type.Optional(
    Type.String({ ...Time, description: 'The first moment at which it is not valid any more' }),
  ),
};
export const NewTaxRate = Type.Object(rate, strict);
export const TaxRate = Type.Object({ ...stored, ...rate, country: Type.String(), name: Type.String() });

const zone = {
  name: LineInput(100, { examples: ['European Union'] }),
  countries: Type.Array(CountryInput, { minItems: 1, maxItems: 250, uniqueItems: true }),
};
export const NewShippingZone = Type.Object(zone, strict);
export const ShippingZone = Type.Object({ ...stored, name: Type.String(), countries: Type.Array(Type.String()) });

const Tier = Type.Object(
  {
    upTo: Type.Union([Type.Integer({ minimum: 0, maximum: MAX_AMOUNT }), Type.Null()], {
      description:
        'Up to and including this much: grams, minor units or units. Null: any; only the last tier may have it.',
    }),
    price: Type.Integer({ minimum: 0, maximum: MAX_AMOUNT, description: 'Minor units', examples: [490] }),
  },
  strict,
);
const method = {
  zoneId: IdInput,
  name: Name,
  deliveryTime: LineInput(100, { description: 'As customers read it', examples: ['2 to 4 working days'] }),
  position: Type.Integer({ minimum: 0, maximum: 10_000, description: 'Methods are shown in ascending order of it' }),
  currency: CurrencyInput,
  basis: Type.Union([Type.Literal('weight'), Type.Literal('value'), Type.Literal('quantity')], {
    description: 'What the tiers count: grams, minor units of the goods after discounts, or units',
  }),
  tiers: Type.Array(Tier, {
    minItems: 1,
    maxItems: 20,
    description: 'In ascending order. Above the last one the method is not offered.',
  }),
  freeFrom: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: MAX_AMOUNT,
      description: 'Goods of at least this value, in minor units after discounts, are sent for nothing',
    }),
  ),
  active: Type.Boolean({ description: 'Whether it is offered' }),
};
export const NewShippingMethod = Type.Object(method, strict);
export const ShippingMethod = Type.Object({ ...stored, ...method, currency: Type.String() });

const Share = Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'Percent, at most four decimals' });
const Units = Type.Integer({ minimum: 1, maximum: 100 });
const Amount = Type.Object({ ...Money.properties, amount: Type.Integer({ minimum: 1, maximum: MAX_AMOUNT }) }, strict);
const AmountInput = Type.Object({ ...Amount.properties, currency: CurrencyInput }, strict);
const benefit = (amount: typeof Amount) =>
  Type.Union(
    [
      Type.Object({ type: Type.Literal('percent'), percent: Share }, strict),
      Type.Object({ type: Type.Literal('amount'), amount }, strict),
      Type.Object({ type: Type.Literal('buy_x_get_y'), buy: Units, get: Units, percent: Share }, strict),
      Type.Object({ type: Type.Literal('free_shipping') }, strict),
    ],
    {
      description:
        'A share or an amount of what the products cost; of each `buy` + `get` units, the `get` cheapest by a share; or ' +
        'the price of the cheapest shipping method',
    },
  );
const promotion = {
  name: Name,
  code: Type.Optional(
    LineInput(64, {
      description: 'Without one it applies by itself. Compared in capital letters.',
      examples: ['SPRING'],
    }),
  ),
  benefit: benefit(AmountInput),
  minimum: Type.Optional(AmountInput),
  productIds: Type.Optional(
    Type.Array(IdInput, {
      maxItems: 100,
      description: 'Only these products, and those of `categories`; all without both',
    }),
  ),
  categories: Type.Optional(Type.Array(Type.String({ ...TaxClass, examples: ['kitchen'] }), { maxItems: 50 })),
  firstOrder: Type.Optional(Type.Boolean({ description: 'Only for the first order of a customer' })),
  startsAt: Type.Optional(Time),
  endsAt: Type.Optional(Type.String({ ...Time, description: 'The first moment at which it is not valid any more' })),
  combinable: Type.Optional(
    Type.Boolean({ description: 'Whether it may be used together with others that may; true by default' }),
  ),
  limitTotal: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_COUNT, description: 'Uses in all' })),
  limitPerCustomer: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_COUNT })),
  active: Type.Optional(Type.Boolean({ description: 'Whether it can be used; true by default' })),
};
export const NewPromotion = Type.Object(promotion, strict);
export const Promotion = Type.Object({
  ...{ ...stored, ...promotion },
  ...{ benefit: benefit(Amount), minimum: Type.Optional(Amount) },
  ...{ productIds: Type.Array(Id), categories: Type.Array(Type.String()) },
  ...{ firstOrder: Type.Boolean(), combinable: Type.Boolean(), active: Type.Boolean() },
  used: Type.Integer({
    minimum: 0,
    description: 'Uses by orders that are unsettled or paid; counted while the promotion has a limit',
  }),
  createdAt: Time,
});
