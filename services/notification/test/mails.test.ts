import { uuidv7 } from '@tradepost/postgres/uuid';
import { describe, expect, it } from 'vitest';
import { openShopWithMailServer } from './mail-server.ts';
import {
  accountCreated,
  cancelled,
  confirmed,
  contactChanged,
  delivered,
  encryptedGuest,
  fulfilled,
  lowStock,
  mailRequested,
  newAddress,
  newOrder,
  openShop,
  paymentNeeded,
  refunded,
  rejected,
  returned,
} from './shop.ts';

const { shop, smtp, receivedBy, untilReceived } = await openShopWithMailServer();

describe('mails about orders', () => {
  it('confirms an order to its customer, with lines and total, and sends each seller the own lines', async () => {
    const order = newOrder();
    const [customer, seller] = [newAddress(), newAddress()];
    const other = { sku: 'TEA', title: 'Green tea', sellerId: uuidv7(), quantity: 1 } as const;
    order.summary.lines.push({
      ...other,
      unitPrice: { amount: 650, currency: 'EUR' },
      total: { amount: 650, currency: 'EUR' },
    });
    await shop.publish(
      accountCreated(order.customerId, customer),
      accountCreated(order.sellerId, seller, 'Bob'),
      confirmed(order),
    );
    const [mail] = await untilReceived(customer);
    expect(mail?.email.subject).toBe('Your order T-100234 is confirmed – Test shop');
    expect(mail?.from).toBe('orders@shop.example');
    for (const part of [mail?.email.html, mail?.email.text]) {
      expect(part).toContain('Hello Ada Lovelace');
      expect(part).toContain('Blue mug');
      expect(part).toContain('€44.88');
      expect(part).toContain(`https://shop.example/orders/${order.orderId}`);
    }
    const [sale] = await untilReceived(seller);
    expect(sale?.email.text).toContain('Blue mug');
    expect(sale?.email.text).toContain(`https://shop.example/sell/orders/${order.orderId}`);
    expect(sale?.email.text).not.toContain('Green tea');
    expect(sale?.raw).not.toContain('Lovelace');
    expect(sale?.raw).not.toContain(customer);
  });

  it('writes one mail for each cause, although events repeat under other ids and come in any order', async () => {
    const order = newOrder();
    const customer = newAddress();
    const [parcel, refund, back] = [uuidv7(), uuidv7(), uuidv7()];
    const story = () => [
      returned(order, back),
      refunded(order, refund),
      delivered(order),
      fulfilled(order, parcel),
      fulfilled(order, uuidv7()),
      confirmed(order),
      cancelled(order),
      rejected(order),
      accountCreated(order.customerId, customer),
    ];
    const first = story();
    await shop.publish(...first);
    await shop.publish(...first, ...story().filter((one) => one.type !== 'order.fulfilled.v1'));
    await shop.publish(fulfilled(order, parcel));
    await untilReceived(customer, 8);
    const mails = (await shop.mails()).filter(({ cause }) => cause.includes(order.orderId));
    expect(mails.map(({ kind }) => kind).sort()).toEqual([
      ...['new_order', 'order_cancelled', 'order_confirmed', 'order_delivered'],
      ...['order_refunded', 'order_rejected', 'order_sent', 'order_sent', 'return_received'],
    ]);
    expect(receivedBy(customer)).toHaveLength(8);
    const arrived = receivedBy(customer).find(({ email }) => email.subject?.startsWith('Return received'));
    expect(arrived?.email.text).toMatch(/1 ×\s+Blue mug/);
    const sent = receivedBy(customer).find(({ email }) => email.subject?.includes('on its way'));
    expect(sent?.email.text).toContain(
      'https://www.dhl.com/global-en/home/tracking.html?tracking-id=00340434161094021501',
    );
  });

  it('writes to a guest, with the token that opens the order', async () => {
    const customer = newAddress();
    const guest = await encryptedGuest({ email: customer, name: 'Grace', token: 'a b+c/d' });
    const order = newOrder({ guest });
    await shop.publish(confirmed(order));
    const [mail] = await untilReceived(customer);
    expect(mail?.email.text).toContain(`https://shop.example/orders/${order.orderId}?token=a+b%2Bc%2Fd`);
    const [stored] = (await shop.mails()).filter(({ cause }) => cause === `order:${order.orderId}:confirmed`);
    expect(JSON.stringify(stored?.data)).not.toContain('a b+c');
  });

  it('writes no mail from an event without a summary', async () => {
    const order = newOrder();
    const { summary: _, ...data } = confirmed(order).data;
    await shop.publish({ ...confirmed(order), data });
    expect((await shop.mails()).filter(({ cause }) => cause.includes(order.orderId))).toEqual([]);
  });
});

describe('addresses', () => {
  it('sends a mail that waited for the address of its account', async () => {
    const order = newOrder();
    const customer = newAddress();
    await shop.publish(confirmed(order));
    await shop.untilMail(`order:${order.orderId}:confirmed`, 'waiting_for_address');
    await shop.publish(contactChanged(order.customerId, customer, 3));
    await untilReceived(customer);
  });

  it('uses the newest address, with the events in any order', async () => {
    const order = newOrder();
    const [old, current] = [newAddress(), newAddress()];
    await shop.publish(contactChanged(order.customerId, current, 2));
    await shop.publish(contactChanged(order.customerId, old, 1), accountCreated(order.customerId, old));
    await shop.publish(confirmed(order));
    await untilReceived(current);
    expect(receivedBy(old)).toEqual([]);
  });

  it('sends nothing twice and loses nothing when order and address are handled at the same time', async () => {
    const orders = Array.from({ length: 30 }, () => ({ order: newOrder(), customer: newAddress() }));
    await Promise.all(
      orders.flatMap(({ order, customer }) => [
        shop.publish(confirmed(order)),
        shop.publish(accountCreated(order.customerId, customer)),
      ]),
    );
    for (const { customer } of orders) expect(await untilReceived(customer)).toHaveLength(1);
  });
});

describe('a payment that is needed', () => {
  it('is asked for at once when it is a transfer, with the instructions', async () => {
    const order = newOrder();
    const customer = newAddress();
    await shop.publish(accountCreated(order.customerId, customer), paymentNeeded(order, 'transfer'));
    const [mail] = await untilReceived(customer);
    expect(mail?.email.text).toContain('IBAN DE02 1203 0000 0000 2020 51');
    expect(mail?.email.text).toContain('3 December 2026');
  });

  it('is not asked for once the order is confirmed, cancelled or rejected, with the events in any order', async () => {
    const later = await openShop({ SMTP_URL: smtp.url, MAIL_PAYMENT_DELAY_MS: 3_600_000 });
    try {
      for (const end of [confirmed, cancelled, rejected]) {
        for (const reason of ['declined', 'action'] as const) {
          const [before, after] = [newOrder(), newOrder()];
          await later.publish(
            accountCreated(before.customerId, newAddress()),
            accountCreated(after.customerId, newAddress()),
          );
          await later.publish(paymentNeeded(before, reason));
          await later.untilMail(`order:${before.orderId}:payment-needed:${reason}`, 'due');
          await later.publish(end(before));
          await later.publish(end(after));
          await later.publish(paymentNeeded(after, reason));
          for (const { orderId } of [before, after])
            await later.untilMail(`order:${orderId}:payment-needed:${reason}`, 'withdrawn');
        }
      }
    } finally {
      await later.stop();
    }
  });
});

describe('mails about stock', () => {
  it('inform a seller of low stock, once a day for each SKU', async () => {
    const [sellerId, seller, sku] = [uuidv7(), newAddress(), `MUG-${uuidv7()}`];
    const low = (available: number, time: string) => ({ ...lowStock(sku, sellerId, available), time });
    await shop.publish(
      low(3, '2026-11-23T08:00:00.000Z'),
      low(5, '2026-11-23T21:00:00.000Z'),
      accountCreated(sellerId, seller, 'Bob'),
      low(0, '2026-11-24T08:00:00.000Z'),
    );
    const mails = await untilReceived(seller, 2);
    expect(mails.map(({ email }) => email.subject).sort()).toEqual([
      'Low stock: Blue mug, 330 ml – Test shop',
      'Sold out: Blue mug, 330 ml – Test shop',
    ]);
    expect(mails.find(({ email }) => email.subject?.startsWith('Low'))?.email.text).toContain(sku);
    expect(await shop.mails().then((all) => all.filter(({ cause }) => cause.includes(sku)))).toHaveLength(2);
  });
});

describe('mails about accounts', () => {
  it('puts the token into the fragment of the link, and stores it encrypted only', async () => {
    const to = newAddress();
    const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
    const request = await mailRequested('reset_password', { to, token: 't/k+n', path: '/reset-password', expiresAt });
    await shop.publish(request, request);
    const [mail, again] = await untilReceived(to);
    expect(again).toBeUndefined();
    expect(mail?.email.text).toContain('https://shop.example/reset-password#token=t%2Fk%2Bn');
    const [stored] = (await shop.mails()).filter(({ recipient }) => recipient === to);
    expect(JSON.stringify(stored?.data)).not.toContain('t/k+n');
  });

  it('sends no mail whose link has ended', async () => {
    const to = newAddress();
    const mailId = uuidv7();
    const expiresAt = new Date(Date.now() - 1000).toISOString();
    await shop.publish(
      await mailRequested('verify_email', { to, mailId, token: 'x', path: '/verify-email', expiresAt }),
    );
    await shop.untilMail(`account-mail:${mailId}`, 'expired');
    expect(receivedBy(to)).toEqual([]);
  });

  it('leads to no other host', async () => {
    const to = newAddress();
    await shop.publish(await mailRequested('verify_email', { to, token: 'x', path: '//evil.example/verify' }));
    const [mail] = await untilReceived(to);
    expect(mail?.raw).not.toContain('evil.example');
  });

  it('sends every kind', async () => {
    const kinds = [
      'verify_email',
      'reset_password',
      'confirm_new_email',
      'email_changed',
      'password_changed',
      'new_sign_in',
      'second_factor_on',
      'second_factor_off',
      'second_factor_removed',
      'recovery_code_used',
      'passkey_added',
      'provider_connected',
      'provider_disconnected',
      'invitation',
    ] as const;
    for (const kind of kinds) {
      const to = newAddress();
      await shop.publish(await mailRequested(kind, { to, token: 'x', path: '/page', userAgent: 'Firefox' }));
      await untilReceived(to);
    }
  });
});
