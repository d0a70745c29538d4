import { hkdfSync } from 'node:crypto';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { Type } from 'typebox';

/** The setting of services that write such events; `notification` reads them with it. */
export const mailKey = {
  MAIL_KEY: Type.String({
    minLength: 32,
    description:
      'Encrypts in events what only `notification` may read: tokens of links, addresses of guests; the same for `auth`, `order` and `notification`',
  }),
};

/** Encrypts a text. The answer is a JWE in its compact form. */
export type EncryptText = (text: string) => Promise<string>;

/** Decrypts what `EncryptText` made. Throws where none of its secrets made it. */
export type DecryptText = (jwe: string) => Promise<string>;

/**
 * Encrypts what only one consumer of an event may read: tokens of links, addresses of guests. Outboxes, the broker and dead letters
 * hold it encrypted.
 *
 * `secret` has at least 32 characters; the key is made of it by HKDF-SHA256 (RFC 5869). The text becomes a JWE (RFC 7516) with
 * `dir` and `A256GCM`.
 */
export function eventEncryption(secret: string): EncryptText {
  const key = keyOf(secret);
  return (text) =>
    new CompactEncrypt(new TextEncoder().encode(text)).setProtectedHeader({ alg: 'dir', enc: 'A256GCM' }).encrypt(key);
}

/** Decrypts by the first of the secrets that fits; the others are earlier ones, which a rotation keeps for a while. */
export function eventDecryption(secrets: readonly [string, ...string[]]): DecryptText {
  const keys = secrets.map(keyOf);
  return async (jwe) => {
    for (const [n, key] of keys.entries()) {
      try {
        const options = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
        return new TextDecoder().decode((await compactDecrypt(jwe, key, options)).plaintext);
      } catch (err) {
        if (n === keys.length - 1) throw err;
      }
    }
    throw new Error('There is no secret to decrypt with');
  };
}

const keyOf = (secret: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', 'tradepost event encryption', 32));
