import { DEFAULT_TAX_CLASS, type Product, priceRange, type Variant } from './product.ts';

/**
 * The answer to a read of a product is written once, when the product is changed, and stored: only how much is available
 * of each variant, and the description where it is wanted, are put in when it is read. That is what keeps reads and
 * lists as cheap as they are. The parts are divided by a character that JSON never has outside of an escape.
 */
const DIVIDER = '\u001f';
const ACTIVE = 'a';

/** The stored form: the fields of the product, then one part for each variant, without their closing braces. */
export function renderSummary(product: Product): string {
  const { min, max } = priceRange(product);
  const { currency } = product;
  const head = {
    id: product.id,
    slug: product.slug,
    title: product.title,
    status: product.status,
    sellerId: product.sellerId,
    categories: product.categories,
    media: product.media,
    minPrice: { amount: min, currency },
    maxPrice: { amount: max, currency },
    version: product.version,
    createdAt: product.createdAt.toISOString(),
    updatedAt: product.updatedAt.toISOString(),
    taxClass: product.taxClass,
    // The last field: `withTaxClass` looks for it.
    digital: product.digital,
  };
  const parts = product.variants.map((variant) => variantPart(variant, currency));
  return [openEnded(head), ...parts].join(DIVIDER);
}

function variantPart(variant: Variant, currency: string): string {
  const { sku, title, amount, priceVersion, status, attributes, weightGrams } = variant;
  const weight = weightGrams === null ? {} : { weightGrams };
  const fields = { sku, title, price: { amount, currency }, priceVersion, status, attributes, ...weight };
  return (status === 'active' ? ACTIVE : '-') + openEnded(fields);
}

const openEnded = (fields: object): string => JSON.stringify(fields).slice(0, -1);

const DEFAULTS = `,"taxClass":"${DEFAULT_TAX_CLASS}","digital":false`;

/**
 * The fields of the product, also from a summary that was stored before there were tax classes: then every product had the defaults,
 * so a large table need not be written again.
 */
const withTaxClass = (head: string): string =>
  head.endsWith('"digital":false') || head.endsWith('"digital":true') ? head : head + DEFAULTS;

/**
 * The JSON of a product from its stored form. `available` is by position, as PostgreSQL writes an array: `{3,0}`.
 * Variants that are archived are left out unless they are asked for.
 */
export function composeProduct(
  summary: string,
  available: string,
  options: { description?: string; withArchived?: boolean } = {},
): string {
  const [head = '{', ...parts] = summary.split(DIVIDER);
  const units = available.slice(1, -1).split(',');
  let variants = '';
  let inStock = false;
  for (const [index, part] of parts.entries()) {
    const active = part.startsWith(ACTIVE);
    if (!active && !options.withArchived) continue;
    const count = units[index] ?? '0';
    if (active && count !== '0') inStock = true;
    variants += `${variants === '' ? '' : ','}${part.slice(1)},"available":${count}}`;
  }
  const { description } = options;
  const text = description === undefined ? '' : `,"description":${JSON.stringify(description)}`;
  return `${withTaxClass(head)}${text},"inStock":${inStock},"variants":[${variants}]}`;
}
