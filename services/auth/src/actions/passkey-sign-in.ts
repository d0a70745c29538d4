import type { AuthenticationResponseJSON, PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import type { Tx } from '@tradepost/postgres/db';
import { passkeyCounts } from '../domain/attempts.ts';
import { clientOf } from '../domain/device.ts';
import { lockAccount } from '../store/accounts.ts';
import { takeBackAttempt } from '../store/attempts.ts';
import { consumeChallenge, issueChallenge } from '../store/challenges.ts';
import { passkeyByCredential, recordPasskeyUse } from '../store/passkeys.ts';
import { tokenHash } from '../store/token-hash.ts';
import { countAttempt } from './attempts.ts';
import type { Context, Requester } from './context.ts';
import { noteSignIn } from './known-devices.ts';
import { openSession } from './open-session.ts';
import { CEREMONY_SECONDS, challengeIn, throwPasskeyProblem } from './passkeys.ts';
import { challengeNotValid } from './second-step.ts';
import type { OpenedSession } from './session-response.ts';
import { loadWebAuthn } from './web-authn.ts';

/** Nobody is known before the passkey is shown. */
const NOBODY = 'nobody';

const challengeOf = ({ userAgent, address }: Requester, token: string) =>
  ({ purpose: 'passkey-sign-in', client: clientOf(userAgent, address), token }) as const;

/** What the browser asks an authenticator with: for any passkey of this shop. */
export async function beginPasskeySignIn(
  ctx: Context,
  requester: Requester,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  await countAttempt(ctx.pool, passkeyCounts(requester.address, ctx.passwordLimits), 'Too many sign-ins were begun');
  const { token } = await issueChallenge(ctx.pool, {
    ...challengeOf(requester, ''),
    subject: NOBODY,
    seconds: CEREMONY_SECONDS,
  });
  const { generateAuthenticationOptions } = await loadWebAuthn();
  return generateAuthenticationOptions({
    rpID: ctx.relyingParty.id,
    challenge: Buffer.from(token, 'base64url'),
    timeout: CEREMONY_SECONDS * 1000,
    userVerification: 'required',
  });
}

/**
 * Opens a session by a passkey. It is both factors: the device that has it, and what unlocks it there, which the authenticator must say
 * that it has checked. The challenge is used up first, also when the passkey is refused.
 */
export async function signInWithPasskey(
  ctx: Context,
  requester: Requester,
  response: AuthenticationResponseJSON,
): Promise<OpenedSession> {
  const expected = challengeIn(response.response.clientDataJSON);
  if ((await consumeChallenge(ctx.pool, challengeOf(requester, expected))) === undefined) throw challengeNotValid();
  const known = await passkeyByCredential(ctx.pool, response.id);
  if (!known) return throwPasskeyProblem();
  const signedIn = await ctx.pool.transaction(async (tx) => {
    // The account first, as everybody does who changes its factors; then the passkey as it is now.
    const account = await lockAccount(tx, known.accountId);
    if (!account) return throwPasskeyProblem();
    await verify(ctx, tx, response, expected);
    return openSession(ctx, tx, requester, account);
  });
  const counts = passkeyCounts(requester.address, ctx.passwordLimits);
  const keys = counts.map(({ subject }) => tokenHash(subject));
  await takeBackAttempt(ctx.pool, keys, []);
  await noteSignIn(ctx, requester, signedIn.user);
  return signedIn;
}

/** Checks the signature, and that the counter has risen where the authenticator counts: a copy of it would show. */
async function verify(ctx: Context, tx: Tx, response: AuthenticationResponseJSON, expected: string): Promise<void> {
  const passkey = await passkeyByCredential(tx, response.id);
  if (!passkey) return throwPasskeyProblem();
  const { credentialId: id, publicKey, counter, transports } = passkey;
  const { verifyAuthenticationResponse } = await loadWebAuthn();
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response,
    expectedChallenge: expected,
    expectedOrigin: ctx.relyingParty.origin,
    expectedRPID: ctx.relyingParty.id,
    credential: { id, publicKey: Buffer.from(publicKey, 'base64url'), counter, transports },
    requireUserVerification: true,
  }).catch(throwPasskeyProblem);
  if (!verified || !(await recordPasskeyUse(tx, passkey.id, authenticationInfo.newCounter))) throwPasskeyProblem();
}
