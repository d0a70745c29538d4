import type { Money } from '@tradepost/contracts/money';
import type { FieldError, ProblemCode } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { cleanTitle, type NewVariant, type Status, type Variant } from './product.ts';

const MAX_VARIANTS = 100;

/** One variant of a change: the one with this SKU, or a new one. */
export type VariantChange = {
  sku: string;
  title?: string;
  price?: Money;
  /** Of a new variant only; later on, stock is adjusted. */
  stock?: number;
  attributes?: Record<string, string>;
  weightGrams?: number;
  status?: Status;
};

/** A variant that is new, with the units that it begins with. */
export type AddedVariant = { sku: string; stock: number };

export function addedVariant(input: Omit<NewVariant, 'price'>, price: Money, position: number): Variant {
  return {
    sku: input.sku,
    title: cleanTitle(input.title ?? ''),
    amount: price.amount,
    priceVersion: 1,
    status: 'active',
    position,
    attributes: input.attributes ?? {},
    weightGrams: input.weightGrams ?? null,
  };
}

/** Changes the variants that are named and adds the new ones. Refuses stock of a known one, and a new one without a price. */
export function changeVariants(
  variants: readonly Variant[],
  edits: readonly VariantChange[],
): { variants: Variant[]; added: AddedVariant[] } {
  const result = [...variants];
  const added: AddedVariant[] = [];
  const unpriced: FieldError[] = [];
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
        unpriced.push({ field: `/variants/${index}/price`, message: 'is required for a new variant' });
        continue;
      }
      const variant = addedVariant(edit, edit.price, result.length + 1);
      result.push({ ...variant, status: edit.status ?? 'active' });
      added.push({ sku: edit.sku, stock: edit.stock ?? 0 });
    }
  }
  if (unpriced.length > 0) {
    throw refusal('unprocessable', 'The product has no variant with such a SKU, and a new one needs a price', unpriced);
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
    weightGrams: edit.weightGrams ?? variant.weightGrams,
  };
}

export function assertUniqueSkus(variants: readonly { sku: string }[]): void {
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

export function assertSameCurrency(variants: readonly { price?: Money }[], currency: string): void {
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
