import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { type OptionalKind, optionalKinds, type Subscription } from '../domain/optional-mails.ts';
import { readUnsubscribeToken } from '../domain/unsubscribe-token.ts';
import { erasedAmong } from '../store/erased-subjects.ts';
import { lockSubjects } from '../store/locks.ts';
import { subscribeTo, unsubscribeFrom, unsubscriptionsOf } from '../store/unsubscriptions.ts';
import type { Context } from './context.ts';

/** Whether an account wants mails of each kind that it can do without. */
export type MailSettings = Record<OptionalKind, boolean>;

export async function readMailSettings({ pool }: Context, accountId: string): Promise<MailSettings> {
  const unwanted = (await unsubscriptionsOf(pool, [accountId])).get(accountId);
  const wants = (kind: OptionalKind) => !unwanted?.has(kind);
  return { new_order: wants('new_order'), low_stock: wants('low_stock') };
}

export async function changeMailSettings(ctx: Context, accountId: string, settings: MailSettings): Promise<void> {
  await changeSubscriptions(ctx, accountId, async (tx) => {
    await subscribeTo(
      tx,
      accountId,
      optionalKinds.filter((kind) => settings[kind]),
    );
    const unwanted = optionalKinds.filter((kind) => !settings[kind]);
    await unsubscribeFrom(tx, accountId, unwanted, ctx.now());
  });
}

/**
 * Ends the mails that the link in a mail is for; any number of times. Of an account that is erased nothing is written, and the answer is
 * the same. Throws `link_not_valid`.
 */
export async function unsubscribe(ctx: Context, token: string): Promise<Subscription> {
  const subscription = readUnsubscribeToken(ctx.unsubscribeKeys, token);
  if (!subscription) throw new ProblemError('link_not_valid', 'This is not the link of a mail of this shop');
  const { accountId, kind } = subscription;
  await changeSubscriptions(ctx, accountId, (tx) => unsubscribeFrom(tx, accountId, [kind], ctx.now()));
  return subscription;
}

/** With the account locked, so that a mail that is being written is either not written or withdrawn. */
function changeSubscriptions(ctx: Context, accountId: string, change: (tx: Tx) => Promise<void>): Promise<void> {
  return ctx.pool.transaction(async (tx) => {
    lockSubjects(tx, [accountId]);
    if (!(await erasedAmong(tx, [accountId])).has(accountId)) await change(tx);
  });
}
