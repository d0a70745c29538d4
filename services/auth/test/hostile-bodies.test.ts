import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, PASSWORD, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth({ SIGN_IN_FAILURES_PER_ADDRESS: 0 });
});
afterAll(() => auth.stop());

const good = { name: 'Eve', email: 'eve@example.com', password: PASSWORD };

async function accounts(): Promise<number> {
  const { rows } = await auth.pool.query<{ n: number }>({ text: 'select count(*) as n from user_account' });
  return rows[0]?.n ?? -1;
}

describe('a body that is not as it should be', () => {
  test.each([
    ['no e-mail', { ...good, email: undefined }, '/email'],
    ['an e-mail that is none', { ...good, email: 'eve' }, '/email'],
    ['an e-mail with a line break', { ...good, email: 'eve@example.com\nbcc: x@example.com' }, '/email'],
    ['an e-mail that is an object', { ...good, email: { $ne: null } }, '/email'],
    ['an e-mail that is a list', { ...good, email: ['eve@example.com'] }, '/email'],
    ['an e-mail that is too long', { ...good, email: `${'e'.repeat(250)}@example.com` }, '/email'],
    ['a password that is a number', { ...good, password: 12345678 }, '/password'],
    ['a password that is null', { ...good, password: null }, '/password'],
    ['a password that is huge', { ...good, password: 'p'.repeat(10_000) }, '/password'],
    ['a name of nothing', { ...good, name: '' }, '/name'],
    ['a name of blanks', { ...good, name: ' \u00a0 ' }, '/name'],
    ['a name with control characters', { ...good, name: 'Eve\r\nX: y' }, '/name'],
    ['a name with U+0000', { ...good, name: 'Eve\0' }, '/name'],
    ['a name with half a character', { ...good, name: 'Eve\ud800' }, '/name'],
    ['a name that is too long', { ...good, name: 'e'.repeat(101) }, '/name'],
    ['a field that is not known', { ...good, callbackURL: 'https://evil.example' }, '/callbackURL'],
    ['a list', [good], ''],
    ['text', 'sign me up', ''],
  ])('%s: is refused by name', async (_, body, field) => {
    const before = await accounts();
    const answer = await auth.post('sign-up/email', { body });
    expect([answer.status, answer.body.code]).toEqual([400, 'validation_failed']);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body.errors.map((error) => error.field)).toContain(field);
    expect(await accounts()).toBe(before);
  });

  test('a name that nearly matches its pattern costs no more than any other', async () => {
    const cpuOf = async (name: string) => {
      const before = process.cpuUsage();
      for (let i = 0; i < 5; i++)
        expect((await auth.post('sign-up/email', { body: { ...good, name } })).status).toBe(400);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1000;
    };
    const size = 15_000;
    const plain = await cpuOf('a'.repeat(size));
    // 100 ms and more for each, were the pattern searched in all the ways in which it can be.
    expect(await cpuOf(`${'a'.repeat(size)}\u0001`)).toBeLessThan(100 + 3 * plain);
  });

  test.each([
    ['not JSON', '{"email":', 400, 'malformed_json'],
    ['a key twice', `{"email":"a@example.com","email":"b@example.com","password":"x"}`, 400, 'malformed_json'],
    ['deep', `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`, 400, 'malformed_json'],
    ['a prototype', `{"__proto__":{"role":"admin"},"email":"a@example.com","password":"x"}`, 400, 'malformed_json'],
    ['ten megabytes', `{"email":"${'a'.repeat(10_000_000)}"}`, 413, 'too_large'],
    ['nothing', '', 400, 'malformed_json'],
  ])('%s', async (_, raw, status, code) => {
    for (const path of ['sign-in/email', 'sign-up/email']) {
      const answer = await auth.post(path, { raw });
      expect([answer.status, answer.body.code]).toEqual([status, code]);
    }
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    '%s',
    async (type) => {
      const raw = 'email=eve@example.com&password=x';
      const answer = await auth.post('sign-in/email', { raw, headers: { 'content-type': type } });
      expect([answer.status, answer.body.code]).toEqual([415, 'unsupported_media_type']);
    },
  );
});
