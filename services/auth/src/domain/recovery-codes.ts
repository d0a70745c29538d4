/** Letters and digits that nobody mixes up when they copy a code from paper: without i, l, o, u, 0 and 1; 30, so that a few bytes are left out. */
const ALPHABET = 'abcdefghjkmnpqrstvwxyz23456789';
const LENGTH = 16;
const GROUP = 4;

/** So many random bytes make a code, however many of them have to be left out (with all but certainty). */
export const RECOVERY_CODE_BYTES = 64;

/** A code such as `k7fm-2xqd-9hpt-vw3c`: 78 bits, far too long to be guessed, so that a plain hash of it can be stored. */
export function recoveryCodeOf(random: Uint8Array): string {
  // A byte that is no multiple's share is left out, or the first letters would come more often.
  const fair = Math.floor(256 / ALPHABET.length) * ALPHABET.length;
  const letters = [...random].filter((byte) => byte < fair).map((byte) => ALPHABET[byte % ALPHABET.length] ?? '');
  if (letters.length < LENGTH) throw new RangeError('More random bytes are needed');
  const groups = Array.from({ length: LENGTH / GROUP }, (_, i) => letters.slice(i * GROUP, (i + 1) * GROUP).join(''));
  return groups.join('-');
}

/** A code as it is hashed, however it was typed. */
export function plainRecoveryCode(typed: string): string {
  return typed.toLowerCase().replace(/[\s-]/g, '');
}

/** Is it a code of an authenticator app, not a recovery code? */
export const isTotpCode = (typed: string): boolean => /^\d{6}$/.test(typed.replace(/\s/g, ''));
