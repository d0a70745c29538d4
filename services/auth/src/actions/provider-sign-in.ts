import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { ProviderClaims } from '../domain/provider-claims.ts';
import type { Provider } from '../domain/providers.ts';
import { setEmailVerified } from '../store/account-changes.ts';
import { accountContactChanged, accountCreated, publishEvents } from '../store/account-events.ts';
import { type Account, insertAccount, lockAccount } from '../store/accounts.ts';
import { identityOfSubject, insertIdentity, recordIdentityUse } from '../store/identities.ts';
import { totpOf } from '../store/second-factors.ts';
import type { FirstFactor } from '../store/sign-in.ts';
import type { Context, Requester } from './context.ts';
import { noteSignIn } from './known-devices.ts';
import { openSession } from './open-session.ts';
import { finishAtProvider, type ProviderAnswer } from './provider-flow.ts';
import { secondFactorRequired } from './second-step.ts';
import type { OpenedSession } from './session-response.ts';

/**
 * Opens a session by an account at a provider. The first time it makes an account, if the provider says that the address is verified and
 * nobody has it here. An account that is here already is never connected by its address: whoever signed up with the address of somebody
 * else, or has it at a careless provider, would share the account. Its owner signs in and connects the provider. A second factor is asked
 * for as after a password.
 */
export async function signInByProvider(
  ctx: Context,
  requester: Requester,
  answer: ProviderAnswer,
): Promise<OpenedSession> {
  const { provider, claims } = await finishAtProvider(ctx, requester, answer);
  const entered = await ctx.pool.transaction(async (tx) => {
    const known = await knownAccount(tx, provider, claims);
    const account = known?.account ?? (await newAccount(tx, provider, claims));
    if (!known || !account.secondFactor) return openSession(ctx, tx, requester, account);
    const codeUses = (await totpOf(tx, account.id))?.uses ?? 0;
    return secondFactorRequired(ctx, requester, { accountId: account.id, factor: known.factor, codeUses });
  });
  if (entered instanceof ProblemError) throw entered;
  await noteSignIn(ctx, requester, entered.user);
  return entered;
}

/** Locked, as everybody locks it who changes its factors. A connection that was removed meanwhile is as good as none. */
async function knownAccount(
  tx: Tx,
  { issuer }: Provider,
  { subject }: ProviderClaims,
): Promise<{ account: Account; factor: FirstFactor } | undefined> {
  const identity = await identityOfSubject(tx, issuer, subject);
  const account = identity && (await lockAccount(tx, identity.accountId));
  if (!account || !(await recordIdentityUse(tx, identity.id))) return undefined;
  return { account, factor: { kind: 'identity', id: identity.id } };
}

async function newAccount(
  tx: Tx,
  { issuer, name: providerName }: Provider,
  { subject, email, emailVerified, name }: ProviderClaims,
): Promise<Account> {
  if (email === undefined || !emailVerified) {
    throw new ProblemError(
      'provider_email_not_verified',
      `${providerName} gives no verified e-mail address. Create an account by e-mail and password, then connect ${providerName} to it`,
    );
  }
  const id = uuidv7();
  const created = await insertAccount(tx, { id, name: name === '' ? email : name, email, role: 'customer' });
  if (!created) {
    throw new ProblemError(
      'email_taken',
      `There is an account with the e-mail address of this ${providerName} account: sign in to it, then connect ${providerName} on the page of your account`,
    );
  }
  const account = (await setEmailVerified(tx, id)) ?? created;
  if (!(await insertIdentity(tx, { id: uuidv7(), accountId: id, issuer, subject, email }))) {
    throw new ProblemError('conflict', 'This sign-in was just completed: sign in again');
  }
  await publishEvents(tx, [accountCreated(account), accountContactChanged(account)]);
  return account;
}
