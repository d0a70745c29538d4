import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchGithubClaims } from '../src/actions/github.ts';
import { readAccountData } from '../src/store/account-export.ts';
import { type Answer, type Auth, PASSWORD, type Someone, startAuth } from './client.ts';
import { codeOf, codeStep, someoneWithApp } from './factors.ts';
import { eventsOf, mailsTo, published, tokenTo } from './mails.ts';
import { type OpenIdProvider, type Person, startOpenIdProvider } from './oidc.ts';

let auth: Auth;
let provider: OpenIdProvider;
beforeAll(async () => {
  provider = await startOpenIdProvider();
  const one = { id: 'company', name: 'Company', issuer: provider.issuer, clientId: 'shop' };
  // Nothing listens there.
  const gone = { id: 'gone', name: 'Gone', issuer: 'http://127.0.0.1:1', clientId: 'shop' };
  auth = await startAuth({
    SIGN_IN_PROVIDERS: JSON.stringify([one, gone]),
    SIGN_IN_PROVIDER_SECRETS: JSON.stringify({ company: provider.clientSecret, gone: provider.clientSecret }),
  });
});
afterAll(async () => {
  await auth?.stop();
  await provider?.stop();
});

const someone = (o: Partial<Person> = {}): Person => {
  const sub = randomUUID();
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Ada Lovelace', ...o };
};
const cookieIn = (answer: Answer): string =>
  answer.headers
    .getSetCookie()
    .find((cookie) => cookie.startsWith('tradepost.provider_sign_in='))
    ?.split(';', 1)[0] ?? '';
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

type Begun = { url: string; cookie: string };
async function begin(path = 'sign-in/provider', more: object = {}, headers = {}): Promise<Begun> {
  const answer = await auth.post(path, { body: { provider: 'company', ...more }, headers });
  if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body.detail}`);
  return { url: String(answer.body.url), cookie: cookieIn(answer) };
}
const finish = (begun: Begun, shown: object, path = 'sign-in/provider/finish', headers = {}) =>
  auth.post(path, { body: { provider: 'company', ...shown }, headers: { cookie: begun.cookie, ...headers } });

async function signIn(person: Person): Promise<Answer> {
  const begun = await begin();
  return finish(begun, await provider.visit(begun.url, person));
}
const connectWith = (who: Someone) => begin('identities', { currentPassword: PASSWORD }, who.bearer);
const finishConnecting = (begun: Begun, shown: object, who: Someone) =>
  finish(begun, shown, 'identities/finish', who.bearer);
async function connect(who: Someone, person: Person): Promise<Answer> {
  const begun = await connectWith(who);
  return finishConnecting(begun, await provider.visit(begun.url, person), who);
}
const verify = (id: string) =>
  auth.pool.query({ text: 'update user_account set email_verified = true where id = $1', values: [id] });

describe('signing in', () => {
  test('makes an account the first time, and is the same account later, with any address there', async () => {
    expect((await auth.get('providers')).body.items).toEqual([
      { id: 'company', name: 'Company' },
      { id: 'gone', name: 'Gone' },
    ]);
    const person = someone();
    const first = await signIn(person);
    expect(first.body.user).toMatchObject({ email: person.email, name: 'Ada Lovelace', emailVerified: true });
    const { id } = first.body.user;
    expect((await auth.get('get-session', bearer(first.body.token))).body.user.id).toBe(id);
    await published(auth);
    expect(eventsOf(auth, id, 'account.created.v1')).toHaveLength(1);
    expect(eventsOf(auth, id, 'account.contact-changed.v1')).toMatchObject([{ data: { emailVerified: true } }]);
    const later = await signIn({ ...person, email: 'another@example.com', email_verified: false });
    expect([later.status, later.body.user.id]).toEqual([200, id]);
    const { identities } = await readAccountData(auth.pool, id);
    expect(identities).toMatchObject([{ issuer: provider.issuer, subject: person.sub, email: person.email }]);
  });

  test('is finished by the browser that began, once, with the state and the code of that sign-in', async () => {
    const person = someone();
    const begun = await begin();
    const shown = await provider.visit(begun.url, person);
    const other = await begin();
    const wrong = [
      await finish({ ...begun, cookie: '' }, shown),
      await finish(other, shown),
      await finish(begun, { ...shown, state: 'x'.repeat(43) }),
    ];
    expect(wrong.map(({ status, body }) => [status, body.code])).toEqual(Array(3).fill([422, 'challenge_not_valid']));
    expect((await finish(begun, shown)).status).toBe(200);
    // The same again; and the code of that sign-in in another one, whose verifier is another.
    expect((await finish(begun, shown)).body.code).toBe('challenge_not_valid');
    const again = await provider.visit(other.url, person);
    expect((await finish(other, { ...again, code: shown.code })).body.code).toBe('provider_refused');
  });

  test('refuses an ID token with the nonce of another sign-in', async () => {
    const begun = await begin();
    const shown = await provider.visit(begun.url, someone());
    await auth.pool.query({
      text: `update verification set value = jsonb_set(value::jsonb, '{nonce}', '"another"')::text where value like '{%'`,
    });
    expect((await finish(begun, shown)).body.code).toBe('provider_refused');
  });

  test('says that a provider does not answer, and that there is none of this name', async () => {
    const gone = await auth.post('sign-in/provider', { body: { provider: 'gone' } });
    expect([gone.status, gone.body.code]).toEqual([502, 'provider_unavailable']);
    expect((await auth.post('sign-in/provider', { body: { provider: 'nobody' } })).status).toBe(404);
  });

  test('trusts no address that is not verified, and connects no account by its address', async () => {
    for (const person of [someone({ email_verified: false }), { sub: randomUUID() }]) {
      expect((await signIn(person)).body.code).toBe('provider_email_not_verified');
    }
    const { email, id } = await auth.someone();
    for (const prepare of [async () => undefined, () => verify(id)]) {
      await prepare();
      expect((await signIn(someone({ email }))).body.code).toBe('email_taken');
    }
  });

  test('asks for the second factor, and lets nobody in who is suspended', async () => {
    const who = await someoneWithApp(auth);
    await verify(who.id);
    const person = someone();
    expect((await connect(who, person)).status).toBe(200);
    const asked = await signIn(person);
    expect([asked.status, asked.body.code, asked.headers.getSetCookie()]).toEqual([403, 'second_factor_required', []]);
    const entered = await codeStep(auth, asked.body.challenge, await codeOf(who.secret));
    expect([entered.status, entered.body.user.id]).toEqual([200, who.id]);
    const other = someone();
    const { id } = (await signIn(other)).body.user;
    const admin = await auth.someone({ role: 'admin' });
    await auth.ask('PUT', `admin/accounts/${id}/ban`, { body: { reason: 'fraud' }, headers: admin.bearer });
    expect((await signIn(other)).body.code).toBe('account_suspended');
    // Erased: the provider makes a new account.
    expect((await auth.post(`admin/accounts/${id}/erasure`, { headers: admin.bearer })).status).toBe(202);
    const anew = await signIn(other);
    expect([anew.status, anew.body.user.id === id]).toEqual([200, false]);
  });
});

describe('connecting', () => {
  test('asks for a verified address and the password, in one session', async () => {
    const who = await auth.someone();
    const body = { provider: 'company', currentPassword: PASSWORD };
    const early = await auth.post('identities', { body, headers: who.bearer });
    expect([early.status, early.body.code]).toEqual([409, 'conflict']);
    await verify(who.id);
    const wrong = { ...body, currentPassword: 'not the password' };
    expect((await auth.post('identities', { body: wrong, headers: who.bearer })).body.code).toBe('invalid_credentials');
    const person = someone();
    const begun = await connectWith(who);
    const shown = await provider.visit(begun.url, person);
    const { token } = (await auth.post('sign-in/email', { body: { email: who.email, password: PASSWORD } })).body;
    expect((await finishConnecting(begun, shown, { ...who, bearer: bearer(token) })).body.code).toBe(
      'challenge_not_valid',
    );
    // Begun as connecting, it does not sign in; and the other way round.
    const second = await connectWith(who);
    expect((await finish(second, await provider.visit(second.url, person))).body.code).toBe('challenge_not_valid');
    const third = await begin();
    const visited = await provider.visit(third.url, person);
    expect((await finishConnecting(third, visited, who)).body.code).toBe('challenge_not_valid');

    expect((await connect(who, person)).body).toMatchObject({ provider: 'company', email: person.email });
    expect((await signIn(person)).body.user.id).toBe(who.id);
    const told = await until(() => mailsTo(auth, who.email, 'provider_connected')[0]);
    expect([told.provider, mailsTo(auth, who.email, 'provider_connected').length]).toEqual(['Company', 1]);
    const other = await auth.someone();
    await verify(other.id);
    expect((await connect(other, person)).body.code).toBe('conflict');
  });

  test('is undone, but the last way to sign in stays', async () => {
    const person = someone();
    const { token, user } = (await signIn(person)).body;
    const headers = bearer(token);
    const list = async () => (await auth.get('identities', headers)).body;
    const [identity] = (await list()).items;
    expect((await list()).hasPassword).toBe(false);
    const path = `identities/${identity?.id}`;
    expect((await auth.ask('DELETE', path, { headers })).body.code).toBe('conflict');
    expect((await auth.ask('DELETE', path, { headers: (await auth.someone()).bearer })).status).toBe(404);
    // What asks for the password says that there is none, and a forgotten password sets a first one.
    const erasing = await auth.post('erase-account', { body: { currentPassword: PASSWORD }, headers });
    expect([erasing.status, erasing.body.code]).toEqual([422, 'unprocessable']);
    await auth.post('request-password-reset', { body: { email: user.email } });
    const reset = { token: await tokenTo(auth, user.email, 'reset_password'), newPassword: PASSWORD };
    expect((await auth.post('reset-password', { body: reset })).status).toBe(200);
    const again = (await auth.post('sign-in/email', { body: { email: user.email, password: PASSWORD } })).body;
    expect((await auth.ask('DELETE', path, { headers: bearer(again.token) })).status).toBe(204);
    await until(() => mailsTo(auth, user.email, 'provider_disconnected').length === 1);
    expect((await signIn(person)).body.code).toBe('email_taken');
  });
});

describe('GitHub', () => {
  test('is asked for the account and its primary address', async () => {
    const person = { id: 583231, login: 'ada', name: null };
    let emails: unknown = [
      { email: 'old@example.com', primary: false, verified: true },
      { email: 'Ada@example.com', primary: true, verified: true },
    ];
    const server = createServer((request, response) => {
      response.writeHead(request.headers.authorization === 'Bearer of-ada' ? 200 : 401);
      response.end(JSON.stringify(request.url === '/user' ? person : emails));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    // as: a server that listens on a port has an address of this kind.
    const ask = (token: string) =>
      fetchGithubClaims(token, 3000, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const claims = { subject: '583231', email: 'ada@example.com', emailVerified: true, name: 'ada' };
    expect(await ask('of-ada')).toEqual(claims);
    emails = [{ email: 'ada@example.com', primary: true, verified: false }];
    expect(await ask('of-ada')).toEqual({ ...claims, emailVerified: false });
    await expect(ask('of-nobody')).rejects.toThrow('401');
    emails = { message: 'something else' };
    await expect(ask('of-ada')).rejects.toMatchObject({ code: 'provider_unavailable' });
    server.close();
  });
});
