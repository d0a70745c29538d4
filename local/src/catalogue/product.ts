import type { Drawing, Setting, Tints } from '../pictures/product-picture.ts';

/** What the demo shop sorts its goods into. */
export const categories = [
  'kitchen',
  'home',
  'lighting',
  'stationery',
  'audio',
  'clothing',
  'outdoors',
  'garden',
  'gifts',
] as const;
export type Category = (typeof categories)[number];

/** The colours that goods come in, by the names that shoppers see. */
export const colours = {
  Oat: '#e3d3b4',
  Snow: '#f1ece1',
  Sand: '#cfae82',
  Mustard: '#d9a036',
  Rose: '#d3a098',
  Terracotta: '#c4694a',
  Rust: '#b2502f',
  Plum: '#6d3f57',
  Moss: '#7f8f5c',
  Sage: '#9db09a',
  Forest: '#33523f',
  Lagoon: '#3f6f73',
  Sky: '#86adc4',
  Ink: '#2f4a6b',
  Navy: '#25324f',
  Slate: '#6b7580',
  Charcoal: '#3b3d42',
} as const;
export type Colour = keyof typeof colours;

/** What stands behind the goods. */
export const backgrounds = {
  blush: '#f0d3c2',
  peach: '#f4dcc0',
  butter: '#f2e2b8',
  sage: '#d2deca',
  mint: '#cbe0d7',
  sky: '#cbdfe9',
  mist: '#d3dce0',
  lilac: '#dcd4e6',
  stone: '#dcd7cd',
  clay: '#e0c7b3',
  dusk: '#3a4a6b',
  pine: '#3d5248',
  plum: '#4a4560',
  umber: '#51433a',
  slate: '#3f5566',
} as const;

/** Prices are in cents of EUR. */
export type DemoVariant = {
  sku: string;
  title: string;
  price: number;
  stock: number;
  attributes: Record<string, string>;
};

export type DemoPicture = { draw: Drawing; setting: Setting; tone: string; tints: Partial<Tints> };

export type DemoProduct = {
  /** As `product` makes it from the title; it names the pictures. */
  slug: string;
  title: string;
  description: string;
  categories: readonly [Category, ...Category[]];
  picture: DemoPicture;
  variants: readonly DemoVariant[];
};

/** A product without a choice. */
export function singleVariant(sku: string, price: number, stock: number): DemoVariant[] {
  return [{ sku, title: '', price, stock, attributes: {} }];
}

/** One variant for each colour, with the units of each: `MUG` and `Moss` make `MUG-MOSS`. */
export function inColours(sku: string, price: number, stock: Partial<Record<Colour, number>>): DemoVariant[] {
  return Object.entries(stock).map(([colour, units]) => ({
    sku: `${sku}-${colour.toUpperCase()}`,
    title: colour,
    price,
    stock: units,
    attributes: { colour },
  }));
}

/** One variant for each value of something else (`size`, `scent`), with its own price and units. */
export function variantsBy(
  attribute: string,
  sku: string,
  values: Record<string, [price: number, stock: number]>,
): DemoVariant[] {
  return Object.entries(values).map(([value, [price, stock]]) => ({
    sku: `${sku}-${code(value)}`,
    title: value,
    price,
    stock,
    attributes: { [attribute]: value },
  }));
}

/** A variant for each colour and size; the units of a colour are given by size, in the order of `sizes`. */
export function inColoursAndSizes(
  sku: string,
  price: number,
  sizes: readonly string[],
  stock: Partial<Record<Colour, readonly number[]>>,
): DemoVariant[] {
  return Object.entries(stock).flatMap(([colour, units]) =>
    sizes.map((size, index) => ({
      sku: `${sku}-${colour.toUpperCase()}-${code(size)}`,
      title: `${colour}, ${size}`,
      price,
      stock: units[index] ?? 0,
      attributes: { colour, size },
    })),
  );
}

/** The part of a SKU that stands for a value: `20 cm` is `20CM`, `Black Fig` is `BLACK-FIG`. */
function code(value: string): string {
  return value
    .replace(/(\d) (\p{L})/gu, '$1$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .toUpperCase();
}
