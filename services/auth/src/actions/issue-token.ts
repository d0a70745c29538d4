import { ProblemError } from '@tradepost/contracts/problem-error';
import { keyClaims, sessionClaims } from '../domain/claims.ts';
import { readCredential } from '../domain/credential.ts';
import { holderOfKey, touchApiKey } from '../store/api-keys.ts';
import { tokenHash } from '../store/token-hash.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { requireSecondFactor } from './staff.ts';

/** How exactly it is recorded when an API key was last used: a write for each exchange would be too many. */
const TOUCH_AFTER_SECONDS = 60;

/**
 * An access token in exchange for a session token, its cookie, or an API key. Not for another access token: one that was
 * stolen would last for ever. It expires with its session or key at the latest.
 */
export async function issueToken(ctx: Context, requester: Requester): Promise<{ token: string; setCookie?: string }> {
  const credential = readCredential(requester, ctx.cookie.name);
  if (credential?.kind === 'api-key') {
    const holder = await holderOfKey(ctx.pool, tokenHash(credential.key));
    if (!holder) throw new ProblemError('unauthenticated', 'The API key is not known, or not good any more');
    const { key, account } = holder;
    requireSecondFactor(ctx, account);
    if (isToBeTouched(ctx, key.lastUsedAt)) await touchApiKey(ctx.pool, key.id, TOUCH_AFTER_SECONDS);
    return { token: await ctx.keys.sign(keyClaims(account, key.id, key), key.expiresAt) };
  }
  const { session, account, setCookie } = await authenticate(ctx, requester, { acting: true });
  const token = await ctx.keys.sign(sessionClaims(account, session), session.expiresAt);
  return setCookie === undefined ? { token } : { token, setCookie };
}

function isToBeTouched(ctx: Context, lastUsedAt: Date | null): boolean {
  return lastUsedAt === null || ctx.now().getTime() - lastUsedAt.getTime() > TOUCH_AFTER_SECONDS * 1000;
}
