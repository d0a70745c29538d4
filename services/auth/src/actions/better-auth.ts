import type { Pool } from '@tradepost/postgres/pool';
import { betterAuth } from 'better-auth/minimal';
import type { Logger } from 'pino';
import type { PublishEvents } from '../store/account-events.ts';
import { betterAuthAdapter } from '../store/better-auth-adapter.ts';
import { betterAuthOptions } from './better-auth-options.ts';

/**
 * better-auth, over our tables. What of it is used: signing up, signing in, changing the password, and reading and
 * extending sessions; its endpoints are called as functions, and none is reachable by itself.
 */
export function createBetterAuth(o: {
  pool: Pool;
  announce: PublishEvents;
  log: Logger;
  options: Parameters<typeof betterAuthOptions>[0];
}) {
  return betterAuth({
    ...betterAuthOptions(o.options),
    database: betterAuthAdapter(o),
    logger: { level: 'warn', log: (level, message, ...details) => write(o.log, level, message, details) },
  });
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;

/** It warns of every wrong password, which is nothing to wake anybody for. */
function write(log: Logger, level: string, message: string, details: unknown[]): void {
  const err = details.find((detail) => detail instanceof Error);
  log[level === 'error' ? 'warn' : 'debug']({ err }, `better-auth: ${message}`);
}
