import { ProblemError } from '@tradepost/contracts/problem-error';
import { passwordCounts } from '../domain/attempts.ts';
import { clientOf } from '../domain/device.ts';
import { lockAccount } from '../store/accounts.ts';
import { consumeChallenge, issueChallenge, subjectOfChallenge } from '../store/challenges.ts';
import type { Context, Requester } from './context.ts';
import { noteSignIn } from './known-devices.ts';
import { openSession } from './open-session.ts';
import type { SignedIn } from './session-response.ts';
import { countWrongCodes, useCode } from './verify-code.ts';

const CHALLENGE_SECONDS = 300;

const challengeOf = ({ userAgent, address }: Requester, token: string) =>
  ({ purpose: 'second-factor', client: clientOf(userAgent, address), token }) as const;

/**
 * The problem that answers a sign-in by the right password of an account with a second factor. It opens no session: it has a challenge,
 * with which this client can show a code, for some minutes and once.
 */
export async function secondFactorRequired(ctx: Context, requester: Requester, accountId: string) {
  const { token, expiresAt } = await issueChallenge(ctx.pool, {
    ...challengeOf(requester, ''),
    subject: accountId,
    seconds: CHALLENGE_SECONDS,
  });
  return new ProblemError('second_factor_required', 'Send a code of the authenticator app, or a recovery code', {
    extra: { challenge: token, expiresAt: expiresAt.toISOString() },
  });
}

/**
 * Finishes a sign-in by a code. Challenge, code and session are one transaction: a wrong code does not use up the challenge, and of
 * several requests with one challenge or one code a single one opens a session.
 */
export async function finishSignIn(
  ctx: Context,
  requester: Requester,
  o: { challenge: string; code: string },
): Promise<SignedIn> {
  const challenge = challengeOf(requester, o.challenge);
  const accountId = await subjectOfChallenge(ctx.pool, challenge);
  if (accountId === undefined) throw challengeNotValid();
  const finish = () =>
    ctx.pool.transaction(async (tx) => {
      const account = await lockAccount(tx, accountId);
      if (!account || (await consumeChallenge(tx, challenge)) === undefined) throw challengeNotValid();
      // An operator may have removed the second factor meanwhile: the password, which was right, is enough then.
      if (account.secondFactor) await useCode(ctx, tx, account, o.code);
      return openSession(ctx, tx, requester, account);
    });
  const signedIn = await countWrongCodes(ctx, accountId, finish, ({ user }) =>
    passwordCounts(user.email, requester.address, ctx.passwordLimits),
  );
  await noteSignIn(ctx, requester, signedIn.user);
  return signedIn;
}

export function challengeNotValid(): ProblemError {
  return new ProblemError('challenge_not_valid', 'This took too long, or was completed already: sign in again');
}
