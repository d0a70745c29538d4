import { hasPermission, isReadyMadeRole, readyMadeRoles } from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { setEmailVerified } from '../store/account-changes.ts';
import { accountContactChanged, accountCreated, publishEvents } from '../store/account-events.ts';
import { type Account, accountByEmail, accountById, insertAccount, lockAccount } from '../store/accounts.ts';
import { deleteInvitation, type Invitation, invitationByToken } from '../store/invitations.ts';
import { customRole, lockStaff } from '../store/staff-roles.ts';
import { tokenHash } from '../store/token-hash.ts';
import { changeRole } from './assign-role.ts';
import { authenticate } from './authenticate.ts';
import { linkNotValid } from './better-auth-errors.ts';
import type { Context, Requester } from './context.ts';
import { isBanned } from './manage-accounts.ts';
import { badField, holdsAllOf, permissionsOfChoice } from './operators.ts';
import type { OpenedSession } from './session-response.ts';
import { signIn } from './sign-in.ts';
import { assertStrongPassword } from './sign-up.ts';

/** What the page of the link shows. Whoever has the link reads the mails of the address, so they may know whether it has an account. */
export type ShownInvitation = Invitation & { roleName: string; hasAccount: boolean };

/** The invitation that a link is for. Throws `link_not_valid`. */
export async function lookUpInvitation(ctx: Context, token: string): Promise<ShownInvitation> {
  const invitation = await invitationByToken(ctx.pool, tokenHash(token));
  if (!invitation) throw linkNotValid();
  const account = await accountByEmail(ctx.pool, invitation.email);
  return { ...invitation, roleName: await nameOfRole(ctx, invitation), hasAccount: account !== undefined };
}

async function nameOfRole(ctx: Context, { choice: { role, staffRole } }: Invitation): Promise<string> {
  if (staffRole === undefined) return role;
  if (isReadyMadeRole(staffRole)) return readyMadeRoles[staffRole].name;
  return (await customRole(ctx.pool, staffRole))?.name ?? role;
}

/**
 * Accepts an invitation, once: of several at a time, one finds it. An address without an account gets one, with a name and a password,
 * and is signed in. The account of an address gets the role where its own session asks.
 */
export async function acceptInvitation(
  ctx: Context,
  requester: Requester,
  { token, name, password }: { token: string; name?: string | undefined; password?: string | undefined },
): Promise<{ account: Account; signedIn?: OpenedSession }> {
  const { email } = await lookUpInvitation(ctx, token);
  if (await accountByEmail(ctx.pool, email)) return { account: await acceptSignedIn(ctx, requester, token) };
  if (name === undefined) throw badField('/name', 'is required for a new account');
  if (password === undefined) throw badField('/password', 'is required for a new account');
  assertStrongPassword(password, { email, name }, '/password');
  const account = await acceptAnew(ctx, token, { email, name, password, locale: requester.locale });
  return { account, signedIn: await signIn(ctx, requester, { email, password }) };
}

async function acceptAnew(
  ctx: Context,
  token: string,
  { password, ...person }: { email: string; name: string; password: string; locale: Requester['locale'] },
): Promise<Account> {
  const { password: hasher } = await ctx.betterAuth.$context;
  // Before the transaction: it takes long.
  const passwordHash = await hasher.hash(password);
  return ctx.pool.transaction(async (tx) => {
    const invitation = await takeInvitation(ctx, tx, token);
    const ids = { id: uuidv7(), credentialId: uuidv7() };
    const created = await insertAccount(tx, { ...ids, ...person, role: 'customer', passwordHash });
    // Somebody has signed up with the address meanwhile: the invitation is still theirs, once they have signed in.
    if (!created || invitation.email !== person.email)
      throw new ProblemError('email_taken', 'The address has an account now');
    await publishEvents(tx, [accountCreated(created)]);
    return giveRole(tx, created, invitation);
  });
}

async function acceptSignedIn(ctx: Context, requester: Requester, token: string): Promise<Account> {
  const caller = await authenticate(ctx, requester);
  return ctx.pool.transaction(async (tx) => {
    const invitation = await takeInvitation(ctx, tx, token);
    const account = await lockAccount(tx, caller.account.id);
    if (!account || account.email !== invitation.email) {
      throw new ProblemError('conflict', 'The invitation is for another address: sign in with that account');
    }
    if (account.role === 'seller' || account.role === 'admin') {
      throw new ProblemError('conflict', `The account has the role ${account.role}: an operator changes it`);
    }
    return giveRole(tx, account, invitation);
  });
}

/** Uses up the invitation, while whoever invites may still give what it gives. */
async function takeInvitation(ctx: Context, tx: Tx, token: string): Promise<Invitation> {
  await lockStaff(tx);
  const invitation = await invitationByToken(tx, tokenHash(token));
  const operator = invitation && (await accountById(tx, invitation.invitedBy));
  if (!invitation || !operator || isBanned(operator, ctx.now())) throw linkNotValid();
  const given = await permissionsOfChoice(tx, invitation.choice);
  if (!hasPermission(operator, 'staff:write') || !holdsAllOf(operator, given)) throw linkNotValid();
  await deleteInvitation(tx, invitation.id);
  return invitation;
}

/** The mail has arrived at the address: it counts as verified. */
async function giveRole(tx: Tx, account: Account, { choice }: Invitation): Promise<Account> {
  const verified = await setEmailVerified(tx, account.id);
  if (verified) await publishEvents(tx, [accountContactChanged(verified)]);
  return changeRole(tx, account.id, choice);
}
