import { ProblemError } from '@tradepost/contracts/problem-error';
import { readCredential } from '../domain/credential.ts';
import { holderOfKey, type KeyHolder, touchApiKey } from '../store/api-keys.ts';
import { tokenHash } from '../store/token-hash.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { requireSecondFactor } from './staff.ts';

/** How exactly it is known when an API key was last used: a write for each use would be too many. */
const TOUCH_AFTER_MS = 3_600_000;

/**
 * An access token in exchange for a session token, its cookie, or an API key. Not for another access token: one that was
 * stolen would last for ever. It expires with its session or key at the latest.
 */
export async function issueToken(ctx: Context, requester: Requester): Promise<{ token: string; setCookie?: string }> {
  const credential = readCredential(requester, ctx.cookie.name);
  if (credential?.kind === 'api-key') {
    const holder = await holderOfKey(ctx.pool, tokenHash(credential.key));
    if (!holder) throw new ProblemError('unauthenticated', 'The API key is not known, or not good any more');
    requireSecondFactor(ctx, holder);
    if (isToBeTouched(ctx, holder)) await touchApiKey(ctx.pool, holder.keyId);
    const { accountId: sub, keyId: sid, role, name, email, emailVerified: email_verified, expiresAt } = holder;
    return { token: await ctx.keys.sign({ sub, sid, role, name, email, email_verified }, expiresAt) };
  }
  const { session, account, setCookie } = await authenticate(ctx, requester);
  const { id: sub, role, name, email, emailVerified: email_verified } = account;
  const claims = { sub, sid: session.id, role, name, email, email_verified };
  const token = await ctx.keys.sign(claims, session.expiresAt);
  return setCookie === undefined ? { token } : { token, setCookie };
}

function isToBeTouched(ctx: Context, { lastUsedAt }: KeyHolder): boolean {
  return lastUsedAt === null || ctx.now().getTime() - lastUsedAt.getTime() > TOUCH_AFTER_MS;
}
