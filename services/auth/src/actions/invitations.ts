import { randomBytes } from 'node:crypto';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import {
  deleteInvitation,
  type Invitation,
  invitationById,
  pageOfInvitations,
  putInvitation,
} from '../store/invitations.ts';
import { lockStaff, type RoleChoice } from '../store/staff-roles.ts';
import { tokenHash } from '../store/token-hash.ts';
import { countMail } from './attempts.ts';
import type { Context, Requester } from './context.ts';
import { assertHoldsAllOf, permissionsOfChoice, requireOperator } from './operators.ts';
import type { Page } from './sessions.ts';

/** How long the link in the mail is good. */
const INVITATION_SECONDS = 48 * 3600;
const TOKEN_BYTES = 32;

export function listInvitations(ctx: Context, page: Page): Promise<Invitation[]> {
  return pageOfInvitations(ctx.pool, page);
}

/**
 * Invites an address to a role by a mail with a link. Whether the address has an account is not looked at here. Nobody invites to
 * permissions that they do not hold. A second invitation of an address takes the place of the first.
 */
export async function invite(
  ctx: Context,
  requester: Requester,
  operatorId: string,
  { email, ...choice }: RoleChoice & { email: string },
): Promise<Invitation> {
  const address = email.toLowerCase();
  await countMail(ctx, requester, address);
  return ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    await assertMayGive(ctx, tx, operatorId, choice);
    return send(ctx, tx, { id: uuidv7(), email: address, choice, invitedBy: operatorId });
  });
}

/** Sends another mail, with a new link; the link of the mail before is no longer good. */
export async function resendInvitation(
  ctx: Context,
  requester: Requester,
  operatorId: string,
  id: string,
): Promise<Invitation> {
  const known = await invitationById(ctx.pool, id);
  if (!known) throw notFound();
  await countMail(ctx, requester, known.email);
  return ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    const invitation = await invitationById(tx, id);
    if (!invitation) throw notFound();
    await assertMayGive(ctx, tx, operatorId, invitation.choice);
    return send(ctx, tx, { ...invitation, invitedBy: operatorId });
  });
}

/** Withdraws an invitation: its link is no longer good. */
export function withdrawInvitation(ctx: Context, operatorId: string, id: string): Promise<void> {
  return ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    const invitation = await invitationById(tx, id);
    if (!invitation) throw notFound();
    await assertMayGive(ctx, tx, operatorId, invitation.choice);
    await deleteInvitation(tx, id);
  });
}

async function assertMayGive(ctx: Context, tx: Tx, operatorId: string, choice: RoleChoice): Promise<void> {
  const operator = await requireOperator(ctx, tx, operatorId, 'staff:write');
  assertHoldsAllOf(operator, await permissionsOfChoice(tx, choice));
}

async function send(
  ctx: Context,
  tx: Tx,
  wanted: Pick<Invitation, 'id' | 'email' | 'choice' | 'invitedBy'>,
): Promise<Invitation> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const sentAt = ctx.now();
  const expiresAt = new Date(sentAt.getTime() + INVITATION_SECONDS * 1000);
  const stored = await putInvitation(tx, { ...wanted, tokenHash: tokenHash(token), sentAt, expiresAt });
  await ctx.mails.invitation(tx, stored, token);
  return stored;
}

function notFound(): ProblemError {
  return new ProblemError('not_found', 'There is no such invitation');
}
