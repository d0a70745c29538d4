import type { Db } from '@tradepost/postgres/db';
import { isId } from '../domain/slug.ts';
import { composeProduct } from '../domain/summary.ts';
import { readProduct, type StoredProduct } from '../store/stored-products.ts';
import { canEdit, canView, productNotFound, type Viewer } from './access.ts';
import type { Context } from './context.ts';
import type { PublicProduct } from './product-cache.ts';

/** A product as it is sent. */
export type ProductAnswer = { version: number; json: string };

/** `readAt`: when its data was read at the earliest, by `performance.now()`, where others may be given the same. */
export type FoundProduct = ProductAnswer & { readAt?: number };

/**
 * The product with this id or slug. Shoppers may be given what was read a moment ago; sellers and admins, who go on to
 * change what they have read, never are.
 */
export async function productFor(ctx: Context, idOrSlug: string, viewer: Viewer): Promise<FoundProduct> {
  if (viewer && viewer.role !== 'customer') {
    const { byId, bySlug } = ctx.reads;
    const stored = isId(idOrSlug) ? await byId(idOrSlug.toLowerCase()) : await bySlug(slugText(idOrSlug));
    const isOwner = canEdit(viewer, stored?.sellerId ?? '');
    if (!stored || !canView(viewer, stored) || (isHidden(ctx, stored) && !isOwner)) throw productNotFound();
    return answerFor(stored, isOwner);
  }
  const id = isId(idOrSlug) ? idOrSlug.toLowerCase() : ctx.cache.ids.get(idOrSlug);
  const product = id === undefined ? await firstBySlug(ctx, idOrSlug) : await cached(ctx, id);
  if (!product) throw productNotFound();
  return product;
}

const cached = (ctx: Context, id: string): Promise<PublicProduct | undefined> =>
  ctx.cache.get(id, async () => {
    const readAt = performance.now();
    return toPublic(ctx, await ctx.reads.byId(id), readAt);
  });

/** From then on its id is known. */
function firstBySlug(ctx: Context, slug: string): Promise<PublicProduct | undefined> {
  return ctx.cache.keepForOutage(async () => {
    const readAt = performance.now();
    const stored = await ctx.reads.bySlug(slugText(slug));
    if (stored) ctx.cache.ids.set(slug, stored.id);
    return toPublic(ctx, stored, readAt);
  });
}

/** The same text may be written with letters and marks apart. */
const slugText = (slug: string): string => slug.normalize('NFC').toLowerCase();

const isHidden = (ctx: Context, { sellerId }: StoredProduct): boolean => ctx.hiddenSellers.ids.has(sellerId);

const toPublic = (ctx: Context, stored: StoredProduct | undefined, readAt: number): PublicProduct | undefined =>
  stored?.status === 'active' && !isHidden(ctx, stored)
    ? { id: stored.id, ...answerFor(stored, false), readAt }
    : undefined;

function answerFor({ version, summary, available, description }: StoredProduct, withArchived: boolean): ProductAnswer {
  return { version, json: composeProduct(summary, available, { description, withArchived }) };
}

/** The product as its owner sees it, in the transaction that has just written it. */
export async function ownersView(db: Db, id: string): Promise<ProductAnswer> {
  const stored = await readProduct(db, id);
  if (!stored) throw productNotFound();
  return answerFor(stored, true);
}
