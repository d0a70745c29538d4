import { type Db, sql } from '@tradepost/postgres/db';
import { availableUnits } from './listed-products.ts';
import type { StoredStatus } from './products.ts';

/** What a read of one product needs, in the stored form of `domain/summary.ts`. */
export type StoredProduct = {
  id: string;
  slug: string;
  status: StoredStatus;
  sellerId: string;
  version: number;
  description: string;
  summary: string;
  /** Units of each variant, by position: `{3,0}`. */
  available: string;
};

/** The columns of a `StoredProduct`, in its order. */
type StoredRow = [string, string, StoredStatus, string, number, string, string, string];

const storedColumns = `select p.id, p.slug, p.status, p.seller_id, p.version, p.description, p.summary, ${availableUnits}
  from product p`;

type Key = 'id' | 'slug';

/** How many keys the statements below take. */
const sizes = [1, 2, 4, 8, 16] as const;

/** The most products that one statement reads. */
export const MOST_READ_AT_ONCE = 16;

/**
 * A statement for each size, with a parameter for each key: PostgreSQL keeps the plan of such a one, while it would plan a read by
 * `any($1)` anew each time, which costs as much as to read.
 */
const readBy = Object.fromEntries(
  (['id', 'slug'] as const).map((key) => [key, sizes.map((size) => ({ size, read: readStatement(key, size) }))]),
) as Record<Key, { size: number; read: ReturnType<typeof sql> }[]>;

function readStatement(key: Key, size: number): ReturnType<typeof sql> {
  const places = Array.from({ length: size }, (_, at) => `$${at + 1}`).join(', ');
  return sql(`product.read-by-${key}-${size}`, `${storedColumns} where p.${key} in (${places})`);
}

/** The hot path: products by ids or by slugs, at most `MOST_READ_AT_ONCE`, in one statement, and rows as arrays. */
export async function readProducts(db: Db, key: Key, keys: readonly string[]): Promise<StoredProduct[]> {
  const fitting = readBy[key].find(({ size }) => size >= keys.length);
  if (!fitting || keys.length === 0) throw new RangeError(`${keys.length} products cannot be read at once`);
  // Places that are left name the last key again.
  const values = Array.from({ length: fitting.size }, (_, at) => keys[Math.min(at, keys.length - 1)]);
  const { rows } = await db.query<StoredRow>({ ...fitting.read(values), rowMode: 'array' });
  return rows.map(toStored);
}

export async function readProduct(db: Db, id: string): Promise<StoredProduct | undefined> {
  return (await readProducts(db, 'id', [id]))[0];
}

function toStored([id, slug, status, sellerId, version, description, summary, available]: StoredRow): StoredProduct {
  return { id, slug, status, sellerId, version, description, summary, available };
}
