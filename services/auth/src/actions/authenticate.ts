import { hasPermission, type Permission } from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { lacksPermission } from '@tradepost/runtime/route-permission';
import { setSessionCookie, tokenInCookie } from '../domain/cookies.ts';
import { readCredential } from '../domain/credential.ts';
import { extendSession, type OpenSession, sessionById, sessionByToken } from '../store/sessions.ts';
import { tokenHash } from '../store/token-hash.ts';
import type { Context, Requester } from './context.ts';
import { requireSecondFactor } from './staff.ts';

/** Who asks, by a session. */
export type Caller = OpenSession & {
  /** The session token; undefined where an access token was shown. */
  token: string | undefined;
  /** To be sent along: the session has been extended, and with it its cookie. */
  setCookie?: string;
};

/** What else authenticates than a session of an account that has the factors that it must have. */
type Exceptions = {
  /** An access token of a session that is still open. */
  accessToken?: boolean;
  /** A session of an account that must set up a second factor first: for the routes by which it does so. */
  beforeSetup?: boolean;
  /** A session in which an operator acts as the account. */
  acting?: boolean;
};

/**
 * Who asks, by a session token or its cookie. Throws `unauthenticated` or `second_factor_not_set_up`; and `forbidden` where an operator acts
 * as the account, unless the route accepts that: its password, address, factors, keys and sessions are not for an operator, and neither is
 * what is added to this service without a thought of it.
 */
export async function authenticate(ctx: Context, requester: Requester, o: Exceptions = {}): Promise<Caller> {
  const caller = await findCaller(ctx, requester, o);
  if (!o.beforeSetup) requireSecondFactor(ctx, caller.account);
  if (caller.session.operatorId === null || o.acting) return caller;
  throw new ProblemError('forbidden', 'An operator who acts as a customer may not do this');
}

async function findCaller(ctx: Context, requester: Requester, o: Exceptions): Promise<Caller> {
  const credential = readCredential(requester, ctx.cookie.name);
  if (!credential) throw new ProblemError('unauthenticated', 'Sign in first');
  switch (credential.kind) {
    case 'session':
      return open(ctx, credential.token, false);
    case 'cookie': {
      const token = tokenInCookie(credential.value, ctx.secrets);
      if (token === undefined) throw noSession();
      return open(ctx, token, true);
    }
    case 'jwt':
      if (o.accessToken) return byAccessToken(ctx, credential.jwt);
      throw new ProblemError(
        'unauthenticated',
        'An access token will not do here: show the session token or its cookie',
      );
    case 'api-key':
      throw new ProblemError('unauthenticated', 'An API key will not do here: show the session token or its cookie');
    case 'unknown':
      throw noSession();
  }
}

/** The same, for an operator with this permission. Throws `forbidden`. */
export async function authenticateOperator(
  ctx: Context,
  requester: Requester,
  permission: Permission,
): Promise<Caller> {
  const caller = await authenticate(ctx, requester);
  if (!hasPermission(caller.account, permission)) throw lacksPermission(permission);
  return caller;
}

async function open(ctx: Context, token: string, byCookie: boolean): Promise<Caller> {
  const found = await sessionByToken(ctx.pool, tokenHash(token));
  if (!found) throw noSession();
  const extended = isToBeExtended(ctx, found) && (await extendSession(ctx.pool, found.session.id, ctx.sessionSeconds));
  if (!extended) return { ...found, token };
  const caller = { ...found, session: extended, token };
  return byCookie ? { ...caller, setCookie: setSessionCookie(ctx.cookie, token, ctx.secrets[0]) } : caller;
}

function isToBeExtended(ctx: Context, { session }: OpenSession): boolean {
  // A session in which an operator acts as a customer ends when it was to.
  if (session.operatorId !== null) return false;
  const extendedAt = session.expiresAt.getTime() - ctx.sessionSeconds * 1000;
  return extendedAt + ctx.refreshSeconds * 1000 <= ctx.now().getTime();
}

async function byAccessToken(ctx: Context, jwt: string): Promise<Caller> {
  const claims = await ctx.keys.verify(jwt);
  const found = claims && (await sessionById(ctx.pool, claims.sid));
  if (!found) throw noSession();
  return { ...found, token: undefined };
}

function noSession(): ProblemError {
  return new ProblemError('unauthenticated', 'The session has ended, or never was: sign in again');
}
