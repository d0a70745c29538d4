import { randomBytes } from 'node:crypto';
import { type Db, sql } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { tokenHash } from './token-hash.ts';

/**
 * What a sign-in by passkey or provider, or a new passkey, is begun with and finished with once, some minutes later at most. Rows of `verification`, as the
 * tokens of links are: stored as hashes, and withdrawn by a new password. `client` is part of the hash, so that only the client that
 * has begun can finish.
 */
export type Challenge = {
  purpose: 'passkey-sign-in' | 'new-passkey' | 'provider';
  client: string;
  token: string;
};

const hashOf = ({ purpose, client, token }: Challenge): string => tokenHash(`${purpose}:${client}:${token}`);

const insert = sql(
  'challenge.insert',
  `insert into verification (id, identifier, value, expires_at) values ($1, $2, $3, now() + $4 * interval '1 second')`,
);

/** Stores a new challenge for a subject: the account, where it is known. Returns its token. */
export async function issueChallenge(
  db: Db,
  o: Omit<Challenge, 'token'> & { subject: string; seconds: number },
): Promise<{ token: string }> {
  const token = randomBytes(32).toString('base64url');
  await db.query(insert([uuidv7(), hashOf({ ...o, token }), o.subject, o.seconds]));
  return { token };
}

const consume = sql(
  'challenge.consume',
  'delete from verification where identifier = $1 returning value, expires_at > now() as is_good',
);

/** Uses up a challenge and gives whom it is for; undefined if it has expired, was used, or never was. Of several at once one wins. */
export async function consumeChallenge(db: Db, challenge: Challenge): Promise<string | undefined> {
  const { rows } = await db.query<{ value: string; is_good: boolean }>(consume([hashOf(challenge)]));
  const [row] = rows;
  return row?.is_good ? row.value : undefined;
}
