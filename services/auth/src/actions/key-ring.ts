import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import { type KeySchedule, nextKey, retiredKeys, signingKey } from '../domain/key-schedule.ts';
import { allKeys, deleteKeys, insertKey, lockKeys, type StoredKey } from '../store/signing-keys.ts';
import { type AccessTokenClaims, signAccessToken, verifyAccessToken } from './access-tokens.ts';
import { generateSigningKey, openSigningKey, type PublishedKey, type SigningKey } from './signing-key.ts';

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

/** Call `refresh` before anything else. */
export function createKeyRing(o: KeyRingOptions): KeyRing {
  const { pool, schedule, now } = o;
  let keys: SigningKey[] = [];

  /** Without one that can be used, as after a change of the secret, the next key signs at once. */
  const due = (list: readonly SigningKey[]): Date | undefined => {
    const usable = list.filter((key) => key.privateKey);
    return nextKey(usable, now(), schedule);
  };

  const load = async (stored: readonly StoredKey[]): Promise<SigningKey[]> => {
    const known = new Map(keys.filter((key) => key.privateKey).map((key) => [key.id, key]));
    return Promise.all(stored.map((key) => known.get(key.id) ?? openSigningKey(key, o.secrets, o.log)));
  };

  const change = (): Promise<SigningKey[]> =>
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
      const made = await generateSigningKey(signsFrom, o.secrets[0]);
      await insertKey(tx, made);
      o.log.info({ kid: made.id, signsFrom }, 'signing key created');
      return [...left, await openSigningKey(made, o.secrets, o.log)];
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
      const signWith = { id: key.id, privateKey: key.privateKey };
      return signAccessToken(claims, signWith, { now: now(), lifetimeMs: schedule.tokenMs, until });
    },
    verify: (jwt) => verifyAccessToken(jwt, keys, now()),
    published: () => ({ keys: keys.map((key) => key.published) }),
  };
}
