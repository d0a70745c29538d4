import { ProblemError } from '@tradepost/contracts/problem-error';
import { signedValue } from '../domain/cookies.ts';
import { hasPassword } from '../store/identities.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { withProblemErrors } from './better-auth-errors.ts';
import type { Context, Requester } from './context.ts';
import { headersFor } from './session-response.ts';
import { countWrongPasswords } from './sign-in.ts';

/**
 * Calls an endpoint of better-auth that checks the current password of the caller, with headers that show the session. Guesses count as
 * those at sign-in do.
 */
export async function callWithPassword<T>(
  ctx: Context,
  requester: Requester,
  { account, token }: Caller,
  call: (headers: Headers) => Promise<T>,
): Promise<T> {
  const cookie = `${ctx.cookie.name}=${signedValue(token ?? '', ctx.secrets[0])}`;
  const headers = headersFor(requester, { cookie });
  try {
    return await countWrongPasswords(ctx, requester, account.email, () => withProblemErrors(() => call(headers)));
  } catch (err) {
    if (err instanceof ProblemError && err.code === 'invalid_credentials')
      throw await wrongOrNone(ctx, account.id, err);
    // better-auth reports an unavailable database as a session that has ended. This tells them apart.
    if (err instanceof ProblemError && err.code === 'unauthenticated') {
      await authenticate(ctx, requester, { accessToken: false, beforeSetup: true });
      throw new ProblemError('unavailable', 'Please try again shortly', { cause: err });
    }
    throw err;
  }
}

/** An account that a sign-in provider made has no password that could be right. */
async function wrongOrNone(ctx: Context, accountId: string, wrong: ProblemError): Promise<ProblemError> {
  if (await hasPassword(ctx.pool, accountId)) return wrong;
  const detail = 'The account has no password yet: "Forgot password?" on the page of the sign-in sets one';
  return new ProblemError('unprocessable', detail, { errors: [{ field: '/currentPassword', message: detail }] });
}
