import { AccessClaims, TOKEN_AUDIENCE, TOKEN_ISSUER } from '@tradepost/contracts/roles';
import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto';
import { type CryptoKey, exportJWK, generateKeyPair, importJWK, jwtVerify, SignJWT } from 'jose';
import type { Logger } from 'pino';
import type { Static } from 'typebox';
import { Value } from 'typebox/value';
import { type KeySchedule, nextKey, retiredKeys, signingKey } from '../domain/key-schedule.ts';
import { allKeys, deleteKeys, insertKey, lockKeys, type PublicKey, type StoredKey } from '../store/signing-keys.ts';

/** A key as it is published (RFC 7517, RFC 8037). */
export type PublishedKey = PublicKey & { kid: string; alg: 'EdDSA'; use: 'sig' };

export type AccessTokenClaims = Static<typeof AccessClaims>;

/** The keys of access tokens: in the database, and here as they were last read. */
export type KeyRing = {
  /** `until`: when the session or key expires, and with it the token. */
  sign(claims: AccessTokenClaims, until?: Date | null): Promise<string>;
  /** The claims of an access token of ours that is good; undefined of any other. */
  verify(jwt: string): Promise<AccessTokenClaims | undefined>;
  published(): { keys: PublishedKey[] };
  /** Reads the keys, makes the next one when it is time, and removes those that are no longer needed. */
  refresh(): Promise<void>;
};

export type KeyRingOptions = {
  pool: Pool;
  /** The first encrypts new keys; all of them are tried on old ones. */
  secrets: readonly [string, ...string[]];
  schedule: KeySchedule;
  now(): Date;
  log: Logger;
};

/** A key that is published. It signs only if its private half could be decrypted. */
type Key = {
  id: string;
  signsFrom: Date;
  published: PublishedKey;
  publicKey: CryptoKey;
  privateKey: CryptoKey | undefined;
};

const ALGORITHM = 'EdDSA';

/** Call `refresh` before anything else. */
// Long: loading, rotating and signing share the state of one key ring
export function createKeyRing(o: KeyRingOptions): KeyRing {
  const { pool, schedule, now } = o;
  let keys: Key[] = [];

  /** Without one that can be used, as after a change of the secret, the next key signs at once. */
  const due = (list: readonly Key[]): Date | undefined => {
    const usable = list.filter((key) => key.privateKey);
    return nextKey(usable, now(), schedule);
  };

  const load = async (stored: readonly StoredKey[]): Promise<Key[]> => {
    const known = new Map(keys.filter((key) => key.privateKey).map((key) => [key.id, key]));
    return Promise.all(stored.map((key) => known.get(key.id) ?? openKey(key, o)));
  };

  const change = (): Promise<Key[]> =>
    pool.transaction(async (tx) => {
      await lockKeys(tx);
      const current = await load(await allKeys(tx));
      const retired = retiredKeys(current, now(), schedule);
      await deleteKeys(
        tx,
        retired.map((key) => key.id),
      );
      const left = current.filter((key) => !retired.includes(key));
      const signsFrom = due(current);
      if (!signsFrom) return left;
      const made = await makeKey(signsFrom, o.secrets[0]);
      await insertKey(tx, made);
      o.log.info({ kid: made.id, signsFrom }, 'signing key created');
      return [...left, await openKey(made, o)];
    });

  return {
    async refresh() {
      const current = await load(await allKeys(pool));
      const isSettled = !due(current) && retiredKeys(current, now(), schedule).length === 0;
      keys = isSettled ? current : await change();
    },
    async sign(claims, until) {
      const key = signingKey(
        keys.filter((one) => one.privateKey),
        now(),
      );
      if (!key?.privateKey) throw new Error('There is no key to sign with');
      const issuedAt = Math.floor(now().getTime() / 1000);
      const expiresAt = issuedAt + Math.floor(schedule.tokenMs / 1000);
      const latest = until ? Math.floor(until.getTime() / 1000) : expiresAt;
      return new SignJWT(claims)
        .setProtectedHeader({ alg: ALGORITHM, kid: key.id, typ: 'JWT' })
        .setIssuer(TOKEN_ISSUER)
        .setAudience(TOKEN_AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(Math.min(expiresAt, latest))
        .sign(key.privateKey);
    },
    async verify(jwt) {
      const find = ({ kid }: { kid?: string }): CryptoKey => {
        const key = keys.find((one) => one.id === kid);
        if (!key) throw new TypeError('No key of ours');
        return key.publicKey;
      };
      const checks = { issuer: TOKEN_ISSUER, audience: TOKEN_AUDIENCE, algorithms: [ALGORITHM], currentDate: now() };
      const payload = await jwtVerify(jwt, find, { ...checks, requiredClaims: ['sub', 'exp'] }).then(
        (verified): unknown => verified.payload,
        // Whatever is wrong with it, it is no token of ours.
        () => undefined,
      );
      return Value.Check(AccessClaims, payload) ? payload : undefined;
    },
    published: () => ({ keys: keys.map((key) => key.published) }),
  };
}

async function makeKey(signsFrom: Date, secret: string): Promise<StoredKey> {
  const pair = await generateKeyPair(ALGORITHM, { crv: 'Ed25519', extractable: true });
  const { kty, crv, x } = await exportJWK(pair.publicKey);
  if (kty === undefined || crv === undefined || x === undefined)
    throw new TypeError('An Ed25519 key has kty, crv and x');
  const privateKey = await symmetricEncrypt({ key: secret, data: JSON.stringify(await exportJWK(pair.privateKey)) });
  return { id: uuidv7(), publicKey: { kty, crv, x }, privateKey, signsFrom };
}

async function openKey(stored: StoredKey, o: Pick<KeyRingOptions, 'secrets' | 'log'>): Promise<Key> {
  const { id, publicKey, signsFrom } = stored;
  const privateKey = await decrypt(stored, o.secrets);
  if (!privateKey)
    o.log.error({ kid: id }, 'a signing key cannot be decrypted with AUTH_SECRET, and is only published');
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
