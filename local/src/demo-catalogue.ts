import { readFileSync } from 'node:fs';

/** Prices are in cents of EUR. */
export type DemoVariant = {
  sku: string;
  /** Empty where there is nothing to choose. */
  title: string;
  price: number;
  stock: number;
  /** Of one unit with its packing. */
  weightGrams: number;
  attributes: Record<string, string>;
};

/** A file of `PICTURES_FOLDER`, and its text for those who cannot see it. */
export type DemoPicture = { file: string; alt: string };

export type DemoProduct = {
  /** As `product` makes it from the title; it names the pictures. */
  slug: string;
  title: string;
  description: string;
  /** The first is its main one. */
  categories: readonly string[];
  /** Left out: `standard`. */
  taxClass?: string;
  /** One of each colour that it comes in. */
  pictures: readonly DemoPicture[];
  variants: readonly DemoVariant[];
};

type DemoCatalogue = {
  /** In the order in which the navigation shows them. */
  categories: readonly string[];
  /** Slugs of the products that the first page shows. */
  featured: readonly string[];
  products: readonly DemoProduct[];
};

const folder = new URL('../demo/', import.meta.url);

/** Where the pictures are. */
export const PICTURES_FOLDER = new URL('pictures/', folder);

/** What the demo shop sells. */
// as: the tests check every product against the schema of the product service.
export const demoCatalogue = JSON.parse(readFileSync(new URL('catalogue.json', folder), 'utf8')) as DemoCatalogue;
