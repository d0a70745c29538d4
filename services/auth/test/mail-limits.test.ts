import { Writable } from 'node:stream';
import { startService } from '@tradepost/testing/service';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authService } from '../src/service.ts';
import { type Auth, clientOf, MAIL_KEY, PASSWORD, SECRET, startAuth } from './client.ts';
import { mailsTo, tokenTo } from './mails.ts';

describe('mails that may be asked for', () => {
  let auth: Auth;
  beforeAll(async () => {
    auth = await startAuth({ MAILS_PER_RECIPIENT: 2, MAILS_PER_ADDRESS: 4 });
  });
  afterAll(() => auth.stop());

  const from = (address: string) => ({ 'x-forwarded-for': address });
  const request = (email: string, address: string) =>
    auth.post('request-password-reset', { body: { email }, headers: from(address) });

  test('are limited for each recipient, known or not, wherever they are asked from', async () => {
    const { email } = await auth.someone();
    for (const to of [email, 'nobody@example.com']) {
      const statuses = [];
      for (const n of [1, 2, 3]) statuses.push((await request(to, `198.51.100.${n}`)).status);
      expect(statuses).toEqual([202, 202, 429]);
    }
    await until(() => mailsTo(auth, email, 'reset_password').length === 2);
    const refused = await request(email, '198.51.100.9');
    expect([refused.body.code, Number(refused.headers.get('retry-after')) > 0]).toEqual(['rate_limited', true]);
  });

  test('are limited for each client address, for any recipients', async () => {
    const statuses = [];
    for (const n of [1, 2, 3, 4, 5]) statuses.push((await request(`p${n}@example.com`, '203.0.113.7')).status);
    expect(statuses).toEqual([202, 202, 202, 202, 429]);
  });

  test('are limited for the caller, who asks for the verification again', async () => {
    const { bearer } = await auth.someone();
    const statuses = [];
    for (const n of [1, 2, 3]) {
      const headers = { ...bearer, ...from(`192.0.2.${n}`) };
      statuses.push((await auth.post('send-verification-email', { headers })).status);
    }
    expect(statuses).toEqual([202, 202, 429]);
  });

  test('are limited for an account that names ever new addresses', async () => {
    const { bearer } = await auth.someone();
    const statuses = [];
    for (const n of [1, 2, 3]) {
      const body = { newEmail: `new-${n}@example.com`, currentPassword: PASSWORD };
      const headers = { ...bearer, ...from(`192.0.2.${10 + n}`) };
      statuses.push((await auth.post('change-email', { body, headers })).status);
    }
    expect(statuses).toEqual([202, 202, 429]);
  });
});

test('no address and no token is in the log', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const settings = { AUTH_SECRET: SECRET, MAIL_KEY, LOG_LEVEL: 'debug' };
  const service = await startService(authService, settings, { log: pino({ level: 'debug' }, stream) });
  const client = clientOf(service.url);
  // as: only what `mails.ts` reads of it.
  const auth = { ...service, ...client } as Auth;
  try {
    const email = 'somebody-to-be-kept-quiet@example.com';
    const signedUp = await client.post('sign-up/email', { body: { name: 'Some One', email, password: PASSWORD } });
    const headers = { authorization: `Bearer ${signedUp.body.token}` };
    const newEmail = 'another-to-be-kept-quiet@example.com';
    await client.post('sign-up/email', { body: { name: 'Some One', email, password: PASSWORD } });
    await client.post('change-email', { body: { newEmail, currentPassword: PASSWORD }, headers });
    await client.post('request-password-reset', { body: { email } });
    await client.post('request-password-reset', { body: { email: 'unknown-and-quiet@example.com' } });
    const tokens = [
      await tokenTo(auth, email, 'verify_email'),
      await tokenTo(auth, newEmail, 'confirm_new_email'),
      await tokenTo(auth, email, 'reset_password'),
    ];
    await client.post('verify-email', { body: { token: tokens[0] } });
    await client.post('confirm-new-email', { body: { token: tokens[1] } });
    await client.post('reset-password', { body: { token: tokens[2], newPassword: 'a new and fine passphrase' } });
    expect(lines.length).toBeGreaterThan(5);
    const log = lines.join('');
    for (const secret of ['quiet@example.com', ...tokens]) expect(log).not.toContain(secret);
  } finally {
    await service.stop();
  }
});
