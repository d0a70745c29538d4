import { decimalAmount } from '@tradepost/contracts/currencies';
import type { Product } from './queries.ts';

/**
 * A product as it is edited: each field is a text under its own name, so that three versions (the one that was read, the one
 * that was typed, the one that somebody else has saved since) can be compared field by field.
 */
export type Draft = Readonly<Record<string, string>>;

export type MediaItem = { url: string; alt: string };
export const MEDIA_AT_MOST = 20;
export const VARIANTS_AT_MOST = 100;

const variantFields = ['title', 'price', 'status', 'attributes', 'weightGrams'] as const;
export type VariantField = (typeof variantFields)[number] | 'stock';

export const variantField = (sku: string, field: VariantField): string => `variant/${sku}/${field}`;

export function draftOf(product: Product): Draft {
  const draft: Record<string, string> = {
    title: product.title,
    description: product.description,
    categories: product.categories.join(', '),
    media: JSON.stringify(product.media.map(({ url, alt }) => ({ url, alt }))),
    taxClass: product.taxClass,
    digital: yesOrNo(product.digital),
  };
  for (const variant of product.variants) {
    draft[variantField(variant.sku, 'title')] = variant.title;
    draft[variantField(variant.sku, 'price')] = decimalAmount(variant.price);
    draft[variantField(variant.sku, 'status')] = variant.status;
    draft[variantField(variant.sku, 'attributes')] = attributesText(variant.attributes);
    draft[variantField(variant.sku, 'weightGrams')] = variant.weightGrams?.toString() ?? '';
  }
  return draft;
}

/** How a draft writes a choice of yes or no. */
export const yesOrNo = (choice: boolean): string => (choice ? 'yes' : 'no');

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

const labels: Record<string, string> = {
  ...{ title: 'Title', description: 'Description', categories: 'Categories', media: 'Pictures' },
  ...{ taxClass: 'Tax class', digital: 'Digital' },
};

/** The label of a field where versions are compared. */
export function fieldLabel(name: string): string {
  const [kind, sku, field = ''] = name.split('/');
  if (kind !== 'variant') return labels[name] ?? name;
  return `${sku}: ${field === 'weightGrams' ? 'weight in grams' : field}`;
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
