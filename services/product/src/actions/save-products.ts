import type { Tx } from '@tradepost/postgres/db';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { currentTraceparent } from '@tradepost/runtime/trace';
import type { ChangeResult } from '../domain/change.ts';
import { type Product, snapshot, vocabulary } from '../domain/product.ts';
import { insertAdjustments } from '../store/adjustments.ts';
import { addToCategories } from '../store/categories.ts';
import { noteInStock } from '../store/in-stock.ts';
import { writeProducts } from '../store/product-writes.ts';
import { addWords } from '../store/search-words.ts';
import { lockSuspendedSellers } from '../store/seller-status.ts';
import { insertStock } from '../store/stock.ts';
import { SOURCE } from './context.ts';

/** A product that was made or changed, and what it was before. */
export type Change = ChangeResult & { before: Product | undefined };

type ChangedBy = { accountId: string; now: Date };

/**
 * Writes products with everything that goes with them: variants, the first stock of new ones, what searches and lists
 * are made from, and the events that tell of it. All changes of a transaction go through one call.
 */
export async function saveProducts(tx: Tx, wanted: readonly Change[], by: ChangedBy): Promise<void> {
  if (wanted.length === 0) return;
  const changes = await withSellerStatus(tx, wanted);
  const added = changes.flatMap((change) => change.added);
  await writeProducts(
    tx,
    changes.map(({ before, product, added: units }) => ({
      before,
      after: product,
      inStock: units.some(({ stock }) => stock > 0),
    })),
  );
  await insertStock(tx, added);
  await insertAdjustments(
    tx,
    added
      .filter(({ stock }) => stock > 0)
      .map(({ sku, stock }) => ({
        ...{ id: uuidv7(), sku, delta: stock, reason: 'first stock', adjustedBy: by.accountId, onHand: stock },
        createdAt: by.now,
      })),
  );
  await noteInStock(
    tx,
    changes.filter(sellsOtherVariants).map(({ product }) => product.id),
  );
  await addWords(tx, newWords(changes));
  const traceparent = currentTraceparent();
  const events = changes.map(({ product }) =>
    newEvent({ source: SOURCE, type: 'product.changed.v1', subject: product.id, data: snapshot(product), traceparent }),
  );
  await outbox.add(tx, events);
  await addToCategories(tx, categoryChanges(changes));
}

/** Whether the sellers of the products may sell is read here, under a lock: it may have changed since the products were read. */
async function withSellerStatus(tx: Tx, changes: readonly Change[]): Promise<Change[]> {
  const suspended = await lockSuspendedSellers(
    tx,
    changes.map(({ product }) => product.sellerId),
  );
  return changes.map((change) => {
    const isSuspended = suspended.has(change.product.sellerId);
    return { ...change, product: { ...change.product, isSuspended } };
  });
}

/** Whether what can be bought of a product that was there before may have become another. */
function sellsOtherVariants({ before, product }: Change): boolean {
  if (!before) return false;
  const onSale = ({ variants }: Product) => variants.filter(({ status }) => status === 'active').map(({ sku }) => sku);
  return onSale(before).join() !== onSale(product).join();
}

function newWords(changes: readonly Change[]): string[] {
  const titles = changes.filter(({ before, product }) => before?.title !== product.title);
  return [...new Set(titles.flatMap(({ product }) => vocabulary(product.title)))];
}

function categoryChanges(changes: readonly Change[]): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (product: Product | undefined, change: number) => {
    if (product?.status !== 'active' || product.isSuspended) return;
    for (const slug of product.categories) counts.set(slug, (counts.get(slug) ?? 0) + change);
  };
  for (const { before, product } of changes) {
    add(before, -1);
    add(product, 1);
  }
  return counts;
}
