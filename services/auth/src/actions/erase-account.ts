import type { ErasedContact, EventData } from '@tradepost/contracts/events';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Db, Tx } from '@tradepost/postgres/db';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { currentTraceparent } from '@tradepost/runtime/trace';
import {
  accountChanged,
  accountStatusChanged,
  publishEvents,
  sessionRevoked,
  sessionsRevoked,
} from '../store/account-events.ts';
import { type Account, accountById, lockAccount } from '../store/accounts.ts';
import { apiKeyIds } from '../store/api-keys.ts';
import { endSessions } from '../store/ended-sessions.ts';
import { deleteAccount, lockActiveAdmins } from '../store/erase-account.ts';
import { type Erasure, erasureById, erasureOfAccount, insertErasure, pageOfErasures } from '../store/erasures.ts';
import { deleteMailTokens } from '../store/mail-tokens.ts';
import { lockStaff } from '../store/staff-roles.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { checkPassword, lockCaller } from './current-password.ts';
import { assertHoldsAllOf, requireOperator } from './operators.ts';
import type { Page } from './sessions.ts';
import { countWrongCodes, useCode } from './verify-code.ts';

/**
 * Erases the account of who asks. The password is asked for again, and a code where the account has a second factor; guesses count as
 * those at sign-in do.
 */
export async function eraseOwnAccount(
  ctx: Context,
  requester: Requester,
  o: { currentPassword: string; code?: string | undefined },
): Promise<Erasure> {
  const caller = await authenticate(ctx, requester);
  await checkPassword(ctx, requester, caller, o.currentPassword);
  const { id, secondFactor } = caller.account;
  requireCode(secondFactor, o.code);
  await assertSalesSettled(ctx, caller.account);
  const useSecondFactor = async (tx: Tx, account: Account) => {
    await lockCaller(tx, caller);
    if (requireCode(account.secondFactor, o.code)) await useCode(ctx, tx, account, o.code);
  };
  const work = () => ctx.pool.transaction((tx) => erase(ctx, tx, { id, requestedBy: id }, useSecondFactor));
  const erasure = await (secondFactor ? countWrongCodes(ctx, id, work) : work());
  if (!erasure) throw new ProblemError('unauthenticated', 'The account is erased already');
  return erasure;
}

/** Whether a code is to be looked at. Throws `second_factor_required` where there is none to look at. */
function requireCode(secondFactor: boolean, code: string | undefined): code is string {
  if (secondFactor && code === undefined) {
    throw new ProblemError('second_factor_required', 'Send a code of the authenticator app, or a recovery code');
  }
  return secondFactor;
}

/**
 * Erases the account of somebody else. Doing so again answers the erasure that there is. Whether the operator may do it is decided before
 * `order` is asked, and again on the rows as they are after the locks.
 */
export async function eraseAccount(ctx: Context, operatorId: string, id: string): Promise<Erasure> {
  if (operatorId === id)
    throw new ProblemError('conflict', 'Erase your own account on its own page, with its password');
  const mayErase = async (db: Db, account: Account) =>
    assertHoldsAllOf(await requireOperator(ctx, db, operatorId, 'accounts:write'), account);
  const account = await accountById(ctx.pool, id);
  if (account) {
    await mayErase(ctx.pool, account);
    await assertSalesSettled(ctx, account);
  }
  return ctx.pool.transaction(async (tx) => {
    const erasure = await erase(ctx, tx, { id, requestedBy: operatorId }, mayErase);
    return erasure ?? (await erasureOfAccount(tx, id)) ?? notFound('There is no such account');
  });
}

/** Erasures, newest first. */
export function listErasures(ctx: Context, page: Page): Promise<Erasure[]> {
  return pageOfErasures(ctx.pool, page);
}

export async function getErasure(ctx: Context, id: string): Promise<Erasure> {
  return (await erasureById(ctx.pool, id)) ?? notFound('There is no such erasure');
}

/** Announces an erasure again: every service does its part again, which changes nothing where it is done, and confirms. */
export async function repeatErasure(ctx: Context, id: string): Promise<Erasure> {
  return ctx.pool.transaction(async (tx) => {
    const erasure = (await erasureById(tx, id)) ?? notFound('There is no such erasure');
    await publishEvents(tx, [accountErased(erasure)]);
    return erasure;
  });
}

/**
 * A seller with sales to send or to give money back for is asked to settle them first. An order that comes in between this question and
 * the erasure is sent by an operator: nothing of it is lost with the account.
 */
async function assertSalesSettled(ctx: Context, { id, role }: Account): Promise<void> {
  if (role === 'customer') return;
  const orders = await ctx.countUnsettledSales(id);
  if (orders === 0) return;
  throw new ProblemError(
    'account_not_settled',
    `${orders} ${orders === 1 ? 'order has' : 'orders have'} goods of this account that are not sent, or money that is not given back: settle them first`,
  );
}

/**
 * Deletes the account with all that refers to it, and announces it, in one transaction. Undefined: there is none. Changes of roles and
 * the admins are locked first, so that the last one cannot go with the one before; then the account, so that a session that is being
 * opened is waited for. `authorize` throws where it may not be done, on rows as they are then.
 */
async function erase(
  ctx: Context,
  tx: Tx,
  { id, requestedBy }: { id: string; requestedBy: string },
  authorize: (tx: Tx, account: Account) => Promise<void>,
): Promise<Erasure | undefined> {
  await lockStaff(tx);
  const admins = await lockActiveAdmins(tx);
  const account = await lockAccount(tx, id);
  if (!account) return undefined;
  await authorize(tx, account);
  if (account.role === 'admin' && admins.every((admin) => admin === id)) {
    throw new ProblemError('last_admin', 'This is the last operator of the shop: give somebody else the role first');
  }
  const { email, name, locale } = account;
  const contact: ErasedContact = { email, name, ...(locale && { locale }) };
  const erasure = {
    ...{ id: uuidv7(), accountId: id, guest: false, requestedBy, requestedAt: ctx.now() },
    contact: await ctx.encrypt(JSON.stringify(contact)),
  };
  const ended = await endSessions(tx, id);
  const keys = await apiKeyIds(tx, id);
  await deleteMailTokens(tx, id);
  await deleteAccount(tx, account);
  await insertErasure(tx, erasure);
  await publishEvents(tx, [
    ...sessionsRevoked(ended),
    ...keys.map((key) => sessionRevoked(key, id)),
    accountChanged(account),
    ...statusOf(account),
    accountErased(erasure),
  ]);
  return erasureById(tx, erasure.id);
}

/** The products of a seller go off sale, as after the loss of the role. */
const statusOf = (account: Account) =>
  account.role === 'customer'
    ? []
    : [accountStatusChanged({ ...account, role: 'customer', statusVersion: account.statusVersion + 1 })];

/** `guest`: the id is made of an e-mail address (`erase-guest.ts`). */
export function accountErased({
  id,
  accountId,
  guest,
  contact,
}: Pick<Erasure, 'id' | 'accountId' | 'guest' | 'contact'>) {
  const data: EventData<'account.erased.v1'> = {
    ...{ erasureId: id, accountId },
    ...(contact !== null && { contact }),
    ...(guest && { guest }),
  };
  const traceparent = currentTraceparent();
  return newEvent({ source: 'auth', type: 'account.erased.v1', subject: accountId, data, traceparent });
}

function notFound(detail: string): never {
  throw new ProblemError('not_found', detail);
}
