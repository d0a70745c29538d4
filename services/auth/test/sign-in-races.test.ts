import { randomBytes, randomUUID } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { insertAccount } from '../src/store/accounts.ts';
import { tokenHash } from '../src/store/token-hash.ts';
import { createAuthenticator } from './authenticator.ts';
import { type Answer, type Auth, PASSWORD, type Someone, startAuth } from './client.ts';
import { codeOf, codeStep, passwordStep, type WithApp, withApp } from './factors.ts';
import { type OpenIdProvider, startOpenIdProvider } from './oidc.ts';

/*
 * Every way to sign in, met by everything that is to keep it out. Both wait for the lock of the account, which the test holds, so that what
 * was read before the lock is out of date for the second one.
 */

const NEW = 'another fine passphrase';

let auth: Auth;
let provider: OpenIdProvider;
let admin: Someone;
let cheapHash: string;
beforeAll(async () => {
  provider = await startOpenIdProvider();
  auth = await startAuth({
    SIGN_IN_PROVIDERS: JSON.stringify([{ id: 'company', name: 'Company', issuer: provider.issuer, clientId: 'shop' }]),
    SIGN_IN_PROVIDER_SECRETS: JSON.stringify({ company: provider.clientSecret }),
  });
  // What is checked is the order, not the hash.
  cheapHash = await hash(PASSWORD, { memoryCost: 8, timeCost: 1, parallelism: 1 });
  admin = await auth.someone({ role: 'admin' });
});
afterAll(async () => {
  await auth?.stop();
  await provider?.stop();
});

/** Somebody with a session, and the factors that the way needs. */
type Subject = Someone & Pick<WithApp, 'secret' | 'recoveryCodes'>;
type Request = () => Promise<Answer>;
type Way = { app?: boolean; prepare(who: Subject): Promise<Request> };

const atOnce = (email: string, code?: string) =>
  auth.post('sign-in/email', { body: { email, password: PASSWORD, code } });
const challengeOf = async (answer: Promise<Answer>) => (await answer).body.challenge;

const ways: Record<string, Way> = {
  password: {
    prepare:
      async ({ email }) =>
      () =>
        atOnce(email),
  },
  'password with a code': {
    app: true,
    prepare:
      async ({ email, secret }) =>
      async () =>
        atOnce(email, await codeOf(secret)),
  },
  'password with a recovery code': {
    app: true,
    prepare:
      async ({ email, recoveryCodes }) =>
      async () =>
        atOnce(email, recoveryCodes[0]),
  },
  'password, then a code': {
    app: true,
    async prepare({ email, secret }) {
      const challenge = await challengeOf(passwordStep(auth, email));
      return async () => codeStep(auth, challenge, await codeOf(secret));
    },
  },
  'password, then a recovery code': {
    app: true,
    async prepare({ email, recoveryCodes }) {
      const challenge = await challengeOf(passwordStep(auth, email));
      return () => codeStep(auth, challenge, recoveryCodes[0] ?? '');
    },
  },
  passkey: {
    async prepare({ bearer }) {
      const key = createAuthenticator();
      const begun = await auth.post('passkeys/options', { body: { currentPassword: PASSWORD }, headers: bearer });
      const response = key.create(begun.body.challenge);
      await auth.post('passkeys', { body: { name: 'Key', response }, headers: bearer });
      const challenge = await challengeOf(auth.post('sign-in/passkey/options'));
      return () => auth.post('sign-in/passkey', { body: { response: key.get(challenge) } });
    },
  },
  provider: { prepare: beginByProvider },
  'provider, then a code': {
    app: true,
    async prepare(who) {
      const challenge = await challengeOf((await beginByProvider(who))());
      return async () => codeStep(auth, challenge, await codeOf(who.secret));
    },
  },
  'change of the password': {
    prepare:
      async ({ bearer }) =>
      () =>
        changePassword(bearer, 'a third fine passphrase'),
  },
};

async function atProvider(path: string, sub: string, body: object, headers = {}): Promise<Request> {
  const begun = await auth.post(path, { body: { provider: 'company', ...body }, headers });
  const cookie = begun.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  const shown = await provider.visit(String(begun.body.url), { sub });
  return () =>
    auth.post(`${path}/finish`, { body: { provider: 'company', ...shown }, headers: { cookie, ...headers } });
}

async function beginByProvider({ id, bearer }: Subject): Promise<Request> {
  await (await atProvider('identities', id, { currentPassword: PASSWORD }, bearer))();
  return atProvider('sign-in/provider', id, {});
}

const changePassword = (headers: Someone['bearer'], newPassword = NEW) =>
  auth.post('change-password', { body: { currentPassword: PASSWORD, newPassword }, headers });

/** What is to keep a way out. */
const changes: Record<string, (who: Subject, way: string) => Promise<Request>> = {
  'change of the password':
    async ({ bearer }) =>
    () =>
      changePassword(bearer),
  async 'reset of the password'({ id }) {
    const token = randomBytes(24).toString('base64url');
    const values = [uuidv7(), tokenHash(`reset-password:${token}`), id];
    const text = `insert into verification (id, identifier, value, expires_at) values ($1, $2, $3, now() + interval '1 hour')`;
    await auth.pool.query({ text, values });
    return () => auth.post('reset-password', { body: { token, newPassword: NEW } });
  },
  ban:
    async ({ id }) =>
    () =>
      auth.ask('PUT', `admin/accounts/${id}/ban`, { body: { reason: 'fraud' }, headers: admin.bearer }),
  async 'removal of the factor'({ id, bearer }, way) {
    if (!way.includes('provider'))
      return () => auth.ask('DELETE', `admin/accounts/${id}/second-factors`, { headers: admin.bearer });
    const [identity] = (await auth.get('identities', bearer)).body.items;
    return () => auth.ask('DELETE', `identities/${identity?.id}`, { headers: bearer });
  },
  erasure:
    async ({ id }) =>
    () =>
      auth.ask('POST', `admin/accounts/${id}/erasure`, { headers: admin.bearer }),
};

async function newSubject({ app = false }: Way): Promise<Subject> {
  const account = { id: uuidv7(), name: 'Some One', email: `${randomUUID()}@example.com` };
  const credential = { credentialId: uuidv7(), passwordHash: cheapHash };
  await auth.pool.transaction((tx) => insertAccount(tx, { ...account, ...credential, role: 'customer' }));
  await auth.pool.query({ text: 'update user_account set email_verified = true where id = $1', values: [account.id] });
  const { token } = (await atOnce(account.email)).body;
  const someone = { ...account, token, cookie: '', bearer: { authorization: `Bearer ${token}` } };
  return app ? withApp(auth, someone) : { ...someone, secret: '', recoveryCodes: [] };
}

/** Lets both requests come to the lock of the account, one after the other, and then go on in this order. */
function inOrder(accountId: string, first: Request, second: Request): Promise<[Answer, Answer]> {
  const text = 'select from user_account where id = $1 for no key update';
  return inOrderAt({ text, values: [accountId] }, first, second);
}

/** The same at another lock. */
async function inOrderAt(
  lock: { text: string; values?: unknown[] },
  first: Request,
  second: Request,
): Promise<[Answer, Answer]> {
  let answers: [Promise<Answer>, Promise<Answer>] | undefined;
  await auth.pool.transaction(async (tx) => {
    await tx.query(lock);
    const one = first();
    await untilWaiting(1);
    answers = [one, second()];
    await untilWaiting(2);
  });
  if (!answers) throw new Error('Both were asked');
  return Promise.all(answers);
}

async function untilWaiting(wanted: number): Promise<void> {
  const text = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await until(async () => ((await auth.pool.query<{ n: number }>({ text })).rows[0]?.n ?? 0) >= wanted, {
    what: `${wanted} requests that wait for a lock`,
  });
}

const outcome = ({ status, body }: Answer) => (status < 300 ? 'ok' : body.code);
const isOpen = async ({ body }: Answer) =>
  (await auth.get('get-session', { authorization: `Bearer ${body.token}` })).status === 200;

/** What each way is answered that comes second, in the order of `changes`; '-' where there is nothing to remove. */
const second: Record<string, string[]> = {
  password: ['invalid_credentials', 'invalid_credentials', 'account_suspended', '-', 'invalid_credentials'],
  'password with a code': [
    'invalid_credentials',
    'invalid_credentials',
    'account_suspended',
    'ok',
    'invalid_credentials',
  ],
  'password with a recovery code': [
    ...['invalid_credentials', 'invalid_credentials', 'account_suspended', 'ok', 'invalid_credentials'],
  ],
  'password, then a code': [
    ...[
      'challenge_not_valid',
      'challenge_not_valid',
      'account_suspended',
      'challenge_not_valid',
      'challenge_not_valid',
    ],
  ],
  'password, then a recovery code': [
    ...[
      'challenge_not_valid',
      'challenge_not_valid',
      'account_suspended',
      'challenge_not_valid',
      'challenge_not_valid',
    ],
  ],
  passkey: ['ok', 'ok', 'account_suspended', 'passkey_not_valid', 'passkey_not_valid'],
  provider: ['ok', 'ok', 'account_suspended', 'provider_email_not_verified', 'provider_email_not_verified'],
  'provider, then a code': ['ok', 'ok', 'account_suspended', 'challenge_not_valid', 'challenge_not_valid'],
  'change of the password': ['unauthenticated', 'unauthenticated', 'unauthenticated', '-', 'unauthenticated'],
};

const pairs = Object.entries(second).flatMap(([way, expected]) =>
  Object.keys(changes).flatMap((change, i) =>
    expected[i] === '-' ? [] : [{ way, change, expected: expected[i] ?? '' }],
  ),
);

async function prepare(way: string, change: string): Promise<{ who: Subject; signIn: Request; keepOut: Request }> {
  const one = ways[way];
  const other = changes[change];
  if (!one || !other) throw new Error(`There is no ${way} or ${change}`);
  const who = await newSubject(one);
  const signIn = await one.prepare(who);
  return { who, signIn, keepOut: await other(who, way) };
}

test('all ways and all changes are met', () => {
  expect(Object.keys(second)).toEqual(Object.keys(ways));
});

describe('a sign-in that meets a change at the lock', () => {
  test.each(pairs)('$way, after $change: $expected', async ({ way, change, expected }) => {
    const { who, signIn, keepOut } = await prepare(way, change);
    const [changed, signedIn] = await inOrder(who.id, keepOut, signIn);
    expect([outcome(changed), outcome(signedIn)]).toEqual(['ok', expected]);
    if (expected === 'ok') expect(await isOpen(signedIn)).toBe(true);
    // The session from before, where it did not end, and that of the new password.
    const mine = [who.token, changed.body.token].filter(Boolean).map(tokenHash);
    const text = 'select from session where user_id = $1 and token_hash <> all($2)';
    const { rowCount } = await auth.pool.query({ text, values: [who.id, mine] });
    expect(rowCount).toBe(expected === 'ok' ? 1 : 0);
  });

  const ended = pairs.filter(({ way }) => way !== 'change of the password');
  test.each(ended)('$way, before $change', async ({ way, change }) => {
    const { who, signIn, keepOut } = await prepare(way, change);
    const [signedIn, changed] = await inOrder(who.id, signIn, keepOut);
    expect([outcome(signedIn), outcome(changed)]).toEqual(['ok', 'ok']);
    expect(await isOpen(signedIn)).toBe(change === 'removal of the factor');
  });

  // These note the device after the session is there, by a statement of its own.
  const noteLater = ['password with a recovery code', 'password, then a recovery code', 'passkey', 'provider'];
  test.each(noteLater)('%s, when the account is erased before its device is noted', async (way) => {
    const { who, signIn, keepOut } = await prepare(way, 'erasure');
    await auth.pool.query({ text: 'delete from known_device where account_id = $1', values: [who.id] });
    const lock = { text: 'lock table known_device in share row exclusive mode' };
    const [signedIn, erased] = await inOrderAt(lock, signIn, keepOut);
    expect([outcome(signedIn), outcome(erased)]).toEqual(['ok', 'ok']);
    expect(await isOpen(signedIn)).toBe(false);
  });
});
