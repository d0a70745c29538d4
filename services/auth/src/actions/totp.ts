import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { base32 } from '@better-auth/utils/base32';
import { createOTP } from '@better-auth/utils/otp';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import type { EncryptedSecret } from '../store/second-factors.ts';

/** What every authenticator app takes (RFC 6238): SHA-1, six digits, 30 seconds. */
const DIGITS = 6;
const PERIOD_SECONDS = 30;
/** Codes of so many steps before and after the present one are accepted: clocks differ, and people are slow. */
const WINDOW = 1;
/** 160 bits, as RFC 4226 recommends. */
const SECRET_BYTES = 20;

/** A new secret, in base32. */
export function newTotpSecret(): string {
  return base32.encode(randomBytes(SECRET_BYTES), { padding: false });
}

/** What an authenticator app reads from a QR code. Source: https://github.com/google/google-authenticator/wiki/Key-Uri-Format */
export function otpauthUri(secret: string, o: { issuer: string; email: string }): string {
  return createOTP(base32.decode(secret), { digits: DIGITS, period: PERIOD_SECONDS }).url(o.issuer, o.email);
}

/**
 * The code of a time step (RFC 4226, section 5.3). The library's function costs 0.07 ms for each, since it imports the key anew and goes
 * through the thread pool; the tests compare this one with it.
 */
function codeOfStep(key: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = digest.readUInt8(digest.length - 1) & 0x0f;
  const number = digest.readUInt32BE(offset) & 0x7fff_ffff;
  return String(number % 10 ** DIGITS).padStart(DIGITS, '0');
}

/** The time step that a code is of, if it is one of now and was not accepted before: later than `after`. */
export function stepOfCode(secret: string, code: string, o: { now: Date; after: number }): number | undefined {
  const key = base32.decode(secret);
  const present = Math.floor(o.now.getTime() / 1000 / PERIOD_SECONDS);
  let found: number | undefined;
  // All are compared, so that the time does not tell which it was.
  for (let step = present - WINDOW; step <= present + WINDOW; step++) {
    if (isEqual(codeOfStep(key, step), code) && step > o.after) found = step;
  }
  return found;
}

function isEqual(expected: string, code: string): boolean {
  return expected.length === code.length && timingSafeEqual(Buffer.from(expected), Buffer.from(code));
}

/** The name of the key that a secret of AUTH_SECRET makes. It tells nothing of the secret, which has 128 bits or more. */
export function secretKeyName(authSecret: string): string {
  return hash('sha256', `totp-key:${authSecret}`, 'base64url').slice(0, 16);
}

export async function encryptTotpSecret(secret: string, authSecret: string): Promise<EncryptedSecret> {
  return { secret: await symmetricEncrypt({ key: authSecret, data: secret }), secretKey: secretKeyName(authSecret) };
}

/** Tries each of the secrets. Throws if it is none of them: AUTH_SECRET was exchanged without the earlier one. */
export async function decryptTotpSecret(encrypted: string, authSecrets: readonly string[]): Promise<string> {
  for (const key of authSecrets) {
    const secret = await symmetricDecrypt({ key, data: encrypted }).catch(() => undefined);
    if (secret !== undefined) return secret;
  }
  throw new Error('The secret of an authenticator app cannot be decrypted with AUTH_SECRET or AUTH_PREVIOUS_SECRETS');
}
