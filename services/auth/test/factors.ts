import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';
import { type Answer, type Auth, PASSWORD, type Someone } from './client.ts';

/** Somebody whose account has an authenticator app. */
export type WithApp = Someone & { secret: string; recoveryCodes: string[] };

/** The present time step. */
export const presentStep = (): number => Math.floor(Date.now() / 30_000);

/** The code that an app shows in a time step. */
export function codeOf(secret: string, step = presentStep()): Promise<string> {
  return createOTP(base32.decode(secret)).hotp(step);
}

/** A new account with an authenticator app. Its codes of now are good again, so that a test need not wait for the next one. */
export async function someoneWithApp(auth: Auth, o: { role?: string } = {}): Promise<WithApp> {
  return withApp(auth, await auth.someone(o));
}

/** Sets an authenticator app up for somebody. */
export async function withApp(auth: Auth, someone: Someone): Promise<WithApp> {
  const begun = await auth.post('two-factor/enable', {
    body: { currentPassword: PASSWORD },
    headers: someone.bearer,
  });
  const { secret } = begun.body;
  const confirmed = await auth.post('two-factor/confirm', {
    body: { code: await codeOf(secret) },
    headers: someone.bearer,
  });
  if (confirmed.status !== 200) throw new Error(`The second factor was answered ${confirmed.status}`);
  await forgetCodes(auth, someone.id);
  return { ...someone, secret, recoveryCodes: confirmed.body.recoveryCodes };
}

/** Lets codes that were used be good again: a test would have to wait for half a minute. */
export async function forgetCodes(auth: Auth, accountId: string): Promise<void> {
  await auth.pool.query({ text: 'update totp set last_step = 0 where account_id = $1', values: [accountId] });
}

export const passwordStep = (auth: Auth, email: string, headers: Record<string, string> = {}): Promise<Answer> =>
  auth.post('sign-in/email', { body: { email, password: PASSWORD }, headers });

export const codeStep = (
  auth: Auth,
  challenge: string,
  code: string,
  headers: Record<string, string> = {},
): Promise<Answer> => auth.post('sign-in/second-factor', { body: { challenge, code }, headers });
