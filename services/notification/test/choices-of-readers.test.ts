import { uuidv7 } from '@tradepost/postgres/uuid';
import type { ReceivedMail } from '@tradepost/testing/smtp';
import { until } from '@tradepost/testing/until';
import { describe, expect, it } from 'vitest';
import { openShopWithMailServer } from './mail-server.ts';
import {
  accountCreated,
  confirmed,
  contactChanged,
  delivered,
  encryptedGuest,
  event,
  lowStock,
  mailRequested,
  newAddress,
  newOrder,
} from './shop.ts';

const { shop, receivedBy, untilReceived } = await openShopWithMailServer();

describe('the language of a mail', () => {
  const subjectFor = async (address: string) => (await untilReceived(address)).at(-1)?.email.subject;
  const confirmedIn = {
    en: 'Your order T-100234 is confirmed – Test shop',
    de: 'Ihre Bestellung T-100234 ist bestätigt – Test shop',
    fr: 'Votre commande T-100234 est confirmée – Test shop',
    es: 'Su pedido T-100234 está confirmado – Test shop',
  };

  it('is that of the account, also where the order was placed in another one', async () => {
    const order = newOrder({ locale: 'es' });
    const [customer, seller] = [newAddress(), newAddress()];
    await shop.publish(
      accountCreated(order.customerId, customer, 'Ada', 'de'),
      accountCreated(order.sellerId, seller, 'Bob', 'fr'),
      confirmed(order),
    );
    expect(await subjectFor(customer)).toBe(confirmedIn.de);
    expect(await subjectFor(seller)).toBe('Nouvelle commande T-100234 – Test shop');
    const [mail] = receivedBy(customer);
    expect(mail?.email.text).toMatch(/44,88\s€/);
  });

  it('is that of the order for a guest, and for an account that has none; else that of the shop', async () => {
    const [guest, account, other] = [newAddress(), newAddress(), newAddress()];
    const contact = await encryptedGuest({ email: guest, name: 'Grace', token: 'x' });
    const [ofGuest, ofAccount, unknown] = [
      newOrder({ guest: contact, locale: 'fr' }),
      newOrder({ locale: 'es' }),
      newOrder({ locale: 'tlh' }),
    ];
    await shop.publish(
      accountCreated(ofAccount.customerId, account),
      accountCreated(unknown.customerId, other, 'Worf', 'tlh'),
      ...[ofGuest, ofAccount, unknown].map(confirmed),
    );
    expect(await subjectFor(guest)).toBe(confirmedIn.fr);
    expect(await subjectFor(account)).toBe(confirmedIn.es);
    expect(await subjectFor(other)).toBe(confirmedIn.en);
  });

  it('comes with the address for a mail that waited, and stays when a version of auth that has no language publishes the account', async () => {
    const order = newOrder();
    const customer = newAddress();
    await shop.publish(confirmed(order));
    await shop.untilMail(`order:${order.orderId}:confirmed`, 'waiting_for_address');
    await shop.publish(contactChanged(order.customerId, customer, 1, 'de'));
    expect(await subjectFor(customer)).toBe(confirmedIn.de);
    await shop.publish(contactChanged(order.customerId, customer, 2));
    await shop.publish(delivered(order));
    await untilReceived(customer, 2);
    expect(await subjectFor(customer)).toBe('Ihre Bestellung T-100234 wurde zugestellt – Test shop');
  });

  it('is that of the request for a mail about an account that is not known yet', async () => {
    const to = newAddress();
    await shop.publish(await mailRequested('password_changed', { to, locale: 'es' }));
    expect(await subjectFor(to)).toBe('La contraseña de su cuenta en Test shop ha cambiado – Test shop');
  });
});

describe('unsubscribing', () => {
  const admin = { role: 'admin' } as const;
  const one = 'https://shop.example/api/v1/mail/unsubscribe?token=';
  const urlIn = (mail: ReceivedMail | undefined) => /^List-Unsubscribe:\s*<([^>]+)>/im.exec(mail?.raw ?? '')?.[1] ?? '';
  /** A seller who has got a mail about an order, and what the header of the mail says. */
  async function seller() {
    const [order, address] = [newOrder(), newAddress()];
    const { sellerId: id } = order;
    await shop.publish(accountCreated(id, address, 'Bob'), confirmed(order));
    const [mail] = await untilReceived(address);
    return { id, address, mail, path: urlIn(mail).replace('https://shop.example', '') };
  }
  /** What a mail program does: no session, a form that it was told of. */
  const click = (path: string, method = 'POST', type = 'application/x-www-form-urlencoded') =>
    fetch(shop.service.url + path, {
      ...{ method, redirect: 'manual', headers: { 'content-type': type } },
      ...(method === 'POST' && { body: 'List-Unsubscribe=One-Click' }),
    });
  const statusesOf = async (accountId: string) =>
    (
      await shop.service.pool.query<{ kind: string; status: string }>({
        text: 'select kind, status from mail where account_id = $1 order by id',
        values: [accountId],
      })
    ).rows
      .map(({ kind, status }) => `${kind} ${status}`)
      .sort();
  const again = (sellerId: string) => confirmed(newOrderOf(sellerId));
  function newOrderOf(sellerId: string) {
    const order = newOrder();
    for (const line of order.summary.lines) line.sellerId = sellerId;
    return order;
  }

  it('ends mails of one kind by one click, with the headers of RFC 8058 and a link to a page in the mail', async () => {
    const { id, address, mail, path } = await seller();
    expect(urlIn(mail)).toContain(one);
    expect(mail?.raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r?$/m);
    expect(mail?.email.text).toContain('https://shop.example/unsubscribe#token=new_order.');
    for (const type of ['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      const answer = await click(path, 'POST', type);
      expect([answer.status, await answer.json()]).toEqual([200, { kind: 'new_order' }]);
    }
    await shop.publish(again(id), lowStock(`MUG-${uuidv7()}`, id, 2));
    await untilReceived(address, 2);
    await until(async () => (await statusesOf(id)).join() === 'low_stock sent,new_order sent,new_order withdrawn');
    const { items } = (await shop.call('GET', `/api/v1/admin/notification/mails?accountId=${id}&status=sent`, admin))
      .body;
    const sent = items.find(({ kind }: { kind: string }) => kind === 'new_order').id;
    const resend = await shop.call('POST', `/api/v1/admin/notification/mails/${sent}/resend`, {
      ...{ ...admin, headers: { 'idempotency-key': uuidv7() } },
    });
    expect([resend.status, resend.body.detail]).toEqual([409, 'The account does not want mails of this kind']);
  });

  it('is not done by a GET, which a scanner of mails does too: it leads to the page', async () => {
    const { id, path } = await seller();
    const answer = await click(path, 'GET');
    const token = path.split('=')[1];
    expect([answer.status, answer.headers.get('location')]).toEqual([
      303,
      `https://shop.example/unsubscribe#token=${token}`,
    ]);
    expect((await click(path, 'HEAD')).status).toBe(303);
    await shop.publish(again(id));
    await until(async () => (await statusesOf(id)).join() === 'new_order sent,new_order sent');
  });

  it('cancels the mails that are still to be sent, until the account wants it again', async () => {
    const sellerId = uuidv7();
    await shop.publish(again(sellerId));
    expect(await statusesOf(sellerId)).toEqual(['new_order waiting_for_address']);
    const settings = { new_order: false, low_stock: true };
    const headers = shop.service.issuer.headers({ role: 'seller', accountId: sellerId });
    const put = (body: unknown) => shop.call('PUT', '/api/v1/mail/settings', { headers, body });
    expect(await put(settings)).toMatchObject({ status: 200, body: settings });
    expect(await statusesOf(sellerId)).toEqual(['new_order withdrawn']);
    const address = newAddress();
    await shop.publish(accountCreated(sellerId, address));
    // And back.
    expect((await put({ new_order: true, low_stock: true })).status).toBe(200);
    await shop.publish(again(sellerId));
    await untilReceived(address);
    expect((await shop.call('GET', '/api/v1/mail/settings', { headers })).body).toEqual({
      new_order: true,
      low_stock: true,
    });
    expect((await shop.call('GET', '/api/v1/mail/settings')).status).toBe(401);
  });

  it('answers the same for an account that is erased, and writes nothing of it', async () => {
    const { id, path } = await seller();
    await click(path);
    await shop.publish(event('account.erased.v1', id, { erasureId: uuidv7(), accountId: id }));
    const rows = async () =>
      (await shop.service.pool.query({ text: 'select from unsubscription where account_id = $1', values: [id] }))
        .rowCount;
    expect(await rows()).toBe(0);
    const answer = await click(path);
    expect([answer.status, await answer.json()]).toEqual([200, { kind: 'new_order' }]);
    expect(await rows()).toBe(0);
  });

  it('is not possible with another token, nor for mails about orders and the safety of an account', async () => {
    const { id, path } = await seller();
    expect((await click(path.replace('new_order', 'low_stock'))).status).toBe(422);
    expect((await click(path.replace(/token=.*/, 'token=x'))).status).toBe(422);
    expect((await click('/api/v1/mail/unsubscribe')).status).toBe(400);
    const customer = newAddress();
    const order = newOrder();
    await shop.publish(accountCreated(order.customerId, customer), confirmed(order), again(id));
    await shop.publish(await mailRequested('new_sign_in', { to: customer }));
    for (const mail of await untilReceived(customer, 2)) {
      expect(mail.raw).not.toMatch(/unsubscribe/i);
    }
  });

  it('of two at once, a mail that is written and a reader who wants none, either order leaves nothing to be sent', async () => {
    for (let round = 0; round < 5; round++) {
      const sellerId = uuidv7();
      const headers = shop.service.issuer.headers({ role: 'seller', accountId: sellerId });
      await Promise.all([
        shop.publish(again(sellerId)),
        shop.call('PUT', '/api/v1/mail/settings', { headers, body: { new_order: false, low_stock: false } }),
      ]);
      expect(await statusesOf(sellerId)).toEqual(['new_order withdrawn']);
    }
  });
});
