import type { PublicKeyCredentialCreationOptionsJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { consumeChallenge, issueChallenge } from '../store/challenges.ts';
import { deletePasskey, insertPasskey, type Passkey, passkeysOf, setPasskeyName } from '../store/passkeys.ts';
import { authenticate } from './authenticate.ts';
import type { Context, Requester } from './context.ts';
import { checkPassword, lockCaller } from './current-password.ts';
import { loadWebAuthn } from './web-authn.ts';

export const CEREMONY_SECONDS = 300;
const MAX_PASSKEYS = 20;
/** EdDSA, ES256 and RS256, which all browsers and Node.js have; the library would add those that Node.js calls experimental. */
const ALGORITHMS = [-8, -7, -257];

/** Only the session that began to add a passkey can finish. */
const challengeOf = (sessionId: string, token: string) =>
  ({ purpose: 'new-passkey', client: sessionId, token }) as const;

/** What the browser makes a passkey with. It must be found without a name, and asks its owner for a fingerprint, a face or a PIN. */
export async function beginPasskey(
  ctx: Context,
  requester: Requester,
  currentPassword: string,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const caller = await authenticate(ctx, requester);
  const { account, session } = caller;
  await checkPassword(ctx, requester, caller, currentPassword);
  const passkeys = await passkeysOf(ctx.pool, account.id);
  if (passkeys.length >= MAX_PASSKEYS) throw tooMany();
  const { token } = await issueChallenge(ctx.pool, {
    ...challengeOf(session.id, ''),
    subject: account.id,
    seconds: CEREMONY_SECONDS,
  });
  const { generateRegistrationOptions } = await loadWebAuthn();
  return generateRegistrationOptions({
    rpName: ctx.relyingParty.name,
    rpID: ctx.relyingParty.id,
    userID: Buffer.from(account.id),
    userName: account.email,
    userDisplayName: account.name,
    challenge: Buffer.from(token, 'base64url'),
    timeout: CEREMONY_SECONDS * 1000,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: passkeys.map(({ credentialId, transports }) => ({ id: credentialId, transports })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** Adds the passkey that the browser has made. Its challenge is used up, also when the passkey is refused. */
export async function addPasskey(
  ctx: Context,
  requester: Requester,
  { name, response }: { name: string; response: RegistrationResponseJSON },
): Promise<Passkey> {
  const caller = await authenticate(ctx, requester);
  const { account, session } = caller;
  const expected = challengeIn(response.response.clientDataJSON);
  if ((await consumeChallenge(ctx.pool, challengeOf(session.id, expected))) !== account.id) {
    throw new ProblemError('challenge_not_valid', 'This took too long: begin again');
  }
  const { id: rpId, origin } = ctx.relyingParty;
  const expectations = { expectedChallenge: expected, expectedOrigin: origin, expectedRPID: rpId };
  const checks = { response, ...expectations, requireUserVerification: true, supportedAlgorithmIDs: ALGORITHMS };
  const { verifyRegistrationResponse } = await loadWebAuthn();
  const { verified, registrationInfo } = await verifyRegistrationResponse(checks).catch(throwPasskeyProblem);
  if (!verified) throw throwPasskeyProblem();
  const { id: credentialId, publicKey, counter, transports = [] } = registrationInfo.credential;
  const key = { credentialId, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports };
  return ctx.pool.transaction(async (tx) => {
    await lockCaller(tx, caller);
    if ((await passkeysOf(tx, account.id)).length >= MAX_PASSKEYS) throw tooMany();
    const added = await insertPasskey(tx, { id: uuidv7(), accountId: account.id, name, ...key });
    if (!added) throw new ProblemError('conflict', 'This passkey is registered already');
    await ctx.mails.factorsChanged(tx, account, 'passkey_added');
    return added;
  });
}

export async function listPasskeys(ctx: Context, requester: Requester): Promise<Passkey[]> {
  const { account } = await authenticate(ctx, requester);
  return passkeysOf(ctx.pool, account.id);
}

export async function renamePasskey(ctx: Context, requester: Requester, id: string, name: string): Promise<Passkey> {
  const { account } = await authenticate(ctx, requester);
  return (await setPasskeyName(ctx.pool, { id, accountId: account.id, name })) ?? notFound();
}

export async function removePasskey(ctx: Context, requester: Requester, id: string): Promise<void> {
  const { account } = await authenticate(ctx, requester);
  if (!(await deletePasskey(ctx.pool, id, account.id))) notFound();
}

/** The challenge that a browser says it has signed; it is looked up, and so proves nothing yet. */
export function challengeIn(clientDataJSON: string): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString());
    const challenge = typeof parsed === 'object' && parsed !== null && 'challenge' in parsed ? parsed.challenge : '';
    return typeof challenge === 'string' ? challenge.slice(0, 200) : '';
  } catch {
    return '';
  }
}

/** For a passkey that does not verify; `cause` is the library's word on it. */
export function throwPasskeyProblem(cause?: unknown): never {
  throw new ProblemError('passkey_not_valid', 'The passkey is not known here, or was not used as it must be', {
    cause,
  });
}

function tooMany(): ProblemError {
  return new ProblemError('conflict', `An account has ${MAX_PASSKEYS} passkeys at most: remove one first`);
}

function notFound(): never {
  throw new ProblemError('not_found', 'There is no such passkey');
}
