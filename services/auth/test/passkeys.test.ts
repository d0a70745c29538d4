import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Authenticator, createAuthenticator } from './authenticator.ts';
import { type Answer, type Auth, PASSWORD, type Someone, startAuth } from './client.ts';
import { codeOf, passwordStep, someoneWithApp } from './factors.ts';
import { mailsTo } from './mails.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth({ REQUIRE_SECOND_FACTOR: 'staff' });
});
afterAll(() => auth.stop());

const begin = (someone: Someone, currentPassword = PASSWORD) =>
  auth.post('passkeys/options', { body: { currentPassword }, headers: someone.bearer });
const finish = (someone: Someone, response: object, name = 'Telephone') =>
  auth.post('passkeys', { body: { name, response }, headers: someone.bearer });
const passkeysOf = async ({ bearer }: Someone) => (await auth.get('passkeys', bearer)).body.items;
const outcomes = (answers: Answer[]) => answers.map(({ status, body }) => (status < 300 ? 'ok' : body.code)).sort();

async function withPasskey(someone: Someone): Promise<Authenticator> {
  const key = createAuthenticator();
  const added = await finish(someone, key.create((await begin(someone)).body.challenge));
  if (added.status !== 201) throw new Error(`The passkey was answered ${added.status} ${JSON.stringify(added.body)}`);
  return key;
}

type Ceremony = Parameters<Authenticator['get']>[1];
const challenge = async (headers = {}) => (await auth.post('sign-in/passkey/options', { headers })).body.challenge;
const signIn = async (key: Authenticator, o: Ceremony = {}, by = challenge()) =>
  auth.post('sign-in/passkey', { body: { response: key.get(await by, o) } });

describe('adding a passkey', () => {
  test('needs the password, sends a mail, and is listed, renamed and removed', async () => {
    const someone = await auth.someone();
    expect((await begin(someone, 'a wrong passphrase')).body.code).toBe('invalid_credentials');
    const { body } = await begin(someone);
    expect(body).toMatchObject({
      rp: { id: 'localhost' },
      user: { name: someone.email },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
    const key = createAuthenticator();
    const added = await finish(someone, key.create(body.challenge));
    expect([added.status, added.body]).toMatchObject([201, { name: 'Telephone', lastUsedAt: null }]);
    await until(() => mailsTo(auth, someone.email, 'passkey_added').length === 1);
    const stranger = await auth.someone();
    const path = `passkeys/${added.body.id}`;
    const rename = (headers: object) => auth.ask('PATCH', path, { body: { name: 'Key' }, headers: { ...headers } });
    expect([(await rename(stranger.bearer)).status, (await rename(someone.bearer)).status]).toEqual([404, 200]);
    expect((await auth.ask('DELETE', path, { headers: stranger.bearer })).status).toBe(404);
    expect(await passkeysOf(someone)).toMatchObject([{ name: 'Key' }]);
    expect((await begin(someone)).body).toMatchObject({ excludeCredentials: [{ id: key.credentialId }] });
    expect((await auth.ask('DELETE', path, { headers: someone.bearer })).status).toBe(204);
    expect(await passkeysOf(someone)).toEqual([]);
    expect((await signIn(key)).body.code).toBe('passkey_not_valid');
  });

  test('refuses another origin, another site, no user verification, and a challenge of somebody else or used up', async () => {
    const [someone, stranger] = [await auth.someone(), await auth.someone()];
    const key = createAuthenticator();
    const refused: Ceremony[] = [{ origin: 'https://evil.example' }, { rpId: 'evil.example' }, { userVerified: false }];
    for (const o of refused) {
      const { challenge: one } = (await begin(someone)).body;
      expect([o, outcomes([await finish(someone, key.create(one, o))])]).toEqual([o, ['passkey_not_valid']]);
      expect(outcomes([await finish(someone, key.create(one))])).toEqual(['challenge_not_valid']);
    }
    const theirs = (await begin(stranger)).body.challenge;
    expect(outcomes([await finish(someone, key.create(theirs))])).toEqual(['challenge_not_valid']);
    const { challenge: own } = (await begin(someone)).body;
    const twice = [createAuthenticator(), createAuthenticator()].map((one) => finish(someone, one.create(own)));
    expect(outcomes(await Promise.all(twice))).toEqual(['challenge_not_valid', 'ok']);
    const again = await withPasskey(stranger);
    expect(outcomes([await finish(someone, again.create((await begin(someone)).body.challenge))])).toEqual([
      'conflict',
    ]);
    expect(outcomes([await finish(someone, key.create('none'))])).toEqual(['challenge_not_valid']);
  });
});

describe('signing in with a passkey', () => {
  test('opens a session without password and code, also where the account has an app', async () => {
    const someone = await someoneWithApp(auth);
    const key = await withPasskey(someone);
    const answer = await signIn(key);
    expect([answer.status, answer.body.user]).toMatchObject([200, { id: someone.id, email: someone.email }]);
    expect(answer.headers.getSetCookie()).toHaveLength(1);
    expect((await auth.get('get-session', { authorization: `Bearer ${answer.body.token}` })).status).toBe(200);
    expect(await passkeysOf(someone)).toMatchObject([{ lastUsedAt: expect.any(String) }]);
  });

  test('refuses what is not of this site, not verified, not of this key, or of a challenge used up', async () => {
    const someone = await auth.someone();
    const [key, other] = [await withPasskey(someone), createAuthenticator()];
    const forged = {
      ...other,
      get: (c: string) => ({ ...other.get(c), id: key.credentialId, rawId: key.credentialId }),
    };
    const answers = [
      await signIn(key, { origin: 'https://evil.example' }),
      await signIn(key, { rpId: 'evil.example' }),
      await signIn(key, { userVerified: false }),
      await signIn(other),
      await signIn(forged),
    ];
    expect(new Set(outcomes(answers))).toEqual(new Set(['passkey_not_valid']));
    const one = await challenge();
    const at = (by: string) => signIn(key, {}, Promise.resolve(by));
    const three = await Promise.all([at(one), at(one), at(one)]);
    expect(outcomes(three)).toEqual(['challenge_not_valid', 'challenge_not_valid', 'ok']);
    expect(outcomes([await at(await challenge({ 'x-forwarded-for': '198.51.100.7' }))])).toEqual([
      'challenge_not_valid',
    ]);
    const registration = (await begin(someone)).body.challenge;
    expect(outcomes([await at(registration)])).toEqual(['challenge_not_valid']);
  });

  test('refuses a counter that has not risen, of several at once all but one', async () => {
    const key = await withPasskey(await auth.someone());
    expect(outcomes([await signIn(key, { counter: 5 }), await signIn(key, { counter: 5 })])).toEqual([
      'ok',
      'passkey_not_valid',
    ]);
    const together = await Promise.all(Array.from({ length: 3 }, () => signIn(key, { counter: 6 })));
    expect(outcomes(together)).toEqual(['ok', 'passkey_not_valid', 'passkey_not_valid']);
  });

  test('keeps a banned account out', async () => {
    const someone = await auth.someone();
    const key = await withPasskey(someone);
    const admin = await someoneWithApp(auth, { role: 'admin' });
    await auth.ask('PUT', `admin/accounts/${someone.id}/ban`, { body: { reason: 'fraud' }, headers: admin.bearer });
    expect(outcomes([await signIn(key)])).toEqual(['account_suspended']);
  });
});

describe('staff who must have a second factor', () => {
  test('can only set it up before', async () => {
    const admin = await auth.someone({ role: 'admin' });
    for (const [method, path, body] of [
      ['GET', 'token', undefined],
      ['GET', 'sessions', undefined],
      ['GET', 'admin/accounts', undefined],
      ['GET', 'passkeys', undefined],
      ['POST', 'api-keys', { name: 'machine' }],
      ['POST', 'passkeys/options', { currentPassword: PASSWORD }],
      ['POST', 'change-password', { currentPassword: PASSWORD, newPassword: 'another fine passphrase' }],
      ['GET', '../admin/auth/messaging', undefined],
    ] as const) {
      const { status, body: refused } = await auth.ask(method, path, { body, headers: admin.bearer });
      expect([path, status, refused.code]).toEqual([path, 403, 'second_factor_not_set_up']);
    }
    expect((await auth.get('two-factor', admin.bearer)).body).toMatchObject({ enabled: false, required: true });
    expect((await auth.get('get-session', admin.bearer)).status).toBe(200);
    const body = { currentPassword: PASSWORD };
    const { secret } = (await auth.post('two-factor/enable', { body, headers: admin.bearer })).body;
    const code = await codeOf(secret);
    expect((await auth.post('two-factor/confirm', { body: { code }, headers: admin.bearer })).status).toBe(200);
    expect((await auth.get('token', admin.bearer)).status).toBe(200);
    expect((await auth.get('admin/accounts', admin.bearer)).status).toBe(200);
  });

  test('gives no access token for their API keys before, and leaves customers and sellers alone', async () => {
    const [seller, later] = [await auth.someone({ role: 'seller' }), await auth.someone()];
    const { key } = (await auth.post('api-keys', { body: { name: 'machine' }, headers: later.bearer })).body;
    expect((await auth.get('token', { authorization: `Bearer ${key}` })).status).toBe(200);
    await auth.pool.query({ text: `update user_account set role = 'admin' where id = $1`, values: [later.id] });
    const refused = await auth.get('token', { authorization: `Bearer ${key}` });
    expect([refused.status, refused.body.code]).toEqual([403, 'second_factor_not_set_up']);
    expect((await auth.get('token', seller.bearer)).status).toBe(200);
    expect((await passwordStep(auth, seller.email)).status).toBe(200);
  });
});
