import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reencryptTotpSecrets } from '../src/actions/second-factor.ts';
import { decryptTotpSecret } from '../src/actions/totp.ts';
import { tokenHash } from '../src/store/token-hash.ts';
import { type Auth, PASSWORD, SECRET, startAuth } from './client.ts';
import { codeOf, codeStep, forgetCodes, passwordStep, presentStep, someoneWithApp } from './factors.ts';
import { eventsOf, mailsTo, tokenTo } from './mails.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

const rowsOf = async (table: string, accountId: string) => {
  const { rows } = await auth.pool.query<Record<string, unknown>>({
    text: `select * from ${table} where account_id = $1`,
    values: [accountId],
  });
  return rows;
};
const sessionsOf = async (accountId: string) => {
  const text = 'select id from session where user_id = $1';
  return (await auth.pool.query({ text, values: [accountId] })).rowCount;
};
const outcomes = (answers: { status: number; body: { code: string } }[]) =>
  answers.map(({ status, body }) => (status === 200 ? 'ok' : body.code)).sort();

describe('setting up', () => {
  test('needs the password, and nothing changes before a first code', async () => {
    const { bearer, email } = await auth.someone();
    const begin = (currentPassword: string) =>
      auth.post('two-factor/enable', { body: { currentPassword }, headers: bearer });
    expect((await begin('a wrong passphrase')).body.code).toBe('invalid_credentials');
    const { body } = await begin(PASSWORD);
    expect(body.otpauthUri).toContain(`secret=${body.secret}`);
    expect(body.otpauthUri).toMatch(/^otpauth:\/\/totp\/localhost:/);
    expect((await passwordStep(auth, email)).status).toBe(200);
    const wrong = await auth.post('two-factor/confirm', { body: { code: '000000' }, headers: bearer });
    expect([wrong.status, wrong.body.code, wrong.body.errors[0]?.field]).toEqual([422, 'code_not_valid', '/code']);
    expect((await auth.get('two-factor', bearer)).body).toEqual({
      ...{ enabled: false, enabledAt: null, recoveryCodesLeft: 0, required: false },
    });
  });

  test('turns it on by a code, ends the other sessions, and sends a mail', async () => {
    const someone = await auth.someone();
    const { body: elsewhere } = await passwordStep(auth, someone.email);
    const { body } = await auth.post('two-factor/enable', {
      body: { currentPassword: PASSWORD },
      headers: someone.bearer,
    });
    const confirm = async () =>
      auth.post('two-factor/confirm', { body: { code: await codeOf(body.secret) }, headers: someone.bearer });
    const { recoveryCodes } = (await confirm()).body;
    expect(new Set(recoveryCodes).size).toBe(10);
    expect(recoveryCodes[0]).toMatch(/^([a-hjkmnp-tv-z2-9]{4}-){3}[a-hjkmnp-tv-z2-9]{4}$/);
    expect((await auth.get('get-session', someone.bearer)).status).toBe(200);
    expect((await auth.get('get-session', { authorization: `Bearer ${elsewhere.token}` })).status).toBe(401);
    expect((await auth.get('two-factor', someone.bearer)).body).toMatchObject({ enabled: true, recoveryCodesLeft: 10 });
    await until(() => mailsTo(auth, someone.email, 'second_factor_on').length === 1);
    expect((await confirm()).body.code).toBe('conflict');
    const again = await auth.post('two-factor/enable', {
      body: { currentPassword: PASSWORD },
      headers: someone.bearer,
    });
    expect([again.status, again.body.code]).toEqual([409, 'conflict']);
  });

  test('stores the secret encrypted and recovery codes as hashes', async () => {
    const { id, secret, recoveryCodes } = await someoneWithApp(auth);
    const [[totp], codes] = [await rowsOf('totp', id), await rowsOf('recovery_code', id)];
    expect(JSON.stringify([totp, codes])).not.toContain(secret);
    for (const code of recoveryCodes) {
      expect(JSON.stringify(codes)).not.toContain(code.replaceAll('-', ''));
      expect(JSON.stringify(codes)).not.toContain(code);
    }
    expect(codes).toHaveLength(10);
    expect(await decryptTotpSecret(String(totp?.secret), [SECRET])).toBe(secret);
  });
});

const signInAtOnce = (email: string, code: string, password = PASSWORD) =>
  auth.post('sign-in/email', { body: { email, password, code } });

describe('signing in', () => {
  test('asks for a code after the right password, and opens no session before it', async () => {
    const { id, email, secret } = await someoneWithApp(auth);
    const before = await sessionsOf(id);
    expect((await auth.post('sign-in/email', { body: { email, password: 'a wrong passphrase' } })).body.code).toBe(
      'invalid_credentials',
    );
    const first = await passwordStep(auth, email);
    expect([first.status, first.body.code, first.headers.getSetCookie()]).toEqual([403, 'second_factor_required', []]);
    expect(JSON.stringify(first.body)).not.toContain('token');
    expect(await sessionsOf(id)).toBe(before);
    const second = await codeStep(auth, first.body.challenge, await codeOf(secret));
    expect([second.status, second.body.user]).toMatchObject([200, { id, email }]);
    expect(second.headers.getSetCookie()).toHaveLength(1);
    expect((await auth.get('get-session', { authorization: `Bearer ${second.body.token}` })).status).toBe(200);
  });

  test('takes a code of the step before and after, and none of them twice', async () => {
    const { id, email, secret } = await someoneWithApp(auth);
    const start = presentStep();
    const attempt = async (ahead: number) =>
      (await codeStep(auth, (await passwordStep(auth, email)).body.challenge, await codeOf(secret, start + ahead)))
        .status;
    expect(await attempt(0)).toBe(200);
    // It was used; and a code before it might have been overheard before it was used.
    expect(await attempt(0)).toBe(422);
    expect(await attempt(-1)).toBe(422);
    expect(await attempt(1)).toBe(200);
    await forgetCodes(auth, id);
    expect([await attempt(3), await attempt(-3)]).toEqual([422, 422]);
  });

  test('takes a code in the request of the password, and looks at it after the password alone', async () => {
    const { id, email, secret, recoveryCodes } = await someoneWithApp(auth);
    const code = await codeOf(secret);
    const before = await sessionsOf(id);
    // A wrong password is answered as without a code, and does not use the code up.
    const wrong = await signInAtOnce(email, code, 'a wrong passphrase');
    const without = await auth.post('sign-in/email', { body: { email, password: 'a wrong passphrase' } });
    expect({ ...wrong.body, requestId: '' }).toEqual({ ...without.body, requestId: '' });
    expect(outcomes([await signInAtOnce(email, '000000')])).toEqual(['code_not_valid']);
    expect(await sessionsOf(id)).toBe(before);
    const right = await signInAtOnce(email, code);
    expect([right.status, right.body.user.id, right.headers.getSetCookie().length]).toEqual([200, id, 1]);
    expect(outcomes([await signInAtOnce(email, code)])).toEqual(['code_not_valid']);
    expect((await signInAtOnce(email, recoveryCodes[0] ?? '')).status).toBe(200);
    expect((await sessionsOf(id)) - before).toBe(2);
    const { email: other } = await auth.someone();
    expect((await signInAtOnce(other, code)).status).toBe(200);
  });

  test('of one code at once, by several challenges and with the password, opens one session', async () => {
    const { id, email, secret } = await someoneWithApp(auth);
    const steps = await Promise.all(Array.from({ length: 4 }, () => passwordStep(auth, email)));
    const before = await sessionsOf(id);
    const code = await codeOf(secret);
    const answers = await Promise.all([
      ...steps.slice(0, 2).map(({ body }) => codeStep(auth, body.challenge, code)),
      ...steps.slice(2).map(() => signInAtOnce(email, code)),
    ]);
    expect(outcomes(answers)).toEqual(['code_not_valid', 'code_not_valid', 'code_not_valid', 'ok']);
    expect((await sessionsOf(id)) - before).toBe(1);
  });

  test('of one challenge at once, with several good codes, opens one session', async () => {
    const { email, secret, recoveryCodes } = await someoneWithApp(auth);
    const { challenge } = (await passwordStep(auth, email)).body;
    const good = [await codeOf(secret), ...recoveryCodes.slice(0, 2)];
    const answers = await Promise.all(good.map((code) => codeStep(auth, challenge, code)));
    expect(outcomes(answers)).toEqual(['challenge_not_valid', 'challenge_not_valid', 'ok']);
    expect(outcomes([await codeStep(auth, challenge, recoveryCodes[3] ?? '')])).toEqual(['challenge_not_valid']);
  });

  test('of one recovery code at once opens one session, and sends a mail', async () => {
    const { email, bearer, recoveryCodes } = await someoneWithApp(auth);
    const steps = await Promise.all(Array.from({ length: 3 }, () => passwordStep(auth, email)));
    const typed = ` ${recoveryCodes[0]?.toUpperCase().replaceAll('-', ' ')}`;
    const answers = await Promise.all(steps.map(({ body }) => codeStep(auth, body.challenge, typed)));
    expect(outcomes(answers)).toEqual(['code_not_valid', 'code_not_valid', 'ok']);
    expect((await auth.get('two-factor', bearer)).body).toMatchObject({ recoveryCodesLeft: 9 });
    await until(() => mailsTo(auth, email, 'recovery_code_used').length === 1);
  });

  test('is bound to the client that began, and ends with a new password', async () => {
    const { id, email, secret } = await someoneWithApp(auth);
    const from = (userAgent: string, address: string) => ({ 'user-agent': userAgent, 'x-forwarded-for': address });
    const { challenge } = (await passwordStep(auth, email, from('Firefox/140', '203.0.113.7'))).body;
    const step = async (userAgent: string, address: string) =>
      (await codeStep(auth, challenge, await codeOf(secret), from(userAgent, address))).body.code;
    expect(await step('Chrome/142', '203.0.113.7')).toBe('challenge_not_valid');
    expect(await step('Firefox/140', '198.51.100.7')).toBe('challenge_not_valid');
    expect(await step('Firefox/141', '203.0.113.9')).toBeUndefined();
    await forgetCodes(auth, id);
    const next = (await passwordStep(auth, email)).body.challenge;
    await auth.post('request-password-reset', { body: { email } });
    const reset = { token: await tokenTo(auth, email, 'reset_password'), newPassword: 'a new and fine passphrase' };
    expect((await auth.post('reset-password', { body: reset })).status).toBe(200);
    expect((await codeStep(auth, next, await codeOf(secret))).body.code).toBe('challenge_not_valid');
    // A new password does not remove the second factor.
    const after = await auth.post('sign-in/email', { body: { email, password: reset.newPassword } });
    expect(after.body.code).toBe('second_factor_required');
  });

  test('keeps a banned account out at the second step', async () => {
    const { id, email, secret } = await someoneWithApp(auth);
    const { challenge } = (await passwordStep(auth, email)).body;
    const admin = await auth.someone({ role: 'admin' });
    await auth.ask('PUT', `admin/accounts/${id}/ban`, { body: { reason: 'fraud' }, headers: admin.bearer });
    expect((await codeStep(auth, challenge, await codeOf(secret))).body.code).toBe('account_suspended');
    expect(await sessionsOf(id)).toBe(0);
  });

  test('a challenge of somebody else, or of nobody, counts nothing', async () => {
    const someone = await someoneWithApp(auth);
    const { challenge } = (await passwordStep(auth, someone.email)).body;
    const stranger = await auth.someone();
    const forged = [challenge.replace(someone.id, stranger.id), challenge.slice(0, -2), 'A'.repeat(43)];
    for (const one of forged) expect((await codeStep(auth, one, '000000')).body.code).toBe('challenge_not_valid');
    const { rows } = await auth.pool.query<{ n: number }>({
      text: 'select count(*)::int as n from attempt where key = any($1) and count > 0',
      values: [[someone.id, stranger.id].map((id) => tokenHash(`code ${id}`))],
    });
    expect(rows).toEqual([{ n: 0 }]);
  });

  test('with a new password from a session keeps that session', async () => {
    const { bearer } = await someoneWithApp(auth);
    const body = { currentPassword: PASSWORD, newPassword: 'another fine passphrase' };
    const changed = await auth.post('change-password', { body, headers: bearer });
    expect((await auth.get('get-session', { authorization: `Bearer ${changed.body.token}` })).status).toBe(200);
  });
});

describe('wrong codes', () => {
  test('are counted for the account, many at once too, and then the right one is refused', async () => {
    const { id, email, secret, bearer } = await someoneWithApp(auth);
    const { challenge } = (await passwordStep(auth, email)).body;
    const guesses = await Promise.all(Array.from({ length: 14 }, () => codeStep(auth, challenge, '000000')));
    const refused = Array.from({ length: 4 }, () => 'rate_limited');
    expect(outcomes(guesses)).toEqual([...Array.from({ length: 10 }, () => 'code_not_valid'), ...refused]);
    const right = await codeStep(auth, challenge, await codeOf(secret), { 'x-forwarded-for': '198.51.100.9' });
    expect([right.status, right.body.code]).toEqual([422, 'challenge_not_valid']);
    const late = await codeStep(auth, challenge, await codeOf(secret));
    expect([late.status, Number(late.headers.get('retry-after')) > 0]).toEqual([429, true]);
    expect((await signInAtOnce(email, await codeOf(secret))).status).toBe(429);
    const off = { currentPassword: PASSWORD, code: await codeOf(secret) };
    expect((await auth.post('two-factor/disable', { body: off, headers: bearer })).status).toBe(429);
    expect((await auth.get('get-session', bearer)).status).toBe(200);
    await auth.pool.query({ text: 'delete from attempt' });
    await forgetCodes(auth, id);
    expect((await codeStep(auth, challenge, await codeOf(secret))).status).toBe(200);
  });
});

describe('later', () => {
  test('turning off needs password and code', async () => {
    const { id, email, bearer, recoveryCodes } = await someoneWithApp(auth);
    const [one = '', two = ''] = recoveryCodes;
    const off = (currentPassword: string, code: string) =>
      auth.post('two-factor/disable', { body: { currentPassword, code }, headers: bearer });
    expect((await off('a wrong passphrase', one)).body.code).toBe('invalid_credentials');
    expect((await off(PASSWORD, '000000')).body.code).toBe('code_not_valid');
    expect((await off(PASSWORD, one)).status).toBe(204);
    expect((await passwordStep(auth, email)).status).toBe(200);
    expect([await rowsOf('totp', id), await rowsOf('recovery_code', id)]).toEqual([[], []]);
    expect((await off(PASSWORD, two)).body.code).toBe('conflict');
    await until(() => mailsTo(auth, email, 'second_factor_off').length === 1);
  });

  test('new recovery codes replace the old ones', async () => {
    const { email, bearer, secret, recoveryCodes } = await someoneWithApp(auth);
    const body = { currentPassword: PASSWORD, code: await codeOf(secret) };
    const renewed = await auth.post('two-factor/recovery-codes', { body, headers: bearer });
    expect(renewed.body.recoveryCodes).toHaveLength(10);
    const { challenge } = (await passwordStep(auth, email)).body;
    expect((await codeStep(auth, challenge, recoveryCodes[0] ?? '')).body.code).toBe('code_not_valid');
    expect((await codeStep(auth, challenge, renewed.body.recoveryCodes[0] ?? '')).status).toBe(200);
  });

  test('an operator removes the factors of somebody else, who gets a mail', async () => {
    const [admin, someone] = [await auth.someone({ role: 'admin' }), await someoneWithApp(auth)];
    const remove = (id: string) => auth.ask('DELETE', `admin/accounts/${id}/second-factors`, { headers: admin.bearer });
    const pending = (await passwordStep(auth, someone.email)).body.challenge;
    expect((await remove(someone.id)).status).toBe(204);
    expect((await remove(someone.id)).status).toBe(204);
    expect((await remove(admin.id)).body.code).toBe('conflict');
    // Without a code it would open any number of sessions.
    expect((await codeStep(auth, pending, '000000')).body.code).toBe('challenge_not_valid');
    expect((await passwordStep(auth, someone.email)).status).toBe(200);
    await until(() => mailsTo(auth, someone.email, 'second_factor_removed').length === 1);
    expect(eventsOf(auth, someone.id, 'account.changed.v1').length).toBeGreaterThan(0);
    expect(mailsTo(auth, someone.email, 'second_factor_removed')).toHaveLength(1);
  });

  test('secrets are encrypted anew after a change of AUTH_SECRET', async () => {
    const { id, email, secret } = await someoneWithApp(auth);
    const next = 'the-next-secret-for-tests-0123456789-abcdefghij';
    const change = (secrets: [string, ...string[]]) => reencryptTotpSecrets({ pool: auth.pool, secrets });
    expect(await change([next, SECRET])).toBeGreaterThan(0);
    expect(await change([next, SECRET])).toBe(0);
    const [row] = await rowsOf('totp', id);
    expect(await decryptTotpSecret(String(row?.secret), [next])).toBe(secret);
    await change([SECRET, next]);
    const { challenge } = (await passwordStep(auth, email)).body;
    expect((await codeStep(auth, challenge, await codeOf(secret))).status).toBe(200);
  });
});
