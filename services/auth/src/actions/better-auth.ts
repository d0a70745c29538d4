import type { Tx } from '@tradepost/postgres/db';
import { betterAuth } from 'better-auth/minimal';
import type { Logger } from 'pino';
import { setEmailVerified } from '../store/account-changes.ts';
import { accountChanged, accountContactChanged } from '../store/account-events.ts';
import { betterAuthAdapter } from '../store/better-auth-adapter.ts';
import type { BetterAuthStore } from '../store/better-auth-store.ts';
import { deleteMailTokens } from '../store/mail-tokens.ts';
import { betterAuthOptions } from './better-auth-options.ts';

/**
 * better-auth, over our tables. What of it is used: signing up, signing in, changing and resetting the password, and reading and
 * extending sessions; its endpoints are called as functions, and none is reachable by itself.
 */
export function createBetterAuth(o: {
  store: BetterAuthStore;
  log: Logger;
  options: Parameters<typeof betterAuthOptions>[0];
}) {
  const options = betterAuthOptions(o.options);
  const { store } = o;
  return betterAuth({
    ...options,
    emailAndPassword: {
      ...options.emailAndPassword,
      sendResetPassword: ({ user, token }) => store.write((tx) => store.mails.resetPassword(tx, user, token)),
      onPasswordReset: ({ user }) => store.write((tx) => afterReset(store, tx, user)),
    },
    database: betterAuthAdapter(store),
    logger: { level: 'warn', log: (level, message, ...details) => write(o.log, level, message, details) },
  });
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;

/** A password that was reset makes the other links useless, and shows that the mail with the link has arrived. */
async function afterReset(
  { announce, mails }: BetterAuthStore,
  tx: Tx,
  user: { id: string; name: string; email: string; locale?: string | null | undefined },
): Promise<void> {
  await deleteMailTokens(tx, user.id);
  const verified = await setEmailVerified(tx, user.id);
  if (verified) await announce(tx, [accountChanged(verified), accountContactChanged(verified)]);
  await mails.passwordChanged(tx, user);
}

/** It warns of every wrong password, which is nothing to wake anybody for. */
function write(log: Logger, level: string, message: string, details: unknown[]): void {
  const err = details.find((detail) => detail instanceof Error);
  log[level === 'error' ? 'warn' : 'debug']({ err }, `better-auth: ${message}`);
}
