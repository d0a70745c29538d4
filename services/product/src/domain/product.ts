import type { EventData } from '@tradepost/contracts/events';
import type { Money } from '@tradepost/contracts/money';

export type Status = 'active' | 'archived';

export type Media = { url: string; alt: string };

export type Variant = {
  sku: string;
  /** What tells it from the other variants; empty where there is only one. */
  title: string;
  /** Minor units of the product's currency. */
  amount: number;
  priceVersion: number;
  status: Status;
  /** From 1, in the order in which variants were added; never changes. */
  position: number;
  attributes: Record<string, string>;
  /** Null: unknown, which counts as 0. */
  weightGrams: number | null;
};

export type Product = {
  id: string;
  slug: string;
  title: string;
  description: string;
  /** What its seller says. */
  status: Status;
  sellerId: string;
  /** Its seller may not sell: it is not for sale, whatever its status. */
  isSuspended: boolean;
  categories: string[];
  media: Media[];
  /** By which an order finds the tax rate. */
  taxClass: string;
  /** Nothing is sent. */
  digital: boolean;
  /** Of all its prices; never changes. */
  currency: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
  /** By position. */
  variants: Variant[];
};

export type NewVariant = {
  sku: string;
  title?: string;
  price: Money;
  stock?: number;
  attributes?: Record<string, string>;
  weightGrams?: number;
};

export type NewProduct = {
  title: string;
  description: string;
  categories?: string[];
  media?: Media[];
  taxClass?: string;
  digital?: boolean;
  variants: NewVariant[];
};

/** The tax class of a product whose seller has not chosen one. */
export const DEFAULT_TAX_CLASS = 'standard';

/** What is on sale: of an archived product, nothing. */
export const activeVariants = (product: Product): Variant[] =>
  product.variants.filter((variant) => variant.status === 'active');

/** The lowest and the highest price that the product is sold at; of all its variants where none is on sale. */
export function priceRange(product: Product): { min: number; max: number } {
  const active = activeVariants(product);
  const amounts = (active.length > 0 ? active : product.variants).map((variant) => variant.amount);
  return { min: Math.min(...amounts), max: Math.max(...amounts) };
}

/** The title as lists sort by it: without case and accents. */
export const titleKey = (title: string): string => title.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** What a product is found by besides its title and description. */
export function keywords(product: Product): string {
  const active = activeVariants(product);
  return [
    ...product.categories,
    ...active.flatMap((variant) => [variant.sku, variant.title, ...Object.values(variant.attributes)]),
  ].join(' ');
}

/** The words of the title that a misspelt one is compared with: no numbers, which would be as many as products. */
export function vocabulary(title: string): string[] {
  const words = titleKey(title).match(/\p{Alphabetic}+/gu) ?? [];
  return [...new Set(words.filter((word) => word.length >= 3 && word.length <= 30))];
}

/** The product as `product.changed.v1` tells it. */
export function snapshot(product: Product): EventData<'product.changed.v1'> {
  const { currency } = product;
  return {
    productId: product.id,
    slug: product.slug,
    title: product.title,
    sellerId: product.sellerId,
    status: product.status,
    version: product.version,
    taxClass: product.taxClass,
    digital: product.digital,
    categories: product.categories,
    variants: product.variants.map(({ sku, title, amount, status, priceVersion, weightGrams }) => ({
      sku,
      title,
      price: { amount, currency },
      status,
      priceVersion,
      ...(weightGrams !== null && { weightGrams }),
    })),
  };
}

/** What a title is stored as. */
export const cleanTitle = (title: string): string => title.trim().normalize('NFC');
