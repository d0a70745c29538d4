import type { Filters } from '../domain/listing.ts';

/** The filters of a list. */
export type Search = Filters & {
  /** Sellers whose products are left out. */
  hiddenSellers?: readonly string[];
};

type Add = (value: unknown, type: string) => string;

/** The parameters of a statement: `add` gives the place of a value in its text. */
export function createValues(): { values: unknown[]; add: Add } {
  const values: unknown[] = [];
  return { values, add: (value, type) => `$${values.push(value)}::${type}` };
}

/** The conditions of the filters, for a `where`. */
export function listConditions(filters: Search, add: Add): string[] {
  const { phrase, category, featured, sellerId, minPrice, maxPrice, currency, inStock, hiddenSellers } = filters;
  const where = [filters.status === 'active' ? `status = 'active'` : `status = 'archived'`];
  // Of archived products, and of all until the index of a new version is complete.
  if (phrase !== undefined) where.push(`search @@ catalogue_query(${add(phrase, 'text')})`);
  if (category !== undefined) where.push(`categories @> array[${add(category, 'text')}]`);
  if (featured !== undefined) where.push(featured ? 'featured' : 'not featured');
  if (sellerId !== undefined) where.push(`seller_id = ${add(sellerId, 'uuid')}`);
  if (hiddenSellers) where.push(`seller_id <> all(${add(hiddenSellers, 'uuid[]')})`);
  if (minPrice !== undefined) where.push(`min_amount >= ${add(minPrice, 'bigint')}`);
  if (maxPrice !== undefined) where.push(`min_amount <= ${add(maxPrice, 'bigint')}`);
  if (currency !== undefined) where.push(`currency = ${add(currency, 'char(3)')}`);
  if (inStock !== undefined) where.push(inStock ? 'in_stock' : 'not in_stock');
  return where;
}
