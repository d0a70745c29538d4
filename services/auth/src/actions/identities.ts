import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { passwordHashOf } from '../store/credentials.ts';
import { type Identity, identitiesOf, insertIdentity, removeIdentity } from '../store/identities.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { checkPassword, lockCaller } from './current-password.ts';
import { beginAtProvider, finishAtProvider, type ProviderAnswer, providerById } from './provider-flow.ts';

const MAX_IDENTITIES = 10;

export type Identities = { items: Identity[]; hasPassword: boolean };

export async function listIdentities(ctx: Context, requester: Requester): Promise<Identities> {
  const { account } = await authenticate(ctx, requester);
  const [items, hash] = await Promise.all([identitiesOf(ctx.pool, account.id), passwordHashOf(ctx.pool, account.id)]);
  return { items, hasPassword: hash !== undefined };
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
  const caller = await authenticate(ctx, requester);
  const { account, session } = caller;
  const { provider, claims } = await finishAtProvider(ctx, requester, answer, session.id);
  const { issuer, name } = provider;
  return ctx.pool.transaction(async (tx) => {
    const locked = await lockCaller(tx, caller);
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
    await ctx.mails.factorsChanged(tx, locked, 'provider_connected', name);
    return added;
  });
}

/** The account keeps a password or another connection to sign in by. Of two at once, the second sees what the first has removed. */
export async function disconnect(ctx: Context, requester: Requester, id: string): Promise<void> {
  const caller = await authenticate(ctx, requester);
  const { account } = caller;
  await ctx.pool.transaction(async (tx) => {
    const locked = await lockCaller(tx, caller);
    const connected = await identitiesOf(tx, account.id);
    const removed = connected.find((identity) => identity.id === id);
    if (!removed) throw new ProblemError('not_found', 'There is no such connection');
    if (connected.length === 1 && (await passwordHashOf(tx, account.id)) === undefined) {
      throw new ProblemError(
        'conflict',
        'This is the only way to sign in: set a password first, by "Forgot password?"',
      );
    }
    await removeIdentity(tx, id, account.id);
    // A provider that is not in the settings any more is named by its issuer.
    const provider = ctx.providers.find(({ issuer }) => issuer === removed.issuer)?.name ?? removed.issuer;
    await ctx.mails.factorsChanged(tx, locked, 'provider_disconnected', provider);
  });
}

function notVerified(): ProblemError {
  return new ProblemError('conflict', 'Verify your e-mail address first');
}
