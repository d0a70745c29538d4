import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { isTransient } from '@tradepost/postgres/pool';
import { violatedConstraint } from '@tradepost/postgres/unavailable';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Identity } from '@tradepost/runtime/identity';
import { isPreconditionMet, type Precondition } from '@tradepost/runtime/precondition';
import { changeProduct, newProduct, type ProductChange } from '../domain/change.ts';
import type { NewProduct, Product } from '../domain/product.ts';
import { cleanTitle } from '../domain/product.ts';
import { slugCandidates } from '../domain/slug.ts';
import { lockProducts, slugsInUse } from '../store/products.ts';
import { ownedBy } from './access.ts';
import type { Context } from './context.ts';
import { findIdempotentResult } from './idempotency.ts';
import { ownersView, type ProductAnswer } from './read-product.ts';
import { saveProducts } from './save-products.ts';

/** Makes a product of the seller's own. The same request with the same key gives the product that it has made. */
export function createProduct(
  ctx: Context,
  by: Identity,
  input: NewProduct,
  key: string | undefined,
): Promise<ProductAnswer & { id: string }> {
  return retryOnConflict(() =>
    ctx.pool.transaction(async (tx) => {
      const now = ctx.now();
      const id = uuidv7();
      const repeatable = { accountId: by.accountId, scope: 'product', key, request: input };
      const earlier = await findIdempotentResult(tx, repeatable, { resourceId: id, now });
      if (earlier !== undefined) return { id: earlier, ...(await ownersView(tx, earlier)) };
      const [slug] = await freeSlugs(tx, [{ title: input.title, id }]);
      const changed = newProduct(input, { id, slug: slug ?? id, sellerId: by.accountId, now });
      await saveProducts(tx, [{ before: undefined, ...changed }], { accountId: by.accountId, now });
      return { id, ...(await ownersView(tx, id)) };
    }),
  );
}

/**
 * Changes a product, if it still is what the caller has seen. A change that has been made already is answered as if it was made now,
 * so that a request whose response was lost can be sent again (RFC 9110, section 13.1.1).
 */
export function patchProduct(
  ctx: Context,
  by: Identity,
  id: string,
  change: ProductChange,
  precondition: Precondition | undefined,
): Promise<ProductAnswer> {
  return ctx.pool.transaction(async (tx) => {
    const before = ownedBy(by, (await lockProducts(tx, [id])).get(id.toLowerCase()));
    const now = ctx.now();
    if (!isPreconditionMet(precondition, before.version)) {
      if (!isMadeAlready(before, change, now)) throw versionConflict(before.version);
      return ownersView(tx, before.id);
    }
    const changed = changeProduct(before, change, now);
    if (changed.product !== before) {
      await saveProducts(tx, [{ before, ...changed }], { accountId: by.accountId, now });
      tx.onCommit(() => ctx.cache.forget([before.id]));
    }
    return ownersView(tx, before.id);
  });
}

const versionConflict = (version: number) =>
  new ProblemError('version_conflict', `The product is at version ${version} now`, { extra: { version } });

/** Whether the product is as the change would leave it. `stock` counts for new variants only, which are not new any more. */
function isMadeAlready(product: Product, { variants, ...change }: ProductChange, now: Date): boolean {
  const edits = variants?.map(({ stock: _, ...edit }) => edit);
  try {
    return changeProduct(product, { ...change, ...(edits && { variants: edits }) }, now).product === product;
  } catch (err) {
    if (err instanceof ProblemError) return false;
    throw err;
  }
}

/** A slug for each of these new products that no other product has, nor another of them. */
export async function freeSlugs(tx: Tx, products: readonly { title: string; id: string }[]): Promise<string[]> {
  const candidates = products.map(({ title, id }) => slugCandidates(cleanTitle(title), id));
  const taken = await slugsInUse(tx, candidates.flat());
  return candidates.map((all) => {
    const slug = all.find((candidate) => !taken.has(candidate)) ?? all[2];
    taken.add(slug);
    return slug;
  });
}

const MAX_ATTEMPTS = 5;

/**
 * Does the work again when somebody else has taken the slug that was free a moment ago, or was in the way otherwise;
 * what is read anew then shows it. `isConflict` tells of what else may be lost to another.
 */
export async function retryOnConflict<T>(
  work: () => Promise<T>,
  isConflict: (err: unknown) => boolean = () => false,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (err) {
      const lostSlug = violatedConstraint(err) === 'product_slug_key';
      const deadlock = !(err instanceof ProblemError) && isTransient(err);
      if (attempt === MAX_ATTEMPTS || !(lostSlug || deadlock || isConflict(err))) throw err;
    }
  }
}
