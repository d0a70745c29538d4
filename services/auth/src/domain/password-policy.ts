import { commonPasswords } from './common-passwords.ts';

/** In characters (code points), as NIST SP 800-63B counts them. */
const MIN_PASSWORD = 8;
const MAX_PASSWORD = 128;

/** The form in which a password is hashed, so that it is the same from every keyboard. NIST SP 800-63B, 3.1.1.2. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/**
 * What is wrong with a password that somebody chooses, or undefined. There are no rules about kinds of characters: they
 * make passwords worse (NIST SP 800-63B, 3.1.1.2).
 */
export function passwordWeakness(password: string, account: { email: string; name: string }): string | undefined {
  const length = [...password].length;
  if (length < MIN_PASSWORD) return `must have at least ${MIN_PASSWORD} characters`;
  if (length > MAX_PASSWORD) return `must have at most ${MAX_PASSWORD} characters`;
  const plain = normalizePassword(password).toLowerCase();
  const [localPart = ''] = account.email.toLowerCase().split('@');
  if (plain === account.email.toLowerCase() || plain === localPart) return 'must not be the e-mail address';
  if (plain === normalizePassword(account.name).toLowerCase()) return 'must not be the name';
  if (isTrivial(plain) || commonPasswords.has(plain)) return 'is one of those that are tried first';
  return undefined;
}

/** A few characters again and again, or a run of neighbours on a keyboard or in the alphabet. */
function isTrivial(plain: string): boolean {
  if (/^(.{1,3})\1+$/u.test(plain) || new Set(plain).size < 3) return true;
  return RUNS.some((run) => run.includes(plain));
}

const RUNS = [
  '0123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb6yhn',
].flatMap((row) => {
  const twice = row + row;
  return [twice, [...twice].reverse().join('')];
});
