import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { ErasedContact, type EventData } from '@tradepost/contracts/events';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import { uuidv7Floor } from '@tradepost/postgres/uuid';
import { Value } from 'typebox/value';
import { guestCustomerId } from '../domain/guest.ts';
import {
  type ErasedAccount,
  insertErasedAccounts,
  lockRecentlyErased,
  removeCustomerData,
  requireConfirmation,
  takeUnconfirmed,
} from '../store/erased-accounts.ts';
import { removeExpiredInvoices } from '../store/invoices.ts';
import {
  addErasuresOf,
  addExpiredOrders,
  claimDueErasures,
  closedAmong,
  countOpenOrders,
  type DueErasure,
  finishErasures,
  reducePersonalData,
} from '../store/order-erasures.ts';
import { lockOrders } from '../store/orders.ts';
import type { Context } from './context.ts';

/*
 * How personal data leaves `order`. `account.erased` notes the account (`erased_account`), removes addresses and carts and makes the orders
 * due (`order_erasure`). A task reduces the orders that are due: closed ones at once, open ones once they are closed. Then it confirms, and
 * again whenever what is kept has changed. An access token from before the erasure lives an hour at most: what it places or saves is found by
 * going through accounts again that were erased in the last two hours. After the retention term every order, of whomever, is made due to
 * lose all personal data.
 */

export type ErasureContext = Pick<Context, 'pool' | 'now' | 'encryptForMail' | 'guestSecret'> & {
  /** How long books are kept. */
  retentionDays: number;
};

const DAY_MS = 86_400_000;
const BATCH = 100;
/** When an order that is open is looked at again. */
const OPEN_AGAIN_MS = 600_000;

/** The handler of `account.erased.v1`. Locks the notes first, so that a repeated event waits. */
export async function eraseAccounts(
  tx: Tx,
  ctx: Pick<ErasureContext, 'now' | 'guestSecret'> & Pick<Context, 'decryptForGuests'>,
  events: readonly CloudEvent<'account.erased.v1'>[],
): Promise<void> {
  const { now } = ctx;
  const erased = await Promise.all(events.map(({ data }) => erasedCustomer(ctx, data)));
  const accounts = [...new Map(erased.flatMap((one) => (one ? [[one.accountId, one] as const] : []))).values()];
  await insertErasedAccounts(tx, accounts, now());
  await eraseCustomers(
    tx,
    accounts.map(({ accountId }) => accountId),
    now(),
  );
}

/** Of a guest, the customer id of the address. Without the address `order` has confirmed before: there is nothing to do. */
async function erasedCustomer(
  ctx: Pick<ErasureContext, 'guestSecret'> & Pick<Context, 'decryptForGuests'>,
  { accountId, erasureId, guest, contact }: EventData<'account.erased.v1'>,
): Promise<ErasedAccount | undefined> {
  if (!guest) return { accountId, erasureId };
  if (contact === undefined) return undefined;
  const { email } = Value.Parse(ErasedContact, JSON.parse(await ctx.decryptForGuests(contact)));
  return { accountId: guestCustomerId(await ctx.guestSecret(), email), erasureId };
}

async function eraseCustomers(tx: Tx, customerIds: readonly string[], now: Date): Promise<number> {
  return (await removeCustomerData(tx, customerIds)) + (await addErasuresOf(tx, customerIds, now));
}

/** One round of the task: reduces a batch of orders, finds what came late, and confirms. Returns how much was done. */
export async function eraseDueData(ctx: ErasureContext): Promise<number> {
  const late = await eraseLateData(ctx);
  const reduced = await reduceDueOrders(ctx);
  return late + reduced + (await confirmErasures(ctx));
}

/** What requests that were under way have written since the erasure. */
function eraseLateData({ pool, now }: ErasureContext): Promise<number> {
  return pool.transaction(async (tx) => {
    const accounts = await lockRecentlyErased(tx, now());
    if (accounts.length === 0) return 0;
    const found = await eraseCustomers(tx, accounts, now());
    if (found > 0) await requireConfirmation(tx, accounts);
    return found;
  });
}

function reduceDueOrders(ctx: ErasureContext): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const now = ctx.now();
    const due = await claimDueErasures(tx, now, BATCH);
    if (due.length === 0) return 0;
    // Notes of accounts before orders, as the handler takes them.
    await requireConfirmation(tx, [...new Set(due.map(({ customerId }) => customerId))]);
    const ids = due.map(({ orderId }) => orderId);
    await lockOrders(tx, ids);
    const closed = await closedAmong(tx, ids, now);
    await reduce(tx, due, closed);
    await outbox.add(tx, await guestErasures(ctx, closed));
    const done = new Set(closed.map(({ id }) => id));
    await finishErasures(tx, {
      done: [...done],
      open: ids.filter((id) => !done.has(id)),
      nextAt: new Date(now.getTime() + OPEN_AGAIN_MS),
    });
    return due.length;
  });
}

type ClosedOrder = Awaited<ReturnType<typeof closedAmong>>[number];

async function reduce(tx: Tx, due: readonly DueErasure[], closed: readonly ClosedOrder[]): Promise<void> {
  const targets = new Map(due.map(({ orderId, target }) => [orderId, target]));
  for (const target of ['books', 'none'] as const) {
    const ids = closed.flatMap(({ id }) => (targets.get(id) === target ? [id] : []));
    await reducePersonalData(tx, ids, target);
  }
}

/** `notification` has the address of a guest, too. */
function guestErasures(ctx: ErasureContext, closed: readonly ClosedOrder[]): Promise<CloudEvent[]> {
  const guests = closed.flatMap(({ id, guestEmail: email, name }) => (email === null ? [] : [{ id, email, name }]));
  return Promise.all(
    guests.map(async ({ id: orderId, email, name }) => {
      const contact: ErasedContact = { email, name };
      const data = { orderId, contact: await ctx.encryptForMail(JSON.stringify(contact)) };
      return newEvent({ source: 'order', type: 'order.guest-erased.v1', subject: orderId, data });
    }),
  );
}

function confirmErasures({ pool, now, retentionDays }: ErasureContext): Promise<number> {
  return pool.transaction(async (tx) => {
    const due = await takeUnconfirmed(tx, now());
    await outbox.add(
      tx,
      due.map(({ accountId, erasureId, version, kept, lastBooks }) => {
        const completeAfter = lastBooks && new Date(lastBooks.getTime() + retentionDays * DAY_MS).toISOString();
        return newEvent({
          ...{ source: 'order', type: 'account.erasure-confirmed.v1', subject: accountId },
          data: { erasureId, accountId, service: 'order', version, kept, ...(completeAfter && { completeAfter }) },
        });
      }),
    );
    return due.length;
  });
}

/** Makes orders due that are older than books must be, of accounts and of guests, and removes invoices of that time; returns how many. */
export async function expireOrders({ pool, now, retentionDays }: ErasureContext): Promise<number> {
  const before = uuidv7Floor(new Date(now().getTime() - retentionDays * DAY_MS));
  const expired = await pool.transaction((tx) => addExpiredOrders(tx, before, now(), BATCH));
  return expired + (await removeExpiredInvoices(pool, now(), BATCH));
}

export type GuestErasure = { orders: number; open: number };

/** Makes the orders of a guest due, by one of them: all that were placed with the same address. */
export function eraseGuest(ctx: ErasureContext, orderId: string): Promise<GuestErasure> {
  return ctx.pool.transaction(async (tx) => {
    const order = (await lockOrders(tx, [orderId])).get(orderId);
    if (!order) throw new ProblemError('not_found', `There is no order ${orderId}`);
    if (order.guestEmail === null || order.customerId !== guestCustomerId(await ctx.guestSecret(), order.guestEmail)) {
      throw new ProblemError('conflict', 'This is no order of a guest, or its data is erased: erase the account');
    }
    const orders = await addErasuresOf(tx, [order.customerId], ctx.now());
    return { orders, open: await countOpenOrders(tx, order.customerId, ctx.now()) };
  });
}
