import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Identity } from '@tradepost/runtime/identity';
import { changeProduct, newProduct, type ProductChange } from '../domain/change.ts';
import type { NewProduct, Product } from '../domain/product.ts';
import type { VariantChange } from '../domain/variants.ts';
import { lockProducts, productIdsBySku } from '../store/products.ts';
import { canEdit } from './access.ts';
import { freeSlugs } from './change-products.ts';
import type { Context } from './context.ts';
import { type Change, saveProducts } from './save-products.ts';

type ImportedVariant = Omit<VariantChange, 'status'>;

/** A product of a file. What is left out stays as it is; a new product needs its title and the prices of its variants. */
export type ImportedProduct = Omit<ProductChange, 'status' | 'variants'> & { variants: ImportedVariant[] };

/** What was read from a file: a product, or why there is none; with the line that it began at, from 1. */
export type ImportRow = { line: number } & (
  | {
      product: ImportedProduct;
      /** Characters. */
      size: number;
      /** Attributes that the row does not name stay, too. */
      isPartial?: boolean;
      /** The line of each variant, where each has one: a variant that is refused does not keep the others back. */
      lines?: readonly number[];
    }
  | { errors: FieldError[] }
);

/** A row with a product. */
export type ValidRow = Extract<ImportRow, { product: ImportedProduct }>;

/** What became of a row: why it was refused, else what it did. */
export type ImportOutcome = 'created' | 'updated' | 'unchanged' | FieldError[];

/** Makes or changes the products of some rows in one transaction. A row that a rule refuses does not keep the others back. */
export function importBatch(ctx: Context, by: Identity, batch: readonly ValidRow[]): Promise<ImportOutcome[]> {
  return ctx.pool.transaction(async (tx) => {
    const now = ctx.now();
    const work = await openBatch(tx, batch);
    const outcomes = batch.map((row, index): ImportOutcome => {
      try {
        return place(work, row, index, { by, now });
      } catch (err) {
        if (err instanceof ProblemError) return err.errors ?? [{ field: '', message: err.message }];
        throw err;
      }
    });
    const changes = [...work.changes.values()];
    await saveProducts(tx, changes, { accountId: by.accountId, now });
    tx.onCommit(() => ctx.cache.forget(changes.map(({ product }) => product.id)));
    return outcomes;
  });
}

/** What a batch is worked through with. */
type Batch = {
  /** The product of each SKU that somebody has. */
  owners: Map<string, string>;
  /** Those products, as they were. */
  known: Map<string, Product>;
  /** For each row the id and slug that it gets, if it is a new product. */
  fresh: { id: string; slug: string }[];
  changes: Map<string, Change>;
};

async function openBatch(tx: Tx, batch: readonly ValidRow[]): Promise<Batch> {
  const skus = batch.flatMap(({ product }) => product.variants.map((variant) => variant.sku));
  const owners = await productIdsBySku(tx, skus);
  const known = await lockProducts(tx, [...new Set(owners.values())]);
  const isNew = batch.map(({ product }) => !product.variants.some(({ sku }) => owners.has(sku)));
  // Sorted, so that the newest first is the last of the file first.
  const ids = batch.map(() => uuidv7()).sort();
  const titles = batch.map(({ product }, index) => ({ title: product.title ?? '', id: ids[index] ?? '' }));
  const slugs = (
    await freeSlugs(
      tx,
      titles.filter((_, index) => isNew[index]),
    )
  ).values();
  const fresh = ids.map((id, index) => ({ id, slug: isNew[index] ? (slugs.next().value ?? id) : '' }));
  return { owners, known, fresh, changes: new Map() };
}

function place(work: Batch, row: ValidRow, index: number, { by, now }: { by: Identity; now: Date }): ImportOutcome {
  const input = row.product;
  const taken = takenSkus(work, input, by);
  if (taken.length > 0) return taken;
  const ids = new Set(input.variants.flatMap(({ sku }) => work.owners.get(sku) ?? []));
  if (ids.size > 1) return [{ field: '/variants', message: 'has SKUs of different products' }];
  const [id] = ids;
  if (id === undefined) {
    const { id: newId, slug } = work.fresh[index] ?? { id: uuidv7(), slug: '' };
    const wanted = toNewProduct(input);
    if (Array.isArray(wanted)) return wanted;
    const changed = newProduct(wanted, { id: newId, slug, sellerId: by.accountId, now });
    work.changes.set(newId, { before: undefined, ...changed });
    return 'created';
  }
  const earlier = work.changes.get(id);
  const before = earlier?.before ?? work.known.get(id);
  const present = earlier?.product ?? before;
  if (!before || !present) throw new Error(`Product ${id} is missing although its SKUs are there`);
  const changed = changeProduct(present, toChange(row, present), now);
  if (changed.product === present) return 'unchanged';
  // However many rows are about it, it is one change and one version further.
  const product = { ...changed.product, version: before.version + 1 };
  work.changes.set(id, { before, product, added: [...(earlier?.added ?? []), ...changed.added] });
  return 'updated';
}

function takenSkus({ owners, known }: Batch, input: ImportedProduct, by: Identity): FieldError[] {
  return input.variants.flatMap(({ sku }, at) => {
    const owner = known.get(owners.get(sku) ?? '');
    const isTaken = owner !== undefined && !canEdit(by, owner.sellerId);
    return isTaken ? [{ field: `/variants/${at}/sku`, message: `${sku} is in use by another seller` }] : [];
  });
}

function toNewProduct({ title, variants, ...fields }: ImportedProduct): NewProduct | FieldError[] {
  const missing: FieldError[] = [];
  const required = (field: string) => missing.push({ field, message: 'is required for a new product' });
  if (title === undefined) required('/title');
  const priced = variants.map(({ price, ...variant }, at) => {
    if (!price) required(`/variants/${at}/price`);
    return { ...variant, price: price ?? { amount: 0, currency: '' } };
  });
  if (missing.length > 0) return missing;
  return { description: '', ...fields, title: title ?? '', variants: priced };
}

function toChange({ product, isPartial }: ValidRow, present: Product): ProductChange {
  const known = new Map(present.variants.map((variant) => [variant.sku, variant]));
  const { variants, ...fields } = product;
  return {
    ...fields,
    variants: variants.map(({ stock, attributes, ...variant }) => {
      const before = known.get(variant.sku);
      const kept = isPartial ? before?.attributes : undefined;
      return {
        ...variant,
        ...(attributes && { attributes: { ...kept, ...attributes } }),
        ...(before === undefined && stock !== undefined && { stock }),
      };
    }),
  };
}
