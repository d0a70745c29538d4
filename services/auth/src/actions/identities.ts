import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { type Account, lockAccount } from '../store/accounts.ts';
import { hasPassword, type Identity, identitiesOf, insertIdentity, removeIdentity } from '../store/identities.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { beginAtProvider, finishAtProvider, type ProviderAnswer, providerById } from './provider-flow.ts';
import { checkPassword } from './second-factor.ts';

const MAX_IDENTITIES = 10;

export type Identities = { items: Identity[]; hasPassword: boolean };

export async function listIdentities(ctx: Context, requester: Requester): Promise<Identities> {
  const { account } = await authenticate(ctx, requester);
  const [items, has] = await Promise.all([identitiesOf(ctx.pool, account.id), hasPassword(ctx.pool, account.id)]);
  return { items, hasPassword: has };
}

/**
 * Begins to connect an account at a provider. It will sign in without the password, so the password is asked for; and only an account whose
 * address is verified can do it: somebody who signed up with the address of somebody else could keep a way in for the day when the owner
 * takes the account over by resetting the password.
 */
export async function beginConnecting(
  ctx: Context,
  requester: Requester,
  o: { provider: string; currentPassword: string },
): Promise<{ url: string; setCookie: string[] }> {
  const caller = await authenticate(ctx, requester);
  const { id } = providerById(ctx, o.provider);
  if (!caller.account.emailVerified) throw notVerified();
  await checkPassword(ctx, requester, caller, o.currentPassword);
  return beginAtProvider(ctx, requester, { provider: id, session: caller.session.id });
}

/** Finishes it, in the session in which it was begun. */
export async function finishConnecting(ctx: Context, requester: Requester, answer: ProviderAnswer): Promise<Identity> {
  const { account, session } = await authenticate(ctx, requester);
  const { provider, claims } = await finishAtProvider(ctx, requester, answer, session.id);
  const { issuer, name } = provider;
  return ctx.pool.transaction(async (tx) => {
    const locked = await lock(tx, account.id);
    if (!locked.emailVerified) throw notVerified();
    if ((await identitiesOf(tx, account.id)).length >= MAX_IDENTITIES) {
      throw new ProblemError(
        'conflict',
        `An account is connected ${MAX_IDENTITIES} times at most: disconnect one first`,
      );
    }
    const added = await insertIdentity(tx, {
      ...{ id: uuidv7(), accountId: account.id, issuer },
      ...{ subject: claims.subject, email: claims.email ?? null },
    });
    if (!added) throw new ProblemError('conflict', `This ${name} account is connected to an account already`);
    return added;
  });
}

/** The account keeps a password or another connection to sign in by. Of two at once, the second sees what the first has removed. */
export async function disconnect(ctx: Context, requester: Requester, id: string): Promise<void> {
  const { account } = await authenticate(ctx, requester);
  await ctx.pool.transaction(async (tx) => {
    await lock(tx, account.id);
    const connected = await identitiesOf(tx, account.id);
    if (!connected.some((identity) => identity.id === id))
      throw new ProblemError('not_found', 'There is no such connection');
    if (connected.length === 1 && !(await hasPassword(tx, account.id))) {
      throw new ProblemError(
        'conflict',
        'This is the only way to sign in: set a password first, by "Forgot password?"',
      );
    }
    await removeIdentity(tx, id, account.id);
  });
}

async function lock(tx: Tx, accountId: string): Promise<Account> {
  const account = await lockAccount(tx, accountId);
  if (!account) throw new ProblemError('unauthenticated', 'The account has just been removed');
  return account;
}

function notVerified(): ProblemError {
  return new ProblemError('conflict', 'Verify your e-mail address first');
}
