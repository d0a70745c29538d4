import { ProblemError } from '@tradepost/contracts/problem-error';
import { numberUnsentBans, type Profile, takeUnannouncedContacts, updateProfile } from '../store/account-changes.ts';
import { accountChanged, accountContactChanged, accountStatusChanged, publishEvents } from '../store/account-events.ts';
import { type Account, type AccountFilter, accountByEmail, accountById, pageOfAccounts } from '../store/accounts.ts';
import type { Context } from './context.ts';
import type { Page } from './sessions.ts';

/** Accounts, newest first; with an e-mail address the one that has it. */
export async function listAccounts(
  ctx: Context,
  filter: AccountFilter & { email?: string | undefined },
  page: Page,
): Promise<Account[]> {
  if (filter.email === undefined) return pageOfAccounts(ctx.pool, filter, page);
  const found = await accountByEmail(ctx.pool, filter.email);
  if (!found || page.before !== undefined) return [];
  const matches =
    (filter.role === undefined || found.role === filter.role) &&
    (filter.banned === undefined || isBanned(found, ctx.now()) === filter.banned);
  return matches ? [found] : [];
}

export function isBanned(account: Account, now: Date): boolean {
  return account.banned && (account.banExpires === null || account.banExpires > now);
}

export async function getAccount(ctx: Context, id: string): Promise<Account> {
  return (await accountById(ctx.pool, id)) ?? notFound();
}

/** Changes the name of an account, or the language of its mails. */
export function changeProfile(ctx: Context, id: string, profile: Profile): Promise<Account> {
  return ctx.pool.transaction(async (tx) => {
    const account = (await updateProfile(tx, id, profile)) ?? notFound();
    await publishEvents(tx, [accountChanged(account), accountContactChanged(account)]);
    return account;
  });
}

const BATCH = 500;

/** Sends the bans from before `account.status-changed` was sent with each. Returns how many; none once that is done. */
export function sendEarlierBans(ctx: Pick<Context, 'pool'>): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const banned = await numberUnsentBans(tx, BATCH);
    await publishEvents(tx, banned.map(accountStatusChanged));
    return banned.length;
  });
}

/** Announces how to address the accounts from before `account.contact-changed` was sent. Returns how many; none once that is done. */
export function announceEarlierContacts(ctx: Pick<Context, 'pool'>): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const accounts = await takeUnannouncedContacts(tx, BATCH);
    await publishEvents(tx, accounts.map(accountContactChanged));
    return accounts.length;
  });
}

function notFound(): never {
  throw new ProblemError('not_found', 'There is no such account');
}
