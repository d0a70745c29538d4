import type { Product, Variant } from '../../api/catalogue.ts';

/** One thing to choose: `colour`, with what it may be, in the seller's order. */
export type Choice = { name: string; values: string[] };

/** Stands for the title of a variant, where attributes do not tell the variants apart. */
const BY_TITLE = 'Kind';

/** What there is to choose about a product; nothing where there is one variant. */
export function choicesOf(variants: readonly Variant[]): Choice[] {
  if (variants.length < 2) return [];
  const names = [...new Set(variants.flatMap(({ attributes }) => Object.keys(attributes)))];
  const told = new Set(variants.map((variant) => names.map((name) => variant.attributes[name]).join('\n')));
  const isTold =
    names.length > 0 &&
    told.size === variants.length &&
    variants.every((one) => names.every((name) => one.attributes[name]));
  if (!isTold) return [{ name: BY_TITLE, values: variants.map(titleOf) }];
  return names
    .map((name) => ({ name, values: [...new Set(variants.map((variant) => variant.attributes[name] ?? ''))] }))
    .filter(({ values }) => values.length > 1);
}

const titleOf = ({ title, sku }: Variant): string => title || sku;

/** What a variant is, as one choice has it. */
export const chosenValue = (variant: Variant, name: string): string =>
  variant.attributes[name] ?? (name === BY_TITLE ? titleOf(variant) : '');

/**
 * The variant that one gets by choosing `value`, keeping as much of the rest as there is: first all of it, then whatever
 * can be bought. Undefined where no variant has the value.
 */
export function choose(
  variants: readonly Variant[],
  present: Variant,
  name: string,
  value: string,
): Variant | undefined {
  const fitting = variants.filter((variant) => chosenValue(variant, name) === value);
  const others = Object.keys(present.attributes).filter((other) => other !== name);
  return (
    fitting.find((variant) => others.every((other) => variant.attributes[other] === present.attributes[other])) ??
    fitting.find(({ available }) => available > 0) ??
    fitting[0]
  );
}

/** The variant that is shown first: the one that the address names, or the first that can be bought. */
export function firstShown(variants: readonly Variant[], sku: string | null): Variant | undefined {
  return (
    variants.find((variant) => variant.sku === sku) ?? variants.find(({ available }) => available > 0) ?? variants[0]
  );
}

/** The picture of a variant: the one whose description names its colour (or whatever it is that it differs by). */
export function pictureOf(product: Pick<Product, 'media'>, variant: Variant | undefined): number {
  const values = Object.values(variant?.attributes ?? {}).map((value) => value.toLowerCase());
  const found = product.media.findIndex(({ alt }) => values.some((value) => words(alt).includes(value)));
  return Math.max(found, 0);
}

const words = (text: string): string[] => text.toLowerCase().split(/[^\p{L}\p{N}]+/u);
