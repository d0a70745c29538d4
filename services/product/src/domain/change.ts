import { isDeepStrictEqual } from 'node:util';
import type { Money } from '@tradepost/contracts/money';
import type { FieldError, ProblemCode } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Media, NewProduct, NewVariant, Product, Status, Variant } from './product.ts';

const MAX_VARIANTS = 100;

/** One variant of a change: the one with this SKU, or a new one. */
export type VariantChange = {
  sku: string;
  title?: string;
  price?: Money;
  /** Of a new variant only; later on, stock is adjusted. */
  stock?: number;
  attributes?: Record<string, string>;
  status?: Status;
};

/** What is not named stays as it is, variants included. */
export type ProductChange = {
  title?: string;
  description?: string;
  categories?: string[];
  media?: Media[];
  status?: Status;
  variants?: VariantChange[];
};

/** A product after a change, with the variants that are new and the units that each begins with. */
export type Changed = { product: Product; added: { sku: string; stock: number }[] };

type Origin = { id: string; slug: string; sellerId: string; now: Date };

/** Makes a product. Refuses SKUs that are named twice and prices in several currencies. */
export function newProduct(input: NewProduct, origin: Origin): Changed {
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
    currency,
    version: 1,
    createdAt: origin.now,
    updatedAt: origin.now,
    variants: input.variants.map((variant, index) => addedVariant(variant, variant.price, index + 1)),
  };
  return { product, added: input.variants.map(({ sku, stock }) => ({ sku, stock: stock ?? 0 })) };
}

/** What a title is stored as. */
export const cleanTitle = (title: string): string => title.trim().normalize('NFC');

function addedVariant(input: Omit<NewVariant, 'price'>, price: Money, position: number): Variant {
  return {
    sku: input.sku,
    title: cleanTitle(input.title ?? ''),
    amount: price.amount,
    priceVersion: 1,
    status: 'active',
    position,
    attributes: input.attributes ?? {},
  };
}

/**
 * Changes a product. A change that leaves everything as it is comes back as the very same product. Refuses to change
 * an archived product unless the change brings it back, and to leave an active one without anything to sell.
 */
export function changeProduct(product: Product, change: ProductChange, now: Date): Changed {
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
    variants,
  };
  if (status === 'active' && variants.every((variant) => variant.status === 'archived')) {
    throw refusal('unprocessable', 'A product that is for sale needs a variant that is; archive the product instead', [
      { field: '/variants', message: 'leaves nothing to sell' },
    ]);
  }
  if (isDeepStrictEqual(next, product)) return { product, added: [] };
  return { product: { ...next, version: product.version + 1, updatedAt: now }, added };
}

const isOnly = (change: ProductChange, key: keyof ProductChange): boolean =>
  Object.keys(change).every((name) => name === key);

function changeVariants(variants: readonly Variant[], edits: readonly VariantChange[]) {
  const result = [...variants];
  const added: Changed['added'] = [];
  for (const [index, edit] of edits.entries()) {
    const at = result.findIndex((variant) => variant.sku === edit.sku);
    const known = result[at];
    if (known) {
      if (edit.stock !== undefined) {
        throw refusal('unprocessable', `Stock is changed with POST /api/v1/stock/${edit.sku}/adjustments`, [
          { field: `/variants/${index}/stock`, message: 'is for new variants only' },
        ]);
      }
      result[at] = changedVariant(known, edit);
    } else {
      if (!edit.price) {
        throw refusal('unprocessable', `The product has no variant ${edit.sku}, and a new one needs a price`, [
          { field: `/variants/${index}/price`, message: 'is required for a new variant' },
        ]);
      }
      const variant = addedVariant(edit, edit.price, result.length + 1);
      result.push({ ...variant, status: edit.status ?? 'active' });
      added.push({ sku: edit.sku, stock: edit.stock ?? 0 });
    }
  }
  if (result.length > MAX_VARIANTS) {
    throw refusal('unprocessable', `A product has at most ${MAX_VARIANTS} variants, archived ones included`, [
      { field: '/variants', message: `would be ${result.length}` },
    ]);
  }
  return { variants: result, added };
}

function changedVariant(variant: Variant, edit: VariantChange): Variant {
  const amount = edit.price?.amount ?? variant.amount;
  return {
    ...variant,
    title: edit.title === undefined ? variant.title : cleanTitle(edit.title),
    amount,
    priceVersion: amount === variant.amount ? variant.priceVersion : variant.priceVersion + 1,
    status: edit.status ?? variant.status,
    attributes: edit.attributes ?? variant.attributes,
  };
}

function assertUniqueSkus(variants: readonly { sku: string }[]): void {
  const seen = new Set<string>();
  for (const [index, { sku }] of variants.entries()) {
    if (seen.has(sku)) {
      throw refusal('duplicate_sku', `${sku} is named twice`, [
        { field: `/variants/${index}/sku`, message: 'is named before' },
      ]);
    }
    seen.add(sku);
  }
}

function assertSameCurrency(variants: readonly { price?: Money }[], currency: string): void {
  const errors = variants.flatMap(({ price }, index) =>
    price && price.currency !== currency
      ? [{ field: `/variants/${index}/price/currency`, message: `must be ${currency}` }]
      : [],
  );
  if (errors.length > 0) {
    throw refusal('mixed_currencies', `All prices of the product are in ${currency}, from its creation on`, errors);
  }
}

const refusal = (code: ProblemCode, detail: string, errors: FieldError[]): ProblemError =>
  new ProblemError(code, detail, { errors });
