import type { Answer, Shopper } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { openInProcess, type Shop } from './shop.ts';

let shop: Shop;
let ada: Shopper;
let order: string;

beforeAll(async () => {
  shop = await openInProcess();
});
afterAll(() => shop?.stop());
beforeEach(async () => {
  ada = await shop.shopper();
  const sku = await shop.sell(10);
  order = (await ada.buy([{ sku, quantity: 1 }], { prefer: 'wait=20' })).body.id;
});

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const orders = async (token: string) =>
  (await fetch(`${shop.site.gatewayUrl}/api/v1/orders`, { headers: bearer(token) })).status;

async function ok(answer: Promise<Answer>): Promise<Answer['body']> {
  const { status, body } = await answer;
  expect(status, JSON.stringify(body)).toBeLessThan(300);
  return body;
}

/** An access token as a client gets it for a session or an API key, to send it by itself. */
const accessToken = async (credential: string): Promise<string> => {
  const answer = await fetch(`${shop.site.gatewayUrl}/api/v1/auth/token`, { headers: bearer(credential) });
  return JSON.parse(await answer.text()).token;
};

/** A live stream of the order; `ended` resolves when it is over. */
async function stream(token: string): Promise<{ ended: Promise<string> }> {
  const headers = { ...bearer(token), accept: 'text/event-stream' };
  const response = await fetch(`${shop.site.gatewayUrl}/api/v1/orders/${order}/events`, { headers });
  expect(response.status).toBe(200);
  return { ended: response.text() };
}

/** One credential of each kind, with which an account can act. */
async function credentials(): Promise<{ id: string; all: string[] }> {
  const { id, key } = await ok(ada.call('POST', '/api/v1/auth/api-keys', { body: { name: 'machine' } }));
  const all = [ada.token, key, await accessToken(ada.token), await accessToken(key)];
  for (const token of all) expect(await orders(token)).toBe(200);
  return { id, all };
}

it('a ban ends sessions, keys, the tokens made from them, and every stream', async () => {
  const { all } = await credentials();
  const streams = await Promise.all(all.map(stream));
  const found = await ok(shop.admin.call('GET', `/api/v1/auth/admin/accounts?email=${encodeURIComponent(ada.email)}`));
  const path = `/api/v1/auth/admin/accounts/${found.items[0].id}/ban`;
  await ok(shop.admin.call('PUT', path, { body: { reason: 'fraud' } }));
  await Promise.all(streams.map(({ ended }) => ended));
  for (const token of all) expect(await orders(token)).toBe(401);
  // The key works again once the ban is lifted; the tokens that were out do not.
  await ok(shop.admin.call('DELETE', path));
  await until(async () => (await orders(all[1] ?? '')) === 200);
  expect(await orders(all[3] ?? '')).toBe(401);
});

it('signing out ends the token of the session and its streams, and leaves the key alone', async () => {
  const [session = '', key = '', ofSession = '', ofKey = ''] = (await credentials()).all;
  const streams = await Promise.all([session, ofSession].map(stream));
  await ok(ada.call('POST', '/api/v1/auth/sign-out'));
  await Promise.all(streams.map(({ ended }) => ended));
  for (const token of [session, ofSession]) expect(await orders(token)).toBe(401);
  for (const token of [key, ofKey]) expect(await orders(token)).toBe(200);
});

it('deleting an API key ends its token and its streams', async () => {
  const { id, all } = await credentials();
  const [session = '', key = '', , ofKey = ''] = all;
  const streams = await Promise.all([key, ofKey].map(stream));
  await ok(ada.call('DELETE', `/api/v1/auth/api-keys/${id}`));
  await Promise.all(streams.map(({ ended }) => ended));
  for (const token of [key, ofKey]) expect(await orders(token)).toBe(401);
  expect(await orders(session)).toBe(200);
});

it('auth lists what was revoked for a gateway that starts later', async () => {
  await ok(ada.call('POST', '/api/v1/auth/sign-out'));
  const { rows } = await shop.databases.auth.pool.query<{ n: number }>({
    text: 'select count(*)::int as n from revocation r join user_account u on u.id = r.account_id where u.email = $1',
    values: [ada.email],
  });
  expect(rows[0]?.n).toBe(1);
});

it('the stream of an order that has ended is over: 204 to a client that has seen it all, 200 to HEAD at once', async () => {
  await ok(ada.call('POST', `/api/v1/orders/${order}/cancel`));
  const { ended } = await stream(ada.token);
  const ids = [...(await ended).matchAll(/^id: (\d+)$/gm)].map(([, id]) => id);
  expect(ids.length).toBeGreaterThan(1);
  const path = `/api/v1/orders/${order}/events`;
  const at = (id: string | undefined) => ({ accept: 'text/event-stream', 'last-event-id': id ?? '' });
  expect((await ada.call('GET', path, { headers: at(ids.at(-1)) })).status).toBe(204);
  expect((await ada.call('GET', path, { headers: at(ids.at(-2)) })).body).toContain(`id: ${ids.at(-1)}`);
  const head = await ada.call('HEAD', path, { headers: { accept: 'text/event-stream' } });
  expect({ status: head.status, type: head.headers.get('content-type') }).toEqual({
    status: 200,
    type: 'text/event-stream; charset=utf-8',
  });
});
