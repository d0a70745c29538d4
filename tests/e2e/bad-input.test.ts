import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { request as httpRequest } from 'node:http';
import { type Answer, type Shopper, sendRequest } from '@tradepost/testing/shopper';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRows } from './count-rows.ts';
import { openInProcess, type Shop } from './shop.ts';

let shop: Shop;
let ada: Shopper;
let sku: string;

beforeAll(async () => {
  shop = await openInProcess();
  ada = await shop.shopper();
  sku = await shop.sell(100);
  // A first request of hers, so that what is cached on the way is there.
  await ada.call('GET', '/api/v1/orders');
});
afterAll(() => shop?.stop());

const address = { name: 'Ada', line1: 'Row 1', city: 'London', postalCode: 'N1', country: 'GB' };
const order = (over: Record<string, unknown> = {}) => ({
  lines: [{ sku, quantity: 1 }],
  shippingAddress: address,
  payment: { provider: 'sandbox', token: 'ok' },
  ...over,
});
const key = () => ({ 'idempotency-key': randomUUID() });
const post = (body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  ada.call('POST', '/api/v1/orders', { body, headers: { ...key(), ...headers } });

async function refused(request: () => Promise<Answer>, status: number, code: string, field?: string): Promise<void> {
  const before = await countRows(shop);
  const answer = await request();
  expect({ status: answer.status, code: answer.body?.code }, JSON.stringify(answer.body)).toEqual({ status, code });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({ status, title: expect.any(String), requestId: expect.any(String) });
  if (field) expect(answer.body.errors.map((error: { field: string }) => error.field)).toContain(field);
  expect(await countRows(shop)).toEqual(before);
}

describe('a body that is', () => {
  it('of another content type', () =>
    refused(
      () => post('lines=1', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'unsupported_media_type',
    ));
  it('no JSON', () => refused(() => post('{"lines": [', {}), 400, 'malformed_json'));
  it('10 MB long', () => refused(() => tenMegabytes(), 413, 'too_large'));
  it('nested a thousand deep', () =>
    refused(() => post(`${'['.repeat(1000)}${']'.repeat(1000)}`), 400, 'malformed_json'));
  it('JSON with a key twice', () => {
    const text = JSON.stringify(order()).replace('"quantity":1', '"quantity":1,"quantity":100');
    return refused(() => post(text), 400, 'malformed_json');
  });
  it('poisoned', () => refused(() => post(`{"__proto__": {"role": "admin"}}`), 400, 'malformed_json'));
  it('not what the schema says, naming every field', async () => {
    await refused(
      () => post(order({ lines: [{ sku, quantity: '1' }], extra: true })),
      400,
      'validation_failed',
      '/extra',
    );
    await refused(
      () => post(order({ lines: [{ sku, quantity: '1' }] })),
      400,
      'validation_failed',
      '/lines/0/quantity',
    );
  });
});

describe('a quantity that is', () => {
  it.each([-1, 0, 1.5, 1e9, 1e308, '2', null, true])('%s', (quantity) =>
    refused(() => post(order({ lines: [{ sku, quantity }] })), 400, 'validation_failed', '/lines/0/quantity'),
  );
});

describe('a price that is', () => {
  const product = (amount: unknown) => ({
    title: 'Mug',
    description: '',
    variants: [{ sku: `P-${randomUUID()}`, price: { amount, currency: 'EUR' } }],
  });
  it.each([-1, 1.5, 1e18, '5'])('%s', (amount) =>
    refused(
      () => shop.seller.call('POST', '/api/v1/products', { body: product(amount), headers: key() }),
      400,
      'validation_failed',
      '/variants/0/price/amount',
    ),
  );
});

describe('an order of', () => {
  it('a SKU that nobody sells', () =>
    refused(
      () => post(order({ lines: [{ sku: 'NOBODY-SELLS-IT', quantity: 1 }] })),
      422,
      'unknown_sku',
      '/lines/0/sku',
    ));
  it('a product that was archived', async () => {
    const gone = await shop.sell(5);
    const found = await shop.seller.call('GET', `/api/v1/products?q=${gone}`);
    const path = `/api/v1/products/${found.body.items[0].id}`;
    const { headers } = await shop.seller.call('GET', path);
    const archived = await shop.seller.call('DELETE', path, { headers: { 'if-match': headers.get('etag') ?? '' } });
    expect(archived.status).toBeLessThan(300);
    await expect
      .poll(async () => (await post(order({ lines: [{ sku: gone, quantity: 1 }] }))).body.code)
      .toBe('not_for_sale');
  });
  it('another price than it has now', () =>
    refused(
      () => post(order({ expectedTotal: { amount: 1, currency: 'EUR' } })),
      409,
      'price_changed',
      '/expectedTotal',
    ));
  it('a key that made another order', async () => {
    const once = key();
    expect((await post(order(), once)).status).toBe(201);
    await expect.poll(async () => (await ada.call('GET', '/api/v1/orders')).body.items[0].status).toBe('confirmed');
    await refused(() => post(order({ lines: [{ sku, quantity: 2 }] }), once), 422, 'idempotency_key_reused');
  });
});

describe('a request by', () => {
  const call = (authorization: string, headers: Record<string, string> = {}) =>
    sendRequest(shop.site, 'POST', '/api/v1/orders', {
      body: order(),
      headers: { ...key(), authorization, ...headers },
    });

  it('nobody', () =>
    refused(
      () => sendRequest(shop.site, 'POST', '/api/v1/orders', { body: order(), headers: key() }),
      401,
      'unauthenticated',
    ));
  it('a token that was made up', () => refused(() => call('Bearer made-up'), 401, 'unauthenticated'));
  it.each([
    ['has expired', { exp: -60 }, {}],
    ['is forged with a key of its own', {}, {}],
    ['says that it needs no signature', {}, { alg: 'none' }],
    ['is for another audience', { aud: 'elsewhere' }, {}],
  ])('a token that %s', async (_what, claims, header) => {
    const token = await forged(claims, header);
    await refused(() => call(`Bearer ${token}`), 401, 'unauthenticated');
  });
  it('headers that pretend to be the gateway’s', () =>
    refused(
      () =>
        sendRequest(shop.site, 'POST', '/api/v1/orders', {
          body: order(),
          headers: {
            ...key(),
            'x-account-id': randomUUID(),
            'x-user-id': randomUUID(),
            'x-tradepost-role': 'admin',
            'x-forwarded-user': 'admin',
          },
        }),
      401,
      'unauthenticated',
    ));
  it('a customer who wants to sell', () =>
    refused(
      () =>
        ada.call('POST', '/api/v1/products', {
          body: { title: 'Mug', description: '', variants: [{ sku: 'X-1', price: { amount: 1, currency: 'EUR' } }] },
          headers: key(),
        }),
      403,
      'forbidden',
    ));
  it('a customer who wants to see what operators see', async () => {
    for (const path of ['/api/v1/admin/order/dead-letters', '/api/v1/admin/product/dead-letters', '/api/v1/audit']) {
      expect((await ada.call('GET', path)).status, path).toBe(403);
    }
  });
  it('somebody else, of an order that is not theirs', async () => {
    const { body } = await post(order());
    await expect.poll(async () => (await ada.call('GET', `/api/v1/orders/${body.id}`)).body.status).toBe('confirmed');
    const eve = await shop.shopper();
    for (const path of ['', '/events', '/refunds', '/fulfilments']) {
      await refused(() => eve.call('GET', `/api/v1/orders/${body.id}${path}`), 404, 'not_found');
    }
    await refused(() => eve.call('POST', `/api/v1/orders/${body.id}/cancel`), 404, 'not_found');
  });

  /** A token as `auth` would make it, but for what is said, and signed by a key that is not its. */
  async function forged(claims: Record<string, unknown>, header: Record<string, unknown>): Promise<string> {
    const { body } = await ada.call('GET', '/api/v1/auth/token');
    const [head = '', payload = ''] = String(body.token).split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    const write = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const before = read(payload);
    const exp = typeof claims.exp === 'number' ? Math.floor(Date.now() / 1000) + claims.exp : before.exp;
    const text = `${write({ ...read(head), ...header })}.${write({ ...before, role: 'admin', ...claims, exp })}`;
    const { privateKey } = generateKeyPairSync('ed25519');
    return `${text}.${header.alg === 'none' ? '' : sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
  }
});

describe('SQL and script', () => {
  const nasty = `'; drop table orders; -- <script>alert(1)</script> \${7*7}`;
  it('in every string of a product is kept as the text that it is, or refused', async () => {
    const made = await shop.seller.call('POST', '/api/v1/products', {
      body: {
        title: nasty,
        description: nasty,
        variants: [{ sku: `N-${randomUUID().slice(0, 8)}`, title: nasty, price: { amount: 1, currency: 'EUR' } }],
      },
      headers: key(),
    });
    expect(made.status).toBe(201);
    const read = await sendRequest(shop.site, 'GET', `/api/v1/products/${made.body.id}`);
    expect(read.body).toMatchObject({ title: nasty, description: nasty, variants: [{ title: nasty }] });
    expect(read.headers.get('content-type')).toContain('application/json');
    expect(read.headers.get('x-content-type-options')).toBe('nosniff');
  });
  it('in every string of a query and a path finds nothing and breaks nothing', async () => {
    const text = encodeURIComponent(nasty);
    for (const path of [
      `/api/v1/products?q=${text}`,
      `/api/v1/products?category=${text}`,
      `/api/v1/products/${text}`,
      `/api/v1/stock/${text}`,
      `/api/v1/orders/${text}`,
      `/api/v1/orders?status=${text}`,
      `/api/v1/carts/${text}`,
    ]) {
      const answer = await ada.call('GET', path);
      expect([200, 400, 404], `${path}: ${answer.status}`).toContain(answer.status);
      expect(JSON.stringify(answer.body)).not.toMatch(/syntax error|pg_|at .*\.ts:\d+/);
    }
  });
  it('in an account', async () => {
    const body = { name: nasty, email: `${randomUUID()}@example.com`, password: `${nasty}.` };
    const made = await sendRequest(shop.site, 'POST', '/api/v1/auth/sign-up/email', { body });
    expect(made).toMatchObject({ status: 200, body: { user: { name: nasty } } });
  });
  it('a NUL, which PostgreSQL cannot keep', () =>
    refused(
      () => post(order({ shippingAddress: { ...address, name: 'A\u0000B' } })),
      400,
      'validation_failed',
      '/shippingAddress/name',
    ));
});

describe('what has changed since', () => {
  it('a stale If-Match, none at all, and a cursor of something else', async () => {
    const found = await shop.seller.call('GET', `/api/v1/products?q=${sku}`);
    const path = `/api/v1/products/${found.body.items[0].id}`;
    const patch = (title: string, headers: Record<string, string>) =>
      shop.seller.call('PATCH', path, { body: { title }, headers });
    const { headers } = await shop.seller.call('GET', path);
    const stale = { 'if-match': headers.get('etag') ?? '' };
    expect((await patch('Another', stale)).status).toBe(200);
    await refused(() => patch('One more', stale), 412, 'version_conflict');
    await refused(() => patch('One more', {}), 428, 'precondition_required');
    await refused(() => ada.call('GET', '/api/v1/products?cursor=bm9uZQ'), 400, 'invalid_cursor');
    await refused(() => ada.call('GET', '/api/v1/orders?cursor=bm9uZQ'), 400, 'invalid_cursor');
  });
});

/** Sends ten megabytes whatever is answered meanwhile, and reads the answer; `fetch` would give up on either. */
function tenMegabytes(): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(JSON.stringify(order({ couponCode: 'x'.repeat(10_000_000) })));
    const outgoing = httpRequest(`${shop.site.gatewayUrl}/api/v1/orders`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${ada.token}`,
        ...key(),
        'content-length': body.length,
      },
    });
    outgoing.on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: new Headers({ 'content-type': response.headers['content-type'] ?? '' }),
          body: JSON.parse(Buffer.concat(parts).toString()),
        }),
      );
    });
    outgoing.on('error', (err) => (outgoing.destroyed ? undefined : reject(err)));
    outgoing.end(body);
  });
}
