import type { EventType } from '@tradepost/contracts/events';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { ServiceName } from '@tradepost/testing/deployment';
import { rabbitForTests } from '@tradepost/testing/rabbitmq';
import { type Answer, type Shopper, sendRequest } from '@tradepost/testing/shopper';
import { startSmtpServer, type TestSmtpServer } from '@tradepost/testing/smtp';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { audit, settled } from './audit.ts';
import { cellsWith } from './markers.ts';
import { openInProcess, type Shop } from './shop.ts';

/** Words that a person is known by here, and nobody else. */
const markers = {
  name: 'Xaviera Markername',
  email: 'xaviera.marker@example.com',
  newEmail: 'xaviera.newmarker@example.com',
  street: '77 Markerstreet',
  billingStreet: '78 Billingmarker',
  phone: '+49 40 7771234',
  note: 'Marker note: ring twice',
  gift: 'Marker gift words',
  browser: 'Markerbrowser/1.0',
};
const password = 'correct horse battery marker';

const rabbit = await rabbitForTests();
let shop: Shop;
let smtp: TestSmtpServer;
let ada: Shopper;
let accountId: string;
let erasure: Answer['body'];
const accepted: Answer[] = [];
const stock = new Map<string, number>();

const search = () => cellsWith(shop.databases, Object.values(markers));
const erasurePath = () => `/api/v1/auth/admin/erasures/${erasure.id}`;
const services = async (): Promise<Record<string, { confirmedAt: string | null; kept: string[] }>> => {
  const { body } = await shop.admin.call('GET', erasurePath());
  return Object.fromEntries(body.services.map((one: { service: string }) => [one.service, one]));
};
/** Lets the tasks look again at once: each service does so when the erasure is repeated. */
const repeat = () => shop.admin.call('POST', `${erasurePath()}/repeat`);

describe.skipIf(!rabbit)('erasing an account, over RabbitMQ', () => {
  beforeAll(async () => {
    smtp = await startSmtpServer();
    shop = await openInProcess({ brokerUrl: rabbit?.url ?? '', env: { SMTP_URL: smtp.url } });
    await fillAccount();
  });
  afterAll(async () => {
    await shop?.stop();
    await smtp?.close();
    await rabbit?.drop();
  });

  it('finds each marker before: the search itself works', async () => {
    const services: ServiceName[] = ['auth', 'order', 'notification', 'api-gateway'];
    await until(
      async () => {
        const cells = await search();
        const isHeld = (word: string) => cells.some(({ marker }) => marker === word);
        const isHolder = (name: ServiceName) => cells.some(({ service }) => service === name);
        return Object.values(markers).every(isHeld) && services.every(isHolder);
      },
      { what: 'each marker, and one in each of these services' },
    );
  });

  it('is confirmed by every service, and leaves only what accounting needs', async () => {
    const answer = await ada.call('POST', '/api/v1/auth/erase-account', { body: { currentPassword: password } });
    expect(answer.status, JSON.stringify(answer.body)).toBe(202);
    erasure = answer.body;
    expect((await ada.call('GET', '/api/v1/auth/get-session')).status).toBe(401);
    await until(async () => Object.values(await services()).every(({ confirmedAt }) => confirmedAt !== null));
    const mail = await until(() => smtp.received.find(({ email }) => email.subject?.includes('is erased')));
    expect(mail.to).toBe(markers.newEmail);
    await until(async () => {
      await repeat();
      return (await services()).notification?.kept.length === 0;
    });
    const { order, product, 'api-gateway': gateway } = await services();
    expect([order?.kept, product?.kept, gateway?.kept]).toEqual([['books'], [], ['audit_entries']]);
    const places = new Set((await search()).map(({ service, table, column }) => `${service} ${table}.${column}`));
    // docs/guides/privacy.md lists these: the invoice address, and requests to `auth` whose account the gateway does not know.
    expect([...places].sort()).toEqual([
      ...['api-gateway audit_entry.user_agent', 'order orders.details', 'order orders.shipping_address'],
    ]);
    const known = 'select path from audit_entry where user_agent is not null and account_id = $1';
    // Entries are written behind the requests, that of the erasure too.
    await until(async () => {
      await repeat();
      return (await shop.databases['api-gateway'].pool.query({ text: known, values: [accountId] })).rowCount === 0;
    });
    const kept = new Set((await search()).map(({ marker }) => marker));
    expect(kept).toEqual(new Set([markers.name, markers.billingStreet, markers.street, markers.browser]));
  });

  it('stays erased when events come late or again', async () => {
    const late = <T extends EventType>(type: T, data: object) =>
      // as: the data is of this type.
      newEvent({ source: 'auth', type, subject: accountId, data: data as never });
    const contact = { accountId, email: markers.email, name: markers.name };
    await shop.databases.auth.pool.transaction((tx) =>
      outbox.add(tx, [
        late('account.created.v1', { ...contact, role: 'customer' }),
        late('account.contact-changed.v1', { ...contact, emailVerified: true, version: 99 }),
        late('account.mail-requested.v1', {
          ...{ mailId: uuidv7(), accountId, mail: 'new_sign_in', to: markers.email, name: markers.name },
        }),
      ]),
    );
    const sent = smtp.received.length;
    await settled(shop.books);
    const found = (await search()).filter(({ service }) => service === 'auth' || service === 'notification');
    expect(found).toEqual([]);
    expect(smtp.received.length).toBe(sent);
  });

  it('has nothing left of the person after the retention term, and the ledger balances', async () => {
    // As the retention task does; services/order/test/erasure.test.ts runs the task itself.
    await shop.databases.order.pool.query({
      text: `insert into order_erasure (order_id, target, due_at) select id, 'none', now() from orders where customer_id = $1`,
      values: [accountId],
    });
    await shop.databases['api-gateway'].pool.query({ text: `update audit_entry set at = at - interval '91 days'` });
    await until(async () => {
      await repeat();
      return (await services()).order?.kept.length === 0 && (await search()).length === 0;
    });
    await settled(shop.books);
    await audit(shop.books, { accepted, stock });
  });
});

/** An account with something of each kind: sessions, a key, mails, addresses, carts, orders, a dead letter. */
// Long: one thing after the other that a person may leave in a shop
async function fillAccount(): Promise<void> {
  const headers = { 'user-agent': markers.browser };
  const body = { name: markers.name, email: markers.email, password };
  const { token, user } = (await sendRequest(shop.site, 'POST', '/api/v1/auth/sign-up/email', { body, headers })).body;
  accountId = user.id;
  const call: Shopper['call'] = (method, path, o = {}) =>
    sendRequest(shop.site, method, path, {
      ...o,
      headers: { authorization: `Bearer ${token}`, ...headers, ...o.headers },
    });
  ada = { ...shop.seller, token, email: markers.email, call };
  const ok = async (answer: Promise<Answer>): Promise<Answer> => {
    const { status, body: said } = await answer;
    expect(status, JSON.stringify(said)).toBeLessThan(300);
    return answer;
  };
  await shop.databases.auth.pool.query({
    text: 'update user_account set email = $2, contact_version = contact_version + 1 where id = $1',
    values: [accountId, markers.newEmail],
  });
  const shippingAddress = {
    ...{ name: markers.name, line1: markers.street, city: 'Hamburg', postalCode: '20457', country: 'DE' },
    phone: markers.phone,
  };
  const billingAddress = { ...shippingAddress, line1: markers.billingStreet };
  await ok(call('POST', '/api/v1/auth/api-keys', { body: { name: markers.name } }));
  await ok(call('POST', '/api/v1/auth/update-user', { body: { name: markers.name } }));
  await ok(call('PUT', `/api/v1/addresses/${uuidv7()}`, { body: { address: shippingAddress, isDefault: true } }));
  const sku = await shop.sell(20);
  stock.set(sku, 20);
  await ok(call('POST', '/api/v1/carts'));
  const order = (over: object) =>
    ok(
      call('POST', '/api/v1/orders', {
        body: {
          ...{ lines: [{ sku, quantity: 1 }], shippingAddress, note: markers.note, giftNote: markers.gift },
          payment: { provider: 'sandbox', token: 'ok' },
          ...over,
        },
        headers: { 'idempotency-key': `${markers.note} ${uuidv7()}`, prefer: 'wait=20' },
      }),
    );
  for (const over of [{}, { billingAddress }]) {
    const placed = await order(over);
    accepted.push(placed);
    const path = `/api/v1/orders/${placed.body.id}`;
    const parcel = { carrier: 'Post', trackingNumber: 'TRACK-1' };
    await ok(shop.seller.call('POST', `${path}/fulfilments`, { body: parcel, headers: { 'idempotency-key': '1' } }));
    await ok(shop.seller.call('POST', `${path}/deliver`));
    const reason = `${markers.name} sent it back`;
    await ok(shop.seller.call('POST', `${path}/refunds`, { body: { reason }, headers: { 'idempotency-key': '1' } }));
  }
  await shop.databases.notification.pool.query({
    text: `insert into dead_letter (event_id, type, event, error, attempts) values ($1, 'account.contact-changed.v1', $2, 'no', 8)`,
    values: [
      uuidv7(),
      JSON.stringify({ type: 'account.contact-changed.v1', subject: accountId, data: { accountId, ...body } }),
    ],
  });
}
