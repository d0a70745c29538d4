import { CurrencyInput, IdInput } from '@tradepost/contracts/input';
import { MAX_AMOUNT, Money } from '@tradepost/contracts/money';
import { StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { asSpelt } from '../domain/corrections.ts';
import { type OtherWords, sortOrders } from '../domain/listing.ts';
import { ListedProduct } from './product-schemas.ts';
import { Category, Cursor, Limit } from './schemas.ts';

const strict = { additionalProperties: false };

const FacetCategory = Type.Object({ slug: Type.String(), count: Type.Integer({ minimum: 0 }) });
const FacetPrices = Type.Object({ min: Money, max: Money });
const FacetPriceRange = Type.Object({ min: Money, max: Money, count: Type.Integer({ minimum: 1 }) });
const Total = Type.Object(
  { count: Type.Integer({ minimum: 0 }), isMore: Type.Boolean() },
  { description: 'How many products match; with `isMore`, at least so many' },
);

/** What was searched for instead of a phrase that nothing matched. */
export const InsteadOfPhrase = {
  correctedQuery: Type.Optional(
    Type.String({ description: 'The corrected phrase that was searched for, when nothing matched `q`' }),
  ),
  leftOut: Type.Optional(
    Type.Array(Type.String(), { description: 'The words of `q` that were left out, when nothing matched all of them' }),
  ),
};

/** The same as an answer with these products, each as JSON, has it: nothing where the phrase itself was searched for. */
export const insteadOfPhrase = (instead: OtherWords | undefined, products: readonly string[]) => ({
  ...(instead?.isCorrected && { correctedQuery: asSpelt(products.map(titleOf), instead.phrase) }),
  ...(instead && instead.leftOut.length > 0 && { leftOut: instead.leftOut }),
});

function titleOf(product: string): string {
  const { title }: { title: string } = JSON.parse(product);
  return title;
}

export const ProductPage = Type.Object({
  items: Type.Array(ListedProduct),
  nextCursor: Type.Union([Type.String(), Type.Null()], {
    description: 'Null on the last page; a short page may have one',
  }),
  facets: Type.Optional(
    Type.Object({
      complete: Type.Boolean({ description: 'False where only some of the matches were counted' }),
      total: Total,
      inStock: Type.Integer({ minimum: 0, description: 'How many of the counted products are in stock' }),
      categories: Type.Array(FacetCategory),
      prices: Type.Array(FacetPrices, { description: 'The range of the lowest prices, for each currency' }),
      priceRanges: Type.Array(FacetPriceRange, {
        description: 'Parts of these, with round limits, for `minPrice` and `maxPrice`',
      }),
    }),
  ),
  ...InsteadOfPhrase,
});

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
    sellerId: Type.Optional(IdInput),
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
