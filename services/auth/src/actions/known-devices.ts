import { deviceOf } from '../domain/device.ts';
import { addDevice, touchDevice } from '../store/known-devices.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context, Requester } from './context.ts';

/**
 * Notes where an account has just signed in from, and requests a mail if it is a browser or network that the account does not know. The
 * first one of an account, that of the sign-up, is known. One statement where it is known already.
 */
export async function noteSignIn(
  ctx: Context,
  requester: Requester,
  account: { id: string; name: string; email: string; locale?: string | null | undefined },
): Promise<void> {
  const { address, userAgent } = requester;
  const device = tokenHash(deviceOf(account.id, userAgent, address));
  if (await touchDevice(ctx.pool, account.id, device)) return;
  await ctx.pool.transaction(async (tx) => {
    if ((await addDevice(tx, account.id, device)) === 'new') await ctx.mails.newSignIn(tx, account, userAgent);
  });
}
