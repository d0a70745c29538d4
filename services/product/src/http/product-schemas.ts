import { LineInput, MoneyInput, TextInput } from '@tradepost/contracts/input';
import { Money } from '@tradepost/contracts/money';
import { PictureUrl } from '@tradepost/contracts/picture-url';
import { Id, Sku, Time } from '@tradepost/contracts/shapes';
import { StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { Category } from './schemas.ts';

const strict = { additionalProperties: false };

const Title = LineInput(200, { description: 'What it is called' });
const Description = TextInput(10_000, { description: 'Plain text' });
const Status = StringEnum(['active', 'archived'], { description: '`active`: for sale' });

const Categories = Type.Array(Category, { maxItems: 10, uniqueItems: true });

// The validator looks at the length before the pattern.
const TaxClass = Type.String({
  maxLength: 40,
  pattern: '^[a-z0-9-]{1,40}$',
  'x-allowed': 'lower-case letters, digits and hyphens, such as reduced',
  description: 'Decides the tax rate of an order; `standard` unless the seller chooses another one',
  examples: ['standard', 'reduced', 'zero'],
});
const Digital = Type.Boolean({ description: 'True: nothing is sent; false unless the seller says so' });

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

const WeightGrams = Type.Integer({
  minimum: 0,
  maximum: 1_000_000,
  description: 'Grams of one unit, with its packing; left out while it is unknown, which counts as 0',
});

const NewVariant = Type.Object(
  {
    sku: Sku,
    title: Type.Optional(VariantTitle),
    price: MoneyInput,
    stock: Type.Optional(Units),
    attributes: Type.Optional(Attributes),
    weightGrams: Type.Optional(WeightGrams),
  },
  strict,
);

export const NewProduct = Type.Object(
  {
    title: Title,
    description: Description,
    categories: Type.Optional(Categories),
    media: Type.Optional(Media),
    taxClass: Type.Optional(TaxClass),
    digital: Type.Optional(Digital),
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
    taxClass: Type.Optional(TaxClass),
    digital: Type.Optional(Digital),
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
    weightGrams: Type.Optional(WeightGrams),
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
    taxClass: Type.Optional(TaxClass),
    digital: Type.Optional(Digital),
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
  weightGrams: Type.Optional(WeightGrams),
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
  taxClass: TaxClass,
  digital: Digital,
  inStock: Type.Boolean(),
  version: Version,
  createdAt: Time,
  updatedAt: Time,
  variants: Type.Array(Variant),
};
/** A product of a list: without its description. */
export const ListedProduct = Type.Object(listed);
export const Product = Type.Object({ ...listed, description: Type.String() });
