import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { tokenInCookie } from '../domain/cookies.ts';
import { type Credential, readCredential } from '../domain/credential.ts';
import { publishEvents, sessionsRevoked } from '../store/account-events.ts';
import { type EndedSession, endSession, endSessionByToken } from '../store/ended-sessions.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context, Requester } from './context.ts';

/** Ends the session that the request shows. One that has ended already is no error: it is what was wanted. */
export async function signOut(ctx: Context, requester: Requester): Promise<void> {
  const end = await ending(ctx, readCredential(requester, ctx.cookie.name));
  if (!end) return;
  await ctx.pool.transaction(async (tx) => {
    const ended = await end(tx);
    await publishEvents(tx, sessionsRevoked(ended));
  });
}

/** What ends the session of a credential; undefined if it cannot be one of ours (a cookie that was tampered with). */
async function ending(
  ctx: Context,
  credential: Credential | undefined,
): Promise<((tx: Tx) => Promise<EndedSession[]>) | undefined> {
  switch (credential?.kind) {
    case 'session':
      return (tx) => endSessionByToken(tx, tokenHash(credential.token));
    case 'cookie': {
      const token = tokenInCookie(credential.value, ctx.secrets);
      return token === undefined ? undefined : (tx) => endSessionByToken(tx, tokenHash(token));
    }
    case 'jwt': {
      const claims = await ctx.keys.verify(credential.jwt);
      if (claims) return (tx) => endSession(tx, claims.sid, claims.sub);
      break;
    }
  }
  throw new ProblemError('unauthenticated', 'There is no session to end: show its token or its cookie');
}
