import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Address } from '../domain/order.ts';
import {
  deleteSavedAddress,
  lockSavedAddresses,
  putSavedAddress,
  type SavedAddress,
  savedAddressesOf,
  setDefaultAddress,
} from '../store/saved-addresses.ts';
import type { Actor } from './access.ts';
import type { Context } from './context.ts';

/** More than anybody needs, and few enough for one answer. */
export const MAX_ADDRESSES = 20;

export const readAddresses = (ctx: Context, actor: Actor): Promise<SavedAddress[]> =>
  savedAddressesOf(ctx.pool, actor.accountId);

/**
 * Saves an address of the actor's under an id of their making; the same again changes nothing. The first one is the default,
 * and where there are some there is one.
 */
export async function saveAddress(
  ctx: Context,
  actor: Actor,
  id: string,
  { address, isDefault }: { address: Address; isDefault: boolean },
): Promise<{ saved: SavedAddress; created: boolean }> {
  return ctx.pool.transaction(async (tx) => {
    await lockSavedAddresses(tx, actor.accountId);
    const present = await savedAddressesOf(tx, actor.accountId);
    const before = present.find((one) => one.id === id);
    if (!before && present.length >= MAX_ADDRESSES) {
      throw new ProblemError('unprocessable', `An account keeps at most ${MAX_ADDRESSES} addresses`);
    }
    const others = present.filter((one) => one.id !== id);
    const becomesDefault = isDefault || !others.some((one) => one.isDefault);
    if (becomesDefault) await setDefaultAddress(tx, actor.accountId, null);
    const wanted = { id, address, isDefault: becomesDefault, createdAt: before?.createdAt ?? ctx.now() };
    const saved = await putSavedAddress(tx, actor.accountId, wanted);
    if (!saved) throw new ProblemError('not_found', `There is no address ${id}`);
    return { saved, created: !before };
  });
}

/** Forgets one; of those that are left the latest takes its place as the default. What is not there is forgotten already. */
export async function forgetAddress(ctx: Context, actor: Actor, id: string): Promise<void> {
  await ctx.pool.transaction(async (tx) => {
    await lockSavedAddresses(tx, actor.accountId);
    await deleteSavedAddress(tx, actor.accountId, id);
    const left = await savedAddressesOf(tx, actor.accountId);
    const [first] = left;
    if (first && !left.some((one) => one.isDefault)) await setDefaultAddress(tx, actor.accountId, first.id);
  });
}
