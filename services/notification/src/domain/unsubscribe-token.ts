import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { isOptional, type Subscription } from './optional-mails.ts';

/** The keys that sign the tokens of links that unsubscribe, made of `MAIL_KEY` and, during a rotation, of those before it. */
export type UnsubscribeKeys = readonly [Buffer, ...Buffer[]];

export function unsubscribeKeys(secret: string, earlier: readonly string[]): UnsubscribeKeys {
  const keyOf = (text: string) => Buffer.from(hkdfSync('sha256', text, '', 'tradepost unsubscribe', 32));
  return [keyOf(secret), ...earlier.map(keyOf)];
}

/**
 * The token of a link that unsubscribes (RFC 8058): whose mails of which kind, and a signature. It does not expire, since mails are read
 * late; all that it can do is to end these mails.
 */
export function unsubscribeToken([key]: UnsubscribeKeys, { accountId, kind }: Subscription): string {
  const subject = `${kind}.${accountId}`;
  return `${subject}.${sign(key, subject).toString('base64url')}`;
}

/** What a token is for; undefined for one that this shop did not sign. */
export function readUnsubscribeToken(keys: UnsubscribeKeys, token: string): Subscription | undefined {
  const [kind = '', accountId = '', signature = '', ...more] = token.split('.');
  const given = Buffer.from(signature, 'base64url');
  const isSigned = keys.some((key) => {
    const expected = sign(key, `${kind}.${accountId}`);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
  return isSigned && more.length === 0 && isOptional(kind) ? { kind, accountId } : undefined;
}

const sign = (key: Buffer, subject: string): Buffer => createHmac('sha256', key).update(subject).digest();
