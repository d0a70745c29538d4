import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Role } from '@tradepost/contracts/roles';
import type { Tx } from '@tradepost/postgres/db';
import { numberUnsentBans, setBan, setName, setRole, takeUnannouncedContacts } from '../store/account-changes.ts';
import {
  accountChanged,
  accountContactChanged,
  accountStatusChanged,
  sessionRevoked,
} from '../store/account-events.ts';
import {
  type Account,
  type AccountFilter,
  accountByEmail,
  accountById,
  lockAccount,
  pageOfAccounts,
} from '../store/accounts.ts';
import { apiKeyIds } from '../store/api-keys.ts';
import { endSessions } from '../store/ended-sessions.ts';
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

/** Changes the name of an account. */
export function renameAccount(ctx: Context, id: string, name: string): Promise<Account> {
  const write: Write = (tx) => setName(tx, id, name);
  return change(ctx, id, write, (account) => [accountChanged(account), accountContactChanged(account)]);
}

/** Gives an account a role. Nobody changes their own: the last admin could not undo it. */
export function assignRole(ctx: Context, adminId: string, id: string, role: Role): Promise<Account> {
  assertNotOneself(adminId, id);
  return changeStatus(ctx, id, (tx) => setRole(tx, id, role));
}

/**
 * Suspends an account, until a time or for good. Ends its sessions and revokes the access tokens of its sessions and API keys;
 * the keys themselves work again when the suspension ends.
 */
export function ban(
  ctx: Context,
  adminId: string,
  id: string,
  why: { reason: string; expires: Date | null },
): Promise<Account> {
  assertNotOneself(adminId, id);
  // So written, a moment that does not exist (a leap second) is refused as well.
  if (why.expires && !(why.expires > ctx.now())) {
    const message = 'must lie in the future';
    throw new ProblemError('validation_failed', 'One field is not valid', { errors: [{ field: '/until', message }] });
  }
  return changeStatus(ctx, id, async (tx) => {
    const banned = await setBan(tx, id, why);
    const ended = (await endSessions(tx, id)).map((session) => session.id);
    const keys = await apiKeyIds(tx, id);
    await ctx.announce(
      tx,
      [...ended, ...keys].map((one) => sessionRevoked(one, id)),
    );
    return banned;
  });
}

/** Lifts a suspension. */
export function unbanAccount(ctx: Context, id: string): Promise<Account> {
  return changeStatus(ctx, id, (tx) => setBan(tx, id, undefined));
}

const BATCH = 500;

/** Sends the bans from before `account.status-changed` was sent with each. Returns how many; none once that is done. */
export function sendEarlierBans(ctx: Pick<Context, 'pool' | 'announce'>): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const banned = await numberUnsentBans(tx, BATCH);
    await ctx.announce(tx, banned.map(accountStatusChanged));
    return banned.length;
  });
}

/** Announces how to address the accounts from before `account.contact-changed` was sent. Returns how many; none once that is done. */
export function announceEarlierContacts(ctx: Pick<Context, 'pool' | 'announce'>): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const accounts = await takeUnannouncedContacts(tx, BATCH);
    await ctx.announce(tx, accounts.map(accountContactChanged));
    return accounts.length;
  });
}

type Write = (tx: Tx) => Promise<Account | undefined>;

/** Changes what an account may do. */
function changeStatus(ctx: Context, id: string, write: Write): Promise<Account> {
  return change(ctx, id, write, (account) => [accountChanged(account), accountStatusChanged(account)]);
}

async function change(
  ctx: Context,
  id: string,
  write: Write,
  events = (account: Account): CloudEvent[] => [accountChanged(account)],
): Promise<Account> {
  return ctx.pool.transaction(async (tx) => {
    // Taken first, and by everybody: a session that is being opened is waited for, and then seen.
    if (!(await lockAccount(tx, id))) notFound();
    const account = (await write(tx)) ?? notFound();
    await ctx.announce(tx, events(account));
    return account;
  });
}

function assertNotOneself(adminId: string, id: string): void {
  if (adminId === id) throw new ProblemError('conflict', 'Nobody does this to their own account: ask another admin');
}

function notFound(): never {
  throw new ProblemError('not_found', 'There is no such account');
}
