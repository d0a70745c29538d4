import { isDeepStrictEqual } from 'node:util';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { cleanTitle, DEFAULT_TAX_CLASS, type Media, type NewProduct, type Product, type Status } from './product.ts';
import {
  type AddedVariant,
  addedVariant,
  assertSameCurrency,
  assertUniqueSkus,
  changeVariants,
  type VariantChange,
} from './variants.ts';

/** What is not named stays as it is, variants included. */
export type ProductChange = {
  title?: string;
  description?: string;
  categories?: string[];
  media?: Media[];
  taxClass?: string;
  digital?: boolean;
  status?: Status;
  variants?: VariantChange[];
};

/** A product after a change, with the variants that are new and the units that each begins with. */
export type ChangeResult = { product: Product; added: AddedVariant[] };

type Origin = { id: string; slug: string; sellerId: string; now: Date };

/** Makes a product. Refuses SKUs that are named twice and prices in several currencies. */
export function newProduct(input: NewProduct, origin: Origin): ChangeResult {
  const currency = input.variants[0]?.price.currency ?? '';
  assertUniqueSkus(input.variants);
  assertSameCurrency(input.variants, currency);
  const product: Product = {
    id: origin.id,
    slug: origin.slug,
    title: cleanTitle(input.title),
    description: input.description,
    status: 'active',
    sellerId: origin.sellerId,
    isSuspended: false,
    categories: input.categories ?? [],
    media: input.media ?? [],
    taxClass: input.taxClass ?? DEFAULT_TAX_CLASS,
    digital: input.digital ?? false,
    currency,
    version: 1,
    createdAt: origin.now,
    updatedAt: origin.now,
    variants: input.variants.map((variant, index) => addedVariant(variant, variant.price, index + 1)),
  };
  return { product, added: input.variants.map(({ sku, stock }) => ({ sku, stock: stock ?? 0 })) };
}

/**
 * Changes a product. A change that leaves everything as it is comes back as the very same product. Refuses to change
 * an archived product unless the change brings it back, and to leave an active one without anything to sell.
 */
export function changeProduct(product: Product, change: ProductChange, now: Date): ChangeResult {
  const status = change.status ?? product.status;
  if (product.status === 'archived' && status === 'archived' && !isOnly(change, 'status')) {
    throw new ProblemError('product_archived', 'Bring the product back with `"status": "active"` to change it');
  }
  const edits = change.variants ?? [];
  assertUniqueSkus(edits);
  assertSameCurrency(edits, product.currency);
  const { variants, added } = changeVariants(product.variants, edits);
  const next: Product = {
    ...product,
    status,
    title: change.title === undefined ? product.title : cleanTitle(change.title),
    description: change.description ?? product.description,
    categories: change.categories ?? product.categories,
    media: change.media ?? product.media,
    taxClass: change.taxClass ?? product.taxClass,
    digital: change.digital ?? product.digital,
    variants,
  };
  if (status === 'active' && variants.every((variant) => variant.status === 'archived')) {
    throw new ProblemError(
      'unprocessable',
      'A product that is for sale needs a variant that is; archive the product instead',
      { errors: [{ field: '/variants', message: 'leaves nothing to sell' }] },
    );
  }
  if (isDeepStrictEqual(next, product)) return { product, added: [] };
  return { product: { ...next, version: product.version + 1, updatedAt: now }, added };
}

const isOnly = (change: ProductChange, key: keyof ProductChange): boolean =>
  Object.keys(change).every((name) => name === key);
