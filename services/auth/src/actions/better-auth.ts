import { betterAuth } from 'better-auth/minimal';
import type { Logger } from 'pino';
import { betterAuthAdapter } from '../store/better-auth-adapter.ts';
import type { BetterAuthStore } from '../store/better-auth-store.ts';
import { betterAuthOptions } from './better-auth-options.ts';

/**
 * better-auth, over our tables. What of it is used: signing up, the tokens that reset a password, and its hasher; its endpoints are called as
 * functions, and none is reachable by itself.
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
    },
    database: betterAuthAdapter(store),
    logger: { level: 'warn', log: (level, message, ...details) => write(o.log, level, message, details) },
  });
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;

/** It warns of every wrong password, which is nothing to wake anybody for. */
function write(log: Logger, level: string, message: string, details: unknown[]): void {
  const err = details.find((detail) => detail instanceof Error);
  log[level === 'error' ? 'warn' : 'debug']({ err }, `better-auth: ${message}`);
}
