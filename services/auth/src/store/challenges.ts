import { randomBytes } from 'node:crypto';
import { type Db, sql } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { takingBack } from './attempts.ts';
import { tokenHash } from './token-hash.ts';

/**
 * What a sign-in or a new passkey is begun with and finished with once, some minutes later at most. Rows of `verification`, as the
 * tokens of links are: stored as hashes, and withdrawn by a new password. `client` is part of the hash, so that only the client that
 * has begun can finish.
 */
export type Challenge = {
  purpose: 'second-factor' | 'passkey-sign-in' | 'new-passkey' | 'provider';
  client: string;
  token: string;
};

/** What is stored of a challenge. */
export const challengeHash = ({ purpose, client, token }: Challenge): string =>
  tokenHash(`${purpose}:${client}:${token}`);

const inserting = `insert into verification (id, identifier, value, expires_at)
   values ($1, $2, $3, now() + $4 * interval '1 second') returning expires_at`;
const insert = sql('challenge.insert', inserting);
const insertAndTakeBack = sql(
  'challenge.insert-and-take-back',
  `with ${takingBack('$5', '$6')}, issued as (${inserting}) select expires_at from issued`,
);

/** Stores a new challenge for a subject: the account, where it is known. Takes attempts back in the same statement. */
export async function issueChallenge(
  db: Db,
  o: Omit<Challenge, 'token'> & { subject: string; seconds: number },
  attempts?: { keys: readonly string[]; cleared: readonly string[] },
): Promise<{ token: string; expiresAt: Date }> {
  const token = randomBytes(32).toString('base64url');
  const values = [uuidv7(), challengeHash({ ...o, token }), o.subject, o.seconds];
  const { rows } = await db.query<{ expires_at: Date }>(
    attempts ? insertAndTakeBack([...values, attempts.keys, attempts.cleared]) : insert(values),
  );
  const [row] = rows;
  if (!row) throw new Error('An insert returned no row');
  return { token, expiresAt: row.expires_at };
}

const consume = sql(
  'challenge.consume',
  'delete from verification where identifier = $1 returning value, expires_at > now() as is_good',
);

/** Uses up a challenge and gives whom it is for; undefined if it has expired, was used, or never was. Of several at once one wins. */
export async function consumeChallenge(db: Db, challenge: Challenge): Promise<string | undefined> {
  const { rows } = await db.query<{ value: string; is_good: boolean }>(consume([challengeHash(challenge)]));
  const [row] = rows;
  return row?.is_good ? row.value : undefined;
}
