import { decimalAmount, parseAmount } from '@tradepost/contracts/currencies';
import type { NewProduct, ProductChange } from './changes.ts';
import type { Product } from './queries.ts';

/**
 * A product as it is edited: each field is a text under its own name, so that three versions (the one that was read, the one
 * that was typed, the one that somebody else has saved since) can be compared field by field.
 */
export type Draft = Readonly<Record<string, string>>;

export type MediaItem = { url: string; alt: string };
export const MEDIA_AT_MOST = 20;
export const VARIANTS_AT_MOST = 100;

const variantFields = ['title', 'price', 'status', 'attributes'] as const;
type VariantField = (typeof variantFields)[number] | 'stock';

export const variantField = (sku: string, field: VariantField): string => `variant/${sku}/${field}`;

export function draftOf(product: Product): Draft {
  const draft: Record<string, string> = {
    title: product.title,
    description: product.description,
    categories: product.categories.join(', '),
    media: JSON.stringify(product.media.map(({ url, alt }) => ({ url, alt }))),
  };
  for (const variant of product.variants) {
    draft[variantField(variant.sku, 'title')] = variant.title;
    draft[variantField(variant.sku, 'price')] = decimalAmount(variant.price);
    draft[variantField(variant.sku, 'status')] = variant.status;
    draft[variantField(variant.sku, 'attributes')] = attributesText(variant.attributes);
  }
  return draft;
}

/** The SKUs of a draft, in order. */
export const skusOf = (draft: Draft): string[] => [
  ...new Set(Object.keys(draft).flatMap((name) => (name.startsWith('variant/') ? [name.split('/')[1] ?? ''] : []))),
];

/** With a new variant, still without a price. */
export const withVariant = (draft: Draft, sku: string): Draft => ({
  ...draft,
  [variantField(sku, 'title')]: '',
  [variantField(sku, 'price')]: '',
  [variantField(sku, 'attributes')]: '',
  [variantField(sku, 'stock')]: '0',
});

export const withoutVariant = (draft: Draft, sku: string): Draft =>
  Object.fromEntries(Object.entries(draft).filter(([name]) => !name.startsWith(`variant/${sku}/`)));

/** The fields that differ, with their texts in `after`. */
export function changesBetween(before: Draft, after: Draft): Draft {
  return Object.fromEntries(Object.entries(after).filter(([name, text]) => before[name] !== text));
}

export const mediaOf = (text: string | undefined): MediaItem[] => JSON.parse(text ?? '[]');

export const categoriesOf = (text: string | undefined): string[] => [
  ...new Set(
    (text ?? '')
      .split(',')
      .map((word) => word.trim().toLowerCase().replace(/\s+/g, '-'))
      .filter(Boolean),
  ),
];

/** `colour: blue`, one to a line: a value may have a comma or a colon in it, but no line break. */
const attributesText = (attributes: Record<string, string>): string =>
  Object.entries(attributes)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n');

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

/** The body of the request that changes these fields. Throws a `FieldProblem` for a text that is not a price or an attribute. */
export function changeOf(changes: Draft, currency: string): ProductChange {
  const { title, description, categories, media } = changes;
  const variants = skusOf(changes).map((sku) => variantChange(changes, sku, currency));
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(categories !== undefined && { categories: categoriesOf(categories) }),
    ...(media !== undefined && { media: mediaOf(media) }),
    ...(variants.length > 0 && { variants }),
  };
}

type VariantChange = NonNullable<ProductChange['variants']>[number];

function variantChange(changes: Draft, sku: string, currency: string): VariantChange {
  const of = (field: VariantField) => changes[variantField(sku, field)];
  const [title, price, status, attributes, stock] = [
    of('title'),
    of('price'),
    of('status'),
    of('attributes'),
    of('stock'),
  ];
  return {
    sku,
    ...(title !== undefined && { title }),
    ...(price !== undefined && { price: { amount: amountOf(sku, price, currency), currency } }),
    ...((status === 'active' || status === 'archived') && { status }),
    ...(attributes !== undefined && { attributes: attributesOf(sku, attributes) }),
    ...(stock !== undefined && { stock: Number(stock) }),
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

/** The label of a field where versions are compared. */
export function fieldLabel(name: string): string {
  const [kind, sku, field = ''] = name.split('/');
  if (kind !== 'variant')
    return { title: 'Title', description: 'Description', categories: 'Categories', media: 'Pictures' }[name] ?? name;
  return `${sku}: ${field}`;
}

/** The text of a field as people read it. */
export function fieldText(name: string, text: string | undefined): string {
  if (text === undefined) return '(none)';
  if (name !== 'media') return text === '' ? '(empty)' : text;
  return (
    mediaOf(text)
      .map(({ url, alt }) => (alt ? `${alt} (${url})` : url))
      .join('\n') || '(none)'
  );
}
