import { deviceOf } from '../domain/device.ts';
import { addDevice, touchDevice } from '../store/known-devices.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context, Requester } from './context.ts';

/** What is stored of where an account signs in from. */
export function deviceHash({ userAgent, address }: Requester, accountId: string): string {
  return tokenHash(deviceOf(accountId, userAgent, address));
}

type Owner = { id: string; name: string; email: string; locale?: string | null | undefined };

/**
 * Notes where an account has just signed in from, and requests a mail if it is a browser or network that the account does not know. The
 * first one of an account, that of the sign-up, is known. One statement where it is known already.
 */
export async function noteSignIn(ctx: Context, requester: Requester, account: Owner): Promise<void> {
  if (await touchDevice(ctx.pool, account.id, deviceHash(requester, account.id))) return;
  await addUnknownDevice(ctx, requester, account);
}

/** The same, where the account was just found not to know it. */
export async function addUnknownDevice(ctx: Context, requester: Requester, account: Owner): Promise<void> {
  const device = deviceHash(requester, account.id);
  await ctx.pool.transaction(async (tx) => {
    if ((await addDevice(tx, account.id, device)) === 'new')
      await ctx.mails.newSignIn(tx, account, requester.userAgent);
  });
}
