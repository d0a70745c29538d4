import { createHmac } from 'node:crypto';
import type { ErasedContact } from '@tradepost/contracts/events';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { publishEvents } from '../store/account-events.ts';
import { accountByEmail } from '../store/accounts.ts';
import { deleteInvitations } from '../store/erase-account.ts';
import { type Erasure, erasureOfAccount, insertErasure, renewErasure } from '../store/erasures.ts';
import type { Context } from './context.ts';
import { accountErased } from './erase-account.ts';
import { requireOperator } from './operators.ts';

/**
 * Erases what all services hold of an e-mail address without an account: orders that were placed as a guest, mails, invitations. The address
 * itself is stored nowhere: it travels encrypted, and the erasure has an id made of it. Doing so again announces the erasure again, also for
 * what has come since.
 */
export async function eraseGuest(ctx: Context, operatorId: string, typed: string): Promise<Erasure> {
  const email = typed.toLowerCase();
  const contact: ErasedContact = { email, name: '' };
  const encrypted = await ctx.encrypt(JSON.stringify(contact));
  const accountId = guestId(ctx.secrets[0], email);
  return ctx.pool.transaction(async (tx) => {
    await requireOperator(ctx, tx, operatorId, 'accounts:write');
    if (await accountByEmail(tx, email))
      throw new ProblemError('conflict', 'There is an account with this e-mail address: erase the account');
    await deleteInvitations(tx, email);
    const now = { requestedBy: operatorId, requestedAt: ctx.now(), contact: encrypted };
    // Of two requests at once, the second waits for the row of the first.
    const added = await insertErasure(tx, { id: uuidv7(), accountId, guest: true, ...now });
    if (!added) await renewErasure(tx, { accountId, ...now });
    const erasure = await erasureOfAccount(tx, accountId);
    if (!erasure) throw new Error('The erasure was written in this transaction');
    await publishEvents(tx, [accountErased(erasure)]);
    return erasure;
  });
}

/** The id of an erasure for its services: the same for one address, and nobody can tell the address from it. Version 8 of RFC 9562. */
function guestId(secret: string, email: string): string {
  const bytes = createHmac('sha256', secret).update(`erased-guest\n${email}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
