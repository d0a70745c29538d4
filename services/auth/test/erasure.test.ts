// Long: one harness for all cases of an erasure
import { createServer, type Server } from 'node:http';
import { ErasedContact } from '@tradepost/contracts/events';
import { encodeEvent } from '@tradepost/messaging/encoded-event';
import { newEvent } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { eventDecryption } from '@tradepost/runtime/event-encryption';
import { until } from '@tradepost/testing/until';
import { Value } from 'typebox/value';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Auth, MAIL_KEY, PASSWORD, type Someone, startAuth } from './client.ts';
import { codeOf, someoneWithApp } from './factors.ts';
import { eventsOf, mailsTo, published } from './mails.ts';

let auth: Auth;
let admin: Someone;
/** Sales that `order` says are not settled, by seller; undefined: it does not answer. */
let unsettledSales: number | undefined;
/** The sellers whose sales `order` was asked for. */
let askedFor: (string | null)[] = [];
let orderServer: Server;

beforeAll(async () => {
  orderServer = createServer((request, response) => {
    askedFor.push(new URL(request.url ?? '', 'http://order').searchParams.get('sellerId'));
    response.writeHead(unsettledSales === undefined ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ orders: unsettledSales }));
  });
  await new Promise<void>((resolve) => orderServer.listen(0, '127.0.0.1', resolve));
  const address = orderServer.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  auth = await startAuth({ ORDER_URL: `http://127.0.0.1:${port}` });
});
afterAll(async () => {
  await auth?.stop();
  orderServer.close();
});
beforeEach(async () => {
  unsettledSales = 0;
  askedFor = [];
  await auth.pool.query({ text: `update user_account set role = 'customer' where role = 'admin'` });
  admin = await auth.someone({ role: 'admin' });
});

type Erasure = {
  id: string;
  accountId: string;
  requestedBy: string;
  services: { service: string; confirmedAt: string | null; kept: string[]; completeAfter: string | null }[];
};
// as: the tests say what they expect of it.
const bodyOf = (answer: { body: unknown }) => answer.body as Erasure & { code: string };

const eraseOwn = (who: Someone, currentPassword = PASSWORD) =>
  auth.post('erase-account', { body: { currentPassword }, headers: who.bearer });
const erase = (id: string, by = admin) => auth.post(`admin/accounts/${id}/erasure`, { headers: by.bearer });
const read = async (id: string) => bodyOf(await auth.get(`admin/erasures/${id}`, admin.bearer));

/** Makes an account staff, with a role of its own. */
async function staffRole(accountId: string, permissions: string[]): Promise<void> {
  const id = uuidv7();
  await auth.pool.query({
    text: 'insert into staff_role (id, name, permissions) values ($1, $2, $3)',
    values: [id, id, permissions],
  });
  const text = `update user_account set role = 'staff', staff_role_id = $2 where id = $1`;
  await auth.pool.query({ text, values: [accountId, id] });
}

async function count(text: string, ...values: unknown[]): Promise<number> {
  const { rows } = await auth.pool.query<{ n: number }>({ text: `select count(*)::int as n from ${text}`, values });
  return rows[0]?.n ?? -1;
}

test('every table that refers to an account loses its rows with the account', async () => {
  const { rows } = await auth.pool.query<{ table: string; rule: string }>({
    text: `select conrelid::regclass::text as table, confdeltype as rule from pg_constraint
      where contype = 'f' and confrelid = 'user_account'::regclass order by 1`,
  });
  expect(rows.map(({ table }) => table)).toEqual(expect.arrayContaining(['api_key', 'credential', 'session']));
  // c: cascade. A table that keeps its rows (n: set null) is named in docs/guides/privacy.md, and here.
  expect(rows.filter(({ rule }) => rule !== 'c')).toEqual([]);
  // Those that name an account without a reference: what becomes of each is in services/auth/README.md.
  const named = await auth.pool.query<{ column: string }>({
    text: `select table_name || '.' || column_name as column from information_schema.columns c
      where table_schema = 'public' and column_name in ('account_id', 'user_id', 'created_by', 'requested_by', 'invited_by')
        and not exists (select from information_schema.key_column_usage k
          join information_schema.referential_constraints r using (constraint_name)
          where k.table_name = c.table_name and k.column_name = c.column_name) order by 1`,
  });
  expect(named.rows.map(({ column }) => column)).toEqual([
    ...['credential.account_id', 'erasure.account_id', 'erasure.requested_by', 'revocation.account_id'],
  ]);
});

describe('erasing the own account', () => {
  test('ends everything at once, and leaves an erasure that waits for the services', async () => {
    const who = await auth.someone();
    const elsewhere = (await auth.post('sign-in/email', { body: { email: who.email, password: PASSWORD } })).body;
    const key = (await auth.post('api-keys', { body: { name: 'machine' }, headers: who.bearer })).body;
    const answer = await eraseOwn(who);
    expect(answer.status).toBe(202);
    expect(answer.headers.getSetCookie().join()).toContain('Max-Age=0');
    const erasure = bodyOf(answer);
    expect(erasure).toMatchObject({ accountId: who.id, requestedBy: who.id });
    expect(erasure.services.map(({ service, confirmedAt }) => [service, confirmedAt])).toEqual(
      ['api-gateway', 'notification', 'order', 'product'].map((service) => [service, null]),
    );
    for (const token of [who.token, elsewhere.token, key.key]) {
      expect((await auth.get('token', { authorization: `Bearer ${token}` })).status).toBe(401);
    }
    expect(await count('user_account where id = $1', who.id)).toBe(0);
    expect(await count('verification where value = $1', who.id)).toBe(0);
    const [event] = await until(() => {
      const found = eventsOf(auth, who.id, 'account.erased.v1');
      return found.length > 0 && found;
    });
    expect(JSON.stringify(event)).not.toContain(who.email);
    const encrypted = event?.type === 'account.erased.v1' ? event.data.contact : undefined;
    const contact = await eventDecryption([MAIL_KEY])(encrypted ?? '');
    expect(Value.Parse(ErasedContact, JSON.parse(contact))).toEqual({ email: who.email, name: 'Some One' });
    expect(eventsOf(auth, who.id, 'session.revoked.v1')).toHaveLength(3);
    // The address is free again: for somebody else, or for another account of the same person.
    const again = await auth.someone({ email: who.email });
    expect(again.id).not.toBe(who.id);
  });

  test('asks for the password', async () => {
    const who = await auth.someone();
    const wrong = await eraseOwn(who, 'not the password');
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    expect((await auth.get('get-session', who.bearer)).status).toBe(200);
  });

  test('asks for a code where there is a second factor, and uses it up only then', async () => {
    const who = await someoneWithApp(auth);
    const attempt = async (code?: string) =>
      bodyOf(await auth.post('erase-account', { body: { currentPassword: PASSWORD, code }, headers: who.bearer })).code;
    expect(await attempt()).toBe('second_factor_required');
    const counted = await count('attempt where count > 0');
    expect(await attempt('000000')).toBe('code_not_valid');
    expect(await count('attempt where count > 0')).toBe(counted + 1);
    expect(await count('user_account where id = $1', who.id)).toBe(1);
    expect(await attempt(await codeOf(who.secret))).toBeUndefined();
    expect(await count('user_account where id = $1', who.id)).toBe(0);
    // By a recovery code: the mail that tells of its use would come after the account is gone.
    const other = await someoneWithApp(auth);
    await published(auth);
    const body = { currentPassword: PASSWORD, code: other.recoveryCodes[0] };
    expect((await auth.post('erase-account', { body, headers: other.bearer })).status).toBe(202);
    await published(auth);
    expect(mailsTo(auth, other.email, 'recovery_code_used')).toEqual([]);
  });

  test('twice at once makes one erasure', async () => {
    const who = await auth.someone();
    const answers = await Promise.all([eraseOwn(who), eraseOwn(who), erase(who.id)]);
    const made = answers.filter(({ status }) => status === 202).map((answer) => bodyOf(answer).id);
    expect(new Set(made).size).toBe(1);
    expect(answers.filter(({ status }) => status !== 202 && status !== 401)).toEqual([]);
    expect(await count('erasure where account_id = $1', who.id)).toBe(1);
    await published(auth);
    expect(eventsOf(auth, who.id, 'account.erased.v1')).toHaveLength(1);
  });

  test('takes events that were not published yet', async () => {
    const who = await auth.someone();
    await published(auth);
    // One that the broker does not take: it stays in the outbox.
    const stuck = { type: 'account.contact-changed.v1', subject: who.id, data: { email: who.email } };
    await auth.pool.query({ text: 'insert into outbox (event) values ($1)', values: [JSON.stringify(stuck)] });
    await eraseOwn(who);
    expect(await count('outbox where event::text like $1', `%${who.email}%`)).toBe(0);
  });
});

describe('an operator', () => {
  test('erases an account for its owner, and doing so again answers the same', async () => {
    const who = await auth.someone();
    const first = await erase(who.id);
    expect([first.status, bodyOf(first).requestedBy]).toEqual([202, admin.id]);
    const second = await erase(who.id);
    expect([second.status, bodyOf(second).id]).toEqual([202, bodyOf(first).id]);
    expect((await erase(uuidv7())).status).toBe(404);
    for (const own of [admin.id, admin.id.toUpperCase()]) expect((await erase(own)).body.code).toBe('conflict');
  });

  test('erases nobody who holds more, and does not learn of their sales', async () => {
    const support = await auth.someone({ role: 'admin' });
    await auth.pool.query({
      text: `update user_account set role = 'staff', ready_made_role = 'support' where id = $1`,
      values: [support.id],
    });
    const writer = await auth.someone();
    await staffRole(writer.id, ['accounts:read', 'accounts:write']);
    unsettledSales = 2;
    const seller = await auth.someone({ role: 'seller' });
    for (const above of [admin, support]) {
      const refused = await erase(above.id, writer);
      expect([refused.status, refused.body.code]).toEqual([403, 'forbidden']);
      expect(await count('user_account where id = $1', above.id)).toBe(1);
    }
    expect(askedFor).toEqual([]);
    // Who holds no more than they do: the sales are asked for, and then it is done.
    expect((await erase(seller.id, writer)).body.code).toBe('account_not_settled');
    expect(askedFor).toEqual([seller.id]);
    unsettledSales = 0;
    expect((await erase(seller.id, writer)).status).toBe(202);
  });

  test('is never the last one that goes', async () => {
    expect((await eraseOwn(admin)).body.code).toBe('last_admin');
    const other = await auth.someone({ role: 'admin' });
    const answers = await Promise.all([eraseOwn(admin), eraseOwn(other)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409]);
    expect(await count(`user_account where role = 'admin'`)).toBe(1);
  });

  test('sees what each service has confirmed, by the highest version', async () => {
    const who = await auth.someone();
    const { id: erasureId } = bodyOf(await erase(who.id));
    const confirmation = (service: 'order' | 'notification', version: number, kept: ('books' | 'open_orders')[]) =>
      newEvent({
        ...{ source: service, type: 'account.erasure-confirmed.v1', subject: who.id },
        data: { erasureId, accountId: who.id, service, version, kept },
      });
    const second = confirmation('order', 2, ['books']);
    // Out of order, twice, and of an erasure that nobody knows.
    const unknown = { ...confirmation('order', 1, []), data: { ...second.data, erasureId: uuidv7() } };
    const events = [second, confirmation('order', 1, ['open_orders']), second, unknown];
    await Promise.all(auth.transport.publish(events.map(encodeEvent)));
    const order = async () => (await read(erasureId)).services.find(({ service }) => service === 'order');
    await until(async () => (await order())?.confirmedAt);
    await Promise.all(auth.transport.publish([encodeEvent(confirmation('notification', 1, []))]));
    await until(async () => (await count('erasure where id = $1 and contact is null', erasureId)) === 1);
    expect((await order())?.kept).toEqual(['books']);
    const listed = await auth.get('admin/erasures', admin.bearer);
    expect(listed.body.items.map(({ id }) => id)).toContain(erasureId);
    // Announced again: without the address, which nobody needs any more.
    expect((await auth.post(`admin/erasures/${erasureId}/repeat`, { headers: admin.bearer })).status).toBe(202);
    const events2 = await until(() => {
      const found = eventsOf(auth, who.id, 'account.erased.v1');
      return found.length === 2 && found;
    });
    expect(events2.map(({ data }) => 'contact' in data)).toEqual([true, false]);
  });
});

describe('a seller', () => {
  test('settles sales first', async () => {
    const who = await auth.someone({ role: 'seller' });
    unsettledSales = 2;
    const refused = await eraseOwn(who);
    expect([refused.status, refused.body.code]).toEqual([409, 'account_not_settled']);
    expect((await erase(who.id)).body.code).toBe('account_not_settled');
    unsettledSales = undefined;
    expect((await eraseOwn(who)).body.code).toBe('unavailable');
    unsettledSales = 0;
    expect((await eraseOwn(who)).status).toBe(202);
    const [status] = await until(() => {
      const found = eventsOf(auth, who.id, 'account.status-changed.v1');
      return found.length > 0 && found;
    });
    expect(status?.data).toMatchObject({ role: 'customer' });
  });
});

describe('a guest', () => {
  const eraseGuest = (email: string, by = admin) =>
    auth.post('admin/guest-erasures', { body: { email }, headers: by.bearer });

  const confirmed = ({ id, accountId }: { id: string; accountId: string }, service: string, version: number) =>
    auth.transport.publish([
      encodeEvent(
        newEvent({
          ...{ source: service, type: 'account.erasure-confirmed.v1', subject: accountId },
          data: { erasureId: id, accountId, service, version, kept: [] } as never,
        }),
      ),
    ]);

  test('is erased by the address, which is stored and sent encrypted only, and once more when asked again', async () => {
    const email = `${uuidv7()}@example.com`;
    const someone = await auth.someone();
    expect((await eraseGuest(email, someone)).status).toBe(403);
    expect((await eraseGuest(someone.email)).body.code).toBe('conflict');
    const answers = await Promise.all([eraseGuest(email), eraseGuest(email.toUpperCase())]);
    const [first, second] = answers.map(bodyOf);
    expect(answers.map(({ status }) => status)).toEqual([202, 202]);
    if (!first) throw new Error('Both were answered');
    expect(first).toMatchObject({ guest: true, requestedBy: admin.id, id: second?.id });
    const events = () => eventsOf(auth, first.accountId, 'account.erased.v1');
    await until(() => events().length === 2);
    for (const { data } of events()) expect(data).toMatchObject({ erasureId: first.id, guest: true });
    const { rows } = await auth.pool.query({ text: 'select e::text from erasure e' });
    expect(JSON.stringify([rows, events()])).not.toContain(email);
    const [event] = events();
    const encrypted = event?.type === 'account.erased.v1' ? event.data.contact : undefined;
    expect(JSON.parse(await eventDecryption([MAIL_KEY])(encrypted ?? ''))).toEqual({ email, name: '' });
    const contacts = () => count('erasure where id = $1 and contact is not null', first.id);
    const confirm = (service: string, version: number) => confirmed(first, service, version);
    const waiting = async () => (await read(first.id)).services.filter((one) => one.confirmedAt === null).length;
    // Both read the address: it goes with the second confirmation.
    await Promise.all(confirm('notification', 1));
    await until(async () => (await waiting()) === 3);
    expect(await contacts()).toBe(1);
    await Promise.all(confirm('order', 1));
    await until(async () => (await contacts()) === 0);
    expect(bodyOf(await eraseGuest(email)).services.every(({ confirmedAt }) => confirmedAt === null)).toBe(true);
    expect([await contacts(), await count('erasure where account_id = $1', first.accountId)]).toEqual([1, 1]);
  });

  test('is erased again while the services confirm the time before: all lock the erasure before its parts', async () => {
    const erasure = bodyOf(await eraseGuest(`${uuidv7()}@example.com`));
    let confirming: Promise<unknown> | undefined;
    await auth.pool.transaction(async (tx) => {
      await tx.query({ text: 'select from erasure where id = $1 for update', values: [erasure.id] });
      confirming = Promise.all(confirmed(erasure, 'order', 1));
      await until(
        async () => (await auth.pool.query({ text: 'select from pg_locks where not granted' })).rows.length > 0,
      );
      await tx.query({ text: 'update erasure_part set kept = kept where erasure_id = $1', values: [erasure.id] });
    });
    await confirming;
    expect((await read(erasure.id)).services.some(({ confirmedAt }) => confirmedAt !== null)).toBe(true);
  });
});
