import type { EventData } from '@tradepost/contracts/events';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { eventEncryption } from '@tradepost/runtime/event-encryption';
import { until } from '@tradepost/testing/until';
import { expect, it } from 'vitest';
import { openShopWithMailServer } from './mail-server.ts';
import {
  accountCreated,
  confirmed,
  contactChanged,
  delivered,
  encryptedGuest,
  event,
  MAIL_KEY,
  newAddress,
  newOrder,
} from './shop.ts';

const { shop, receivedBy } = await openShopWithMailServer();

const contactOf = (email: string) => eventEncryption(MAIL_KEY)(JSON.stringify({ email, name: 'Ada Lovelace' }));
const erased = async (accountId: string, email: string, erasureId = uuidv7()) =>
  event('account.erased.v1', accountId, { erasureId, accountId, contact: await contactOf(email) });
const confirmations = (accountId: string): EventData<'account.erasure-confirmed.v1'>[] =>
  shop.service.events.flatMap((one) =>
    one.type === 'account.erasure-confirmed.v1' && one.subject === accountId ? [one.data] : [],
  );
/** Everything in the database that has this text. */
async function cells(text: string): Promise<number> {
  const tables = [
    'mail',
    'account_contact',
    'suppression',
    'dead_letter',
    'erased_subject',
    'outbox',
    'unsubscription',
  ];
  const parts = tables.map((table) => `select 1 from ${table} t where t::text like $1`).join(' union all ');
  const { rows } = await shop.service.pool.query<{ n: number }>({
    text: `select count(*)::int as n from (${parts}) as found`,
    values: [`%${text}%`],
  });
  return rows[0]?.n ?? -1;
}
const subjectsTo = (address: string) => receivedBy(address).map(({ email }) => email.subject);

it('removes contact, mails and suppression, sends one last mail, and removes that too', async () => {
  const order = newOrder();
  const address = newAddress();
  await shop.publish(accountCreated(order.customerId, address), confirmed(order));
  await until(() => subjectsTo(address).length === 1);
  const again = await erased(order.customerId, address);
  // Twice at once, as one that is delivered again on another instance.
  await Promise.all([shop.publish(again), shop.publish(await erased(order.customerId, address))]);
  await until(() => subjectsTo(address).length === 2);
  expect(subjectsTo(address)[1]).toBe('Your account is erased – Test shop');
  await until(async () => {
    // The task looks again when an erasure is announced once more.
    await shop.publish(
      event('account.erased.v1', order.customerId, { erasureId: uuidv7(), accountId: order.customerId }),
    );
    return (await cells(address)) === 0;
  });
  await until(() => confirmations(order.customerId).at(-1)?.kept.length === 0);
  const versions = confirmations(order.customerId).map(({ version }) => version);
  expect(versions).toEqual(versions.toSorted((a, b) => a - b));
  expect(subjectsTo(address)).toHaveLength(2);
});

it('writes nothing of what comes late, in one batch with the erasure or afterwards', async () => {
  const order = newOrder();
  const address = newAddress();
  await shop.publish(
    contactChanged(order.customerId, address, 3),
    await erased(order.customerId, address),
    contactChanged(order.customerId, address, 4),
    delivered(order),
  );
  await until(() => subjectsTo(address).length === 1);
  await shop.publish(
    accountCreated(order.customerId, address),
    confirmed(order),
    contactChanged(order.customerId, address, 9),
  );
  const contacts = await shop.service.pool.query({
    text: 'select email from account_contact where account_id = $1',
    values: [order.customerId],
  });
  expect(contacts.rows).toEqual([]);
  const { rows } = await shop.service.pool.query<{ kind: string }>({
    text: 'select kind from mail where account_id = $1',
    values: [order.customerId],
  });
  expect(rows.filter(({ kind }) => kind !== 'account_erased')).toEqual([]);
  expect(subjectsTo(address)).toEqual(['Your account is erased – Test shop']);
});

it('removes mails to a guest, and leaves those to the seller of the order', async () => {
  const address = newAddress();
  const guest = await encryptedGuest({ email: address, name: 'Ada Lovelace', token: 'T0k3n' });
  const order = newOrder({ guest });
  const seller = newAddress();
  await shop.publish(accountCreated(order.sellerId, seller), confirmed(order));
  await until(() => subjectsTo(address).length === 1 && subjectsTo(seller).length === 1);
  await shop.publish(
    event('order.guest-erased.v1', order.orderId, { orderId: order.orderId, contact: await contactOf(address) }),
  );
  expect(await cells(address)).toBe(0);
  expect(await cells(seller)).toBeGreaterThan(0);
  await shop.publish(delivered(order));
  expect(await cells(address)).toBe(0);
  expect(confirmations(order.orderId)).toEqual([]);
});

it('removes mails to the address of a guest, writes no last mail, and confirms', async () => {
  const address = newAddress();
  const guest = await encryptedGuest({ email: address, name: 'Ada Lovelace', token: 'T0k3n' });
  await shop.publish(confirmed(newOrder({ guest })));
  await until(() => subjectsTo(address).length === 1);
  const data = { erasureId: uuidv7(), accountId: uuidv7(), guest: true, contact: await contactOf(address) };
  await shop.publish(event('account.erased.v1', data.accountId, data));
  expect(await cells(address)).toBe(0);
  const [confirmation] = await until(() => {
    const found = confirmations(data.accountId);
    return found.length > 0 && found;
  });
  expect(confirmation).toMatchObject({ erasureId: data.erasureId, kept: [] });
  expect(subjectsTo(address)).toHaveLength(1);
});
