import { uuidv7 } from '@tradepost/postgres/uuid';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose';
import type { Logger } from 'pino';
import type { PublicKey, StoredKey } from '../store/signing-keys.ts';

/** A key as it is published (RFC 7517, RFC 8037). */
export type PublishedKey = PublicKey & { kid: string; alg: 'EdDSA'; use: 'sig' };

/** A key that is published. It signs only if its private half could be decrypted. */
export type SigningKey = {
  id: string;
  signsFrom: Date;
  published: PublishedKey;
  publicKey: CryptoKey;
  privateKey: CryptoKey | undefined;
};

/** Of the signatures (RFC 8037). */
export const ALGORITHM = 'EdDSA';

/** A new key, with its private half encrypted. */
export async function generateSigningKey(signsFrom: Date, secret: string): Promise<StoredKey> {
  const pair = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const { kty, crv, x } = await exportJWK(pair.publicKey);
  if (kty === undefined || crv === undefined || x === undefined)
    throw new TypeError('An Ed25519 key has kty, crv and x');
  const privateKey = await symmetricEncrypt({ key: secret, data: JSON.stringify(await exportJWK(pair.privateKey)) });
  return { id: uuidv7(), publicKey: { kty, crv, x }, privateKey, signsFrom };
}

/** Decrypts the private half of a stored key. If none of the secrets does it, the key is only published. */
export async function openSigningKey(stored: StoredKey, secrets: readonly string[], log: Logger): Promise<SigningKey> {
  const { id, publicKey, signsFrom } = stored;
  const privateKey = await decrypt(stored, secrets);
  if (!privateKey) log.error({ kid: id }, 'a signing key cannot be decrypted with AUTH_SECRET, and is only published');
  return {
    id,
    signsFrom,
    published: { ...publicKey, kid: id, alg: ALGORITHM, use: 'sig' },
    publicKey: await importKey(publicKey),
    privateKey,
  };
}

async function decrypt(stored: StoredKey, secrets: readonly string[]): Promise<CryptoKey | undefined> {
  for (const secret of secrets) {
    const text = await symmetricDecrypt({ key: secret, data: stored.privateKey }).catch(() => undefined);
    if (text !== undefined) return importKey(JSON.parse(text));
  }
  return undefined;
}

async function importKey(jwk: PublicKey): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALGORITHM);
  if (key instanceof Uint8Array) throw new TypeError('It is not an Ed25519 key');
  return key;
}
