import { CurrencyInput, LineInput, MoneyInput, TextInput } from '@tradepost/contracts/input';
import { MAX_AMOUNT, Money } from '@tradepost/contracts/money';
import { PictureUrl } from '@tradepost/contracts/picture-url';
import { Id, Sku, Time } from '@tradepost/contracts/shapes';
import { StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { sortOrders } from '../domain/listing.ts';

const strict = { additionalProperties: false };

const Title = LineInput(200, { description: 'What it is called' });
const Description = TextInput(10_000, { description: 'Plain text' });
const Status = StringEnum(['active', 'archived'], { description: '`active`: for sale' });

export const Category = Type.String({
  pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
  maxLength: 60,
  description:
    'The slug of a category. A new one makes the category; operators decide whether it is in the navigation.',
  examples: ['kitchen'],
});
const Categories = Type.Array(Category, { maxItems: 10, uniqueItems: true });

const Media = Type.Array(
  Type.Object({ url: PictureUrl, alt: LineInput(300, { minLength: 0, description: 'What is to be seen' }) }, strict),
  { maxItems: 20 },
);

const Attributes = Type.Record(
  Type.String({ pattern: '^[A-Za-z][A-Za-z0-9_-]{0,31}$' }),
  LineInput(100, { description: 'A value' }),
  {
    maxProperties: 10,
    description: 'The attributes by which the variants of a product differ',
    examples: [{ size: 'M', colour: 'blue' }],
    ...strict,
  },
);

const VariantTitle = LineInput(200, { minLength: 0, description: 'Empty where there is only one variant' });
const Units = Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'Units on hand to begin with' });

const NewVariant = Type.Object(
  {
    sku: Sku,
    title: Type.Optional(VariantTitle),
    price: MoneyInput,
    stock: Type.Optional(Units),
    attributes: Type.Optional(Attributes),
  },
  strict,
);

export const NewProduct = Type.Object(
  {
    title: Title,
    description: Description,
    categories: Type.Optional(Categories),
    media: Type.Optional(Media),
    variants: Type.Array(NewVariant, { minItems: 1, maxItems: 100 }),
  },
  strict,
);

/** A product of an import: what is left out stays as it is, and a new product needs its title and prices. */
export const ImportedProduct = Type.Object(
  {
    title: Type.Optional(Title),
    description: Type.Optional(Description),
    categories: Type.Optional(Categories),
    media: Type.Optional(Media),
    variants: Type.Array(Type.Object({ ...NewVariant.properties, price: Type.Optional(MoneyInput) }, strict), {
      minItems: 1,
      maxItems: 100,
    }),
  },
  strict,
);

const VariantChange = Type.Object(
  {
    sku: Sku,
    title: Type.Optional(VariantTitle),
    price: Type.Optional(MoneyInput),
    stock: Type.Optional(Units),
    attributes: Type.Optional(Attributes),
    status: Type.Optional(Status),
  },
  strict,
);

export const ProductChange = Type.Object(
  {
    title: Type.Optional(Title),
    description: Type.Optional(Description),
    categories: Type.Optional(Categories),
    media: Type.Optional(Media),
    status: Type.Optional(Status),
    variants: Type.Optional(
      Type.Array(VariantChange, {
        minItems: 1,
        maxItems: 100,
        description: 'By SKU: existing variants are changed, new ones are added, others stay as they are',
      }),
    ),
  },
  strict,
);

const Version = Type.Integer({ minimum: 1, description: 'Incremented with each change; also the ETag' });

const Variant = Type.Object({
  sku: Sku,
  title: Type.String(),
  price: Money,
  priceVersion: Type.Integer({ minimum: 1, description: 'Incremented with each change of the price' }),
  status: Status,
  attributes: Type.Record(Type.String(), Type.String()),
  available: Type.Integer({ minimum: 0, description: 'Units that can be bought' }),
});

const listed = {
  id: Id,
  slug: Type.String({ examples: ['blue-mug'] }),
  title: Type.String(),
  status: Status,
  sellerId: Id,
  categories: Type.Array(Type.String()),
  media: Type.Array(Type.Object({ url: Type.String(), alt: Type.String() })),
  minPrice: Money,
  maxPrice: Money,
  inStock: Type.Boolean(),
  version: Version,
  createdAt: Time,
  updatedAt: Time,
  variants: Type.Array(Variant),
};
export const Product = Type.Object({ ...listed, description: Type.String() });

const FacetCategory = Type.Object({ slug: Type.String(), count: Type.Integer({ minimum: 0 }) });
const FacetPrices = Type.Object({ min: Money, max: Money });

export const ProductPage = Type.Object({
  items: Type.Array(Type.Object(listed)),
  nextCursor: Type.Union([Type.String(), Type.Null()], { description: 'Null on the last page' }),
  facets: Type.Optional(
    Type.Object({
      complete: Type.Boolean({ description: 'False where only some of the matches were counted' }),
      categories: Type.Array(FacetCategory),
      prices: Type.Array(FacetPrices, { description: 'The range of the lowest prices, for each currency' }),
    }),
  ),
  correctedQuery: Type.Optional(
    Type.String({ description: 'The corrected phrase that was searched for, when nothing matched `q`' }),
  ),
});

const Limit = Type.Integer({ minimum: 1, maximum: 100, default: 24 });
const Cursor = Type.String({ minLength: 1, maxLength: 2048, description: '`nextCursor` of the page before' });
const Amount = (description: string) => Type.Integer({ minimum: 0, maximum: MAX_AMOUNT, description });

export const ProductQuery = Type.Object(
  {
    q: Type.Optional(Type.String({ maxLength: 200, description: 'Words to search for; the last may be unfinished' })),
    category: Type.Optional(Category),
    minPrice: Type.Optional(Amount('Minor units; the lowest price of a product counts')),
    maxPrice: Type.Optional(Amount('Minor units; the lowest price of a product counts')),
    currency: Type.Optional(
      Type.Unsafe<string>({ ...CurrencyInput, description: 'Only products that are priced in it' }),
    ),
    inStock: Type.Optional(
      Type.Boolean({ description: 'True: only products that can be bought now; false: only sold-out products' }),
    ),
    featured: Type.Optional(Type.Boolean({ description: 'True: only featured products' })),
    sellerId: Type.Optional(Id),
    status: Type.Optional(StringEnum(['active', 'archived'], { description: '`archived`: only for their seller' })),
    sort: Type.Optional(
      StringEnum(sortOrders, { description: 'Without it: by relevance with `q`, else the newest first' }),
    ),
    facets: Type.Optional(Type.Boolean({ description: 'Count facets, on the first page; without it: with `q` only' })),
    limit: Type.Optional(Limit),
    cursor: Type.Optional(Cursor),
  },
  strict,
);

export const CategoryQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 })),
    navigation: Type.Optional(Type.Boolean({ description: 'True: only those in the navigation, in its order' })),
  },
  strict,
);
export const Categories200 = Type.Object({
  items: Type.Array(Type.Object({ slug: Type.String(), products: Type.Integer({ minimum: 1 }) })),
});

export const ById = Type.Object({ id: Id });
export const ByIdOrSlug = Type.Object({ idOrSlug: Type.String({ minLength: 1, maxLength: 256 }) });
export const BySku = Type.Object({ sku: Sku });

export const IfMatch = Type.Object({
  'If-Match': Type.Optional(
    Type.String({ description: 'The ETag of the version that you change (optimistic concurrency)' }),
  ),
});
export const IfNoneMatch = Type.Object({
  'If-None-Match': Type.Optional(Type.String({ description: 'ETags that the client has: 304 if one is current' })),
});
export const IdempotencyKey = Type.Object({
  'Idempotency-Key': Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      description: 'A new random value for each new request, and the same one for a retry',
    }),
  ),
});

export const Stock = Type.Object({
  sku: Sku,
  onHand: Type.Integer({ minimum: 0, description: 'Units in the warehouse, reserved or not' }),
  reserved: Type.Integer({ minimum: 0, description: 'Units reserved for orders that are not paid yet' }),
  available: Type.Integer({ minimum: 0 }),
});

export const NewAdjustment = Type.Object(
  {
    delta: Type.Integer({ minimum: -1_000_000, maximum: 1_000_000, not: { const: 0 }, description: 'Units; not 0' }),
    reason: LineInput(200, { description: 'Why' }),
  },
  strict,
);
export const Adjustment = Type.Object({
  id: Id,
  sku: Sku,
  delta: Type.Integer(),
  reason: Type.String(),
  adjustedBy: Id,
  onHand: Type.Integer({ minimum: 0, description: 'What it came to' }),
  createdAt: Time,
});
export const AdjustmentQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }, strict);
export const AdjustmentPage = Type.Object({
  items: Type.Array(Adjustment),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});

export const ImportSummary = Type.Object({
  created: Type.Integer({ minimum: 0 }),
  updated: Type.Integer({ minimum: 0 }),
  unchanged: Type.Integer({ minimum: 0 }),
  failed: Type.Integer({ minimum: 0 }),
  errors: Type.Array(Type.Object({ line: Type.Integer(), field: Type.String(), message: Type.String() }), {
    description: 'The first 1,000',
  }),
  moreErrors: Type.Integer({ minimum: 0, description: 'Errors that are not listed' }),
});

export const SellableQuery = Type.Object(
  { after: Type.Optional(Id), sku: Type.Optional(Type.String({ maxLength: 8_000 })) },
  strict,
);

/** An id inside a cursor, whose reader knows patterns but no formats. */
export const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });
