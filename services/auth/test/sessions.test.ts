import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Auth, cookieOf, PASSWORD, startAuth } from './client.ts';

let auth: Auth;
beforeAll(async () => {
  auth = await startAuth();
});
afterAll(() => auth.stop());

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const signIn = (email: string, password = PASSWORD) => auth.post('sign-in/email', { body: { email, password } });

describe('sessions', () => {
  test('signing out ends the session, and says so once', async () => {
    const { token, bearer: headers, id } = await auth.someone();
    const sessionId = (await auth.get('get-session', headers)).body.session.id;
    const answer = await auth.post('sign-out', { headers });
    expect([answer.status, answer.body]).toEqual([200, { success: true }]);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^better-auth\.session_token=; Max-Age=0; Path=\//);
    expect((await auth.get('get-session', headers)).status).toBe(401);
    expect((await auth.get('token', headers)).body.code).toBe('unauthenticated');
    expect((await auth.post('sign-out', { headers: bearer(token) })).status).toBe(200);
    const event = await until(() =>
      auth.events.find(({ type, subject }) => type === 'session.revoked.v1' && subject === id),
    );
    expect(event?.data).toEqual({ sessionId, accountId: id });
    expect(auth.events.filter(({ type, subject }) => type === 'session.revoked.v1' && subject === id)).toHaveLength(1);
  });

  test('signing out needs something to end', async () => {
    expect((await auth.post('sign-out')).status).toBe(401);
    expect((await auth.post('sign-out', { headers: { authorization: 'Basic eDp5' } })).status).toBe(401);
  });

  test('an access token shows who is signed in, and signs out, but opens nothing else', async () => {
    const someone = await auth.someone();
    const { token: jwt } = (await auth.get('token', someone.bearer)).body;
    expect((await auth.get('get-session', bearer(jwt))).body.user.id).toBe(someone.id);
    for (const path of ['token', 'sessions', 'api-keys', 'admin/accounts']) {
      expect((await auth.get(path, bearer(jwt))).status).toBe(401);
    }
    expect((await auth.post('sign-out', { headers: bearer(jwt) })).status).toBe(200);
    expect((await auth.get('get-session', someone.bearer)).status).toBe(401);
    expect((await auth.get('get-session', bearer(jwt))).status).toBe(401);
  });

  test('one that has expired is over', async () => {
    const { bearer: headers, id } = await auth.someone();
    await auth.pool.query({ text: 'update session set expires_at = now() where user_id = $1', values: [id] });
    expect((await auth.get('get-session', headers)).status).toBe(401);
    expect((await auth.get('token', headers)).status).toBe(401);
    expect((await auth.get('sessions', headers)).status).toBe(401);
  });

  test('one that is used is extended, once a day, and its cookie with it', async () => {
    const { cookie, id } = await auth.someone();
    expect((await auth.get('get-session', { cookie })).headers.getSetCookie()).toEqual([]);
    const text = `update session set expires_at = now() + interval '5 days' where user_id = $1`;
    await auth.pool.query({ text, values: [id] });
    const answer = await auth.get('get-session', { cookie });
    expect(Date.parse(answer.body.session.expiresAt) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect(answer.headers.getSetCookie()).toEqual([expect.stringContaining('Max-Age=604800')]);
    expect(cookieOf(answer)).toBe(cookie);
    await auth.pool.query({ text, values: [id] });
    expect((await auth.get('token', { cookie })).headers.getSetCookie()).toHaveLength(1);
    expect((await auth.get('token', { cookie })).headers.getSetCookie()).toHaveLength(0);
  });

  test('are listed without their tokens, page by page, and ended one by one or all the others', async () => {
    const someone = await auth.someone();
    for (let i = 0; i < 3; i++) await signIn(someone.email);
    const { token } = (await signIn(someone.email)).body;
    const list = await auth.get('sessions', bearer(token));
    expect(list.body.items).toHaveLength(5);
    expect(list.body.items.map(({ current }) => current)).toEqual([true, false, false, false, false]);
    expect(JSON.stringify(list.body)).not.toContain(token);
    const page = await auth.get('sessions?limit=2', bearer(token));
    const next = await auth.get(`sessions?limit=2&cursor=${page.body.nextCursor}`, bearer(token));
    const last = await auth.get(`sessions?limit=2&cursor=${next.body.nextCursor}`, bearer(token));
    const ids = [page, next, last].flatMap(({ body }) => body.items.map(({ id }) => id));
    expect(ids).toEqual(list.body.items.map(({ id }) => id));
    expect(last.body.nextCursor).toBeNull();

    const victim = list.body.items[2]?.id ?? '';
    expect((await auth.ask('DELETE', `sessions/${victim}`, { headers: bearer(token) })).status).toBe(204);
    expect((await auth.ask('DELETE', `sessions/${victim}`, { headers: bearer(token) })).status).toBe(404);
    const stranger = await auth.someone();
    const theirs = await auth.ask('DELETE', `sessions/${list.body.items[3]?.id}`, { headers: stranger.bearer });
    expect([theirs.status, theirs.body.code]).toEqual([404, 'not_found']);
    const others = await auth.ask('DELETE', 'sessions', { headers: bearer(token) });
    expect([others.status, others.body.revoked]).toEqual([200, 3]);
    expect((await auth.get('get-session', bearer(token))).status).toBe(200);
    expect((await auth.get('get-session', someone.bearer)).status).toBe(401);
    const revoked = () =>
      auth.events.filter(({ type, subject }) => type === 'session.revoked.v1' && subject === someone.id);
    await until(() => revoked().length === 4);
  });

  test('are not taken for ended when the database cannot be asked', async () => {
    await using stack = new AsyncDisposableStack();
    const blocked = stack.adopt(await startAuth({ DATABASE_LOCK_TIMEOUT_MS: 500 }), (service) => service.stop());
    const someone = await blocked.someone();
    await blocked.pool.transaction(async (tx) => {
      await tx.query({ text: 'lock table session in access exclusive mode' });
      const asked = [blocked.get('get-session', someone.bearer), blocked.get('token', { cookie: someone.cookie })];
      for (const { status, body, headers } of await Promise.all(asked)) {
        expect([status, body.code]).toEqual([503, 'unavailable']);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
    });
    expect((await blocked.get('get-session', someone.bearer)).status).toBe(200);
  });
});
