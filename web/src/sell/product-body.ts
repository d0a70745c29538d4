import { decimalAmount, parseAmount } from '@tradepost/contracts/currencies';
import type { NewProduct, ProductChange } from './changes.ts';
import { categoriesOf, type Draft, mediaOf, skusOf, type VariantField, variantField, yesOrNo } from './draft.ts';

/**
 * The body of the request that changes these fields. Throws a `FieldProblem` for a text that is not a price, an attribute or a weight.
 */
export function changeOf(changes: Draft, currency: string): ProductChange {
  const { title, description, categories, media, taxClass, digital } = changes;
  const variants = skusOf(changes).map((sku) => variantChange(changes, sku, currency));
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(categories !== undefined && { categories: categoriesOf(categories) }),
    ...(media !== undefined && { media: mediaOf(media) }),
    ...(taxClass !== undefined && { taxClass }),
    ...(digital !== undefined && { digital: digital === yesOrNo(true) }),
    ...(variants.length > 0 && { variants }),
  };
}

const MAX_GRAMS = 1_000_000;

type VariantChange = NonNullable<ProductChange['variants']>[number];

function variantChange(changes: Draft, sku: string, currency: string): VariantChange {
  const of = (field: VariantField) => changes[variantField(sku, field)];
  const [title, price, status] = [of('title'), of('price'), of('status')];
  const [attributes, stock, weightGrams] = [of('attributes'), of('stock'), of('weightGrams')];
  return {
    sku,
    ...(title !== undefined && { title }),
    ...(price !== undefined && { price: { amount: amountOf(sku, price, currency), currency } }),
    ...((status === 'active' || status === 'archived') && { status }),
    ...(attributes !== undefined && { attributes: attributesOf(sku, attributes) }),
    ...(stock !== undefined && { stock: Number(stock) }),
    ...(weightGrams !== undefined && { weightGrams: gramsOf(sku, weightGrams) }),
  };
}

/** A field whose text cannot be sent at all. */
export class FieldProblem extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = 'FieldProblem';
    this.field = field;
  }
}

function amountOf(sku: string, text: string, currency: string): number {
  const amount = parseAmount(text, currency);
  if (amount === undefined) {
    const example = decimalAmount({ amount: 1999, currency });
    throw new FieldProblem(variantField(sku, 'price'), `Enter a price in ${currency} like ${example}`);
  }
  return amount;
}

/** A weight that was deleted is 0, as an unknown one counts. */
function gramsOf(sku: string, text: string): number {
  if (!/^\s*\d*\s*$/.test(text) || Number(text) > MAX_GRAMS) {
    const problem = 'Enter whole grams from 0 to 1,000,000 without separators, like 350';
    throw new FieldProblem(variantField(sku, 'weightGrams'), problem);
  }
  return Number(text);
}

/** The body of the request that creates the product. */
export function newProductOf(draft: Draft, currency: string): NewProduct {
  const { title = '', description = '', variants = [], ...rest } = changeOf(draft, currency);
  return {
    title,
    description,
    ...rest,
    variants: variants.map(({ price, status: _status, ...variant }) => ({
      ...variant,
      price: price ?? { amount: 0, currency },
    })),
  };
}

const ATTRIBUTE = /^([A-Za-z][A-Za-z0-9_-]{0,31})\s*:\s*(.+)$/;

function attributesOf(sku: string, text: string): Record<string, string> {
  const field = variantField(sku, 'attributes');
  const attributes = new Map<string, string>();
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '') continue;
    const [, name, value] = ATTRIBUTE.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new FieldProblem(
        field,
        `Write “${line}” as a name and a value, like “colour: blue”; the name has letters and digits only`,
      );
    }
    if (attributes.has(name)) throw new FieldProblem(field, `The attribute “${name}” is listed twice`);
    attributes.set(name, value);
  }
  return Object.fromEntries(attributes);
}
