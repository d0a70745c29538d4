import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, PASSWORD, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

const signIn = (email: string, password = PASSWORD) => auth.post('sign-in/email', { body: { email, password } });

describe('signing up', () => {
  test('makes a customer, signs in, and announces the account', async () => {
    const body = { name: 'Ada', email: 'Ada@Example.com', password: PASSWORD };
    const { status, body: answer, headers } = await auth.post('sign-up/email', { body });
    expect(status).toBe(200);
    expect(answer.user).toMatchObject({
      name: 'Ada',
      email: 'ada@example.com',
      role: 'customer',
      emailVerified: false,
    });
    expect(Object.keys(answer).sort()).toEqual(['token', 'user']);
    expect(Object.keys(answer.user).sort()).toEqual(
      ['createdAt', 'email', 'emailVerified', 'id', 'name', 'role', 'updatedAt'].sort(),
    );
    expect(answer.user.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(headers.get('cache-control')).toBe('no-store');
    const session = await auth.get('get-session', { authorization: `Bearer ${answer.token}` });
    expect(session.body.user).toEqual(answer.user);
    const event = await until(() => auth.events.find(({ subject }) => subject === answer.user.id));
    expect(event).toMatchObject({
      type: 'account.created.v1',
      source: '/auth',
      data: { accountId: answer.user.id, email: 'ada@example.com', name: 'Ada', role: 'customer' },
    });
  });

  test('answers that an address is taken, in any spelling', async () => {
    const { email } = await auth.someone();
    const body = { name: 'Other', email: email.toUpperCase(), password: PASSWORD };
    const { status, body: problem } = await auth.post('sign-up/email', { body });
    expect([status, problem.code, problem.errors[0]?.field]).toEqual([409, 'email_taken', '/email']);
  });

  test('of several at once for one address, one succeeds and the others get 409', async () => {
    const body = { name: 'Racer', email: 'racer@example.com', password: PASSWORD };
    const answers = await Promise.all(Array.from({ length: 6 }, () => auth.post('sign-up/email', { body })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    for (const { status, body: problem } of answers) if (status === 409) expect(problem.code).toBe('email_taken');
    const { rows } = await auth.pool.query<{ n: number }>({
      text: `select count(*) as n from user_account u join credential c on c.user_id = u.id where u.email = 'racer@example.com'`,
    });
    expect(rows[0]?.n).toBe(1);
    expect((await signIn('racer@example.com')).status).toBe(200);
  });

  test.each([
    ['short', 'short'],
    ['common', 'Password123'],
    ['the address', 'weak@example.com'],
    ['too long', 'long'.repeat(40)],
  ])('refuses a weak password: %s', async (_, password) => {
    const body = { name: 'Weak', email: 'weak@example.com', password };
    const answer = await auth.post('sign-up/email', { body });
    expect([answer.status, answer.body.code, answer.body.errors[0]?.field]).toEqual([
      422,
      'weak_password',
      '/password',
    ]);
  });

  test('nobody chooses a role, or anything else', async () => {
    for (const more of [{ role: 'admin' }, { banned: false }, { emailVerified: true }, { id: 'x' }, { image: 'x' }]) {
      const body = { name: 'Mallory', email: 'mallory@example.com', password: PASSWORD, ...more };
      const answer = await auth.post('sign-up/email', { body });
      expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
      expect(answer.body.errors[0]?.field).toBe(`/${Object.keys(more)[0]}`);
    }
    expect((await signIn('mallory@example.com')).status).toBe(401);
  });
});
