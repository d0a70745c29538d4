import { createHmac, hash, timingSafeEqual } from 'node:crypto';

/**
 * A sign-in whose first factor was right, while it waits for the code: the token `challenge` of the problem `second_factor_required`. It is
 * signed with AUTH_SECRET and stored nowhere. It says whose sign-in it is, until when, what the first factor was, and how many codes the
 * account had used by then. The last two are compared with the database when a session is opened, under a lock: so a new password, a
 * disconnected provider and any code that was accepted meanwhile make it useless. `client` is part of the signature: only the client that has
 * begun can finish.
 */
export type PendingSignIn = {
  accountId: string;
  /** `hash`: of the stored hash of the password. */
  firstFactor: { kind: 'password'; hash: string } | { kind: 'identity'; id: string };
  /** `totp.uses` when it began. */
  codeUses: number;
  expiresAt: Date;
};

/** What a pending sign-in says of a password, which nobody can use to guess it: the stored hash is salted and is not in it. */
export const passwordMark = (passwordHash: string): string => hash('sha256', `password ${passwordHash}`, 'base64url');

export function signPendingSignIn(pending: PendingSignIn, client: string, secret: string): string {
  const { accountId, firstFactor, codeUses, expiresAt } = pending;
  const factor = firstFactor.kind === 'password' ? `p${firstFactor.hash}` : `i${firstFactor.id}`;
  const text = `${accountId}.${factor}.${codeUses}.${expiresAt.getTime()}`;
  return `${text}.${signatureOf(text, client, secret).toString('base64url')}`;
}

/** Undefined for one that was not signed with one of these secrets for this client, or that is over. */
export function readPendingSignIn(
  token: string,
  client: string,
  { secrets, now }: { secrets: readonly string[]; now: Date },
): PendingSignIn | undefined {
  const end = token.lastIndexOf('.');
  const [text, signature] = [token.slice(0, end), Buffer.from(token.slice(end + 1), 'base64url')];
  const isGenuine = secrets.some((secret) => {
    const expected = signatureOf(text, client, secret);
    return expected.length === signature.length && timingSafeEqual(expected, signature);
  });
  if (!isGenuine) return undefined;
  const [accountId = '', factor = '', codeUses, time] = text.split('.');
  const expiresAt = new Date(Number(time));
  if (!(expiresAt > now)) return undefined;
  const value = factor.slice(1);
  const firstFactor: PendingSignIn['firstFactor'] = factor.startsWith('p')
    ? { kind: 'password', hash: value }
    : { kind: 'identity', id: value };
  return { accountId, firstFactor, codeUses: Number(codeUses), expiresAt };
}

/** The words before it keep it apart from what else AUTH_SECRET signs. */
function signatureOf(text: string, client: string, secret: string): Buffer {
  return createHmac('sha256', secret).update(`pending-sign-in\n${client}\n${text}`).digest();
}
