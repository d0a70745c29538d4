import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { expect, it } from 'vitest';
import { openShopWithMailServer } from './mail-server.ts';
import { accountCreated, confirmed, encryptedGuest, fulfilled, mailRequested, newAddress, newOrder } from './shop.ts';

const { shop, receivedBy } = await openShopWithMailServer();

const hostile = [
  'Ada\r\nBcc: victim@example.com',
  'Ada\nX-Injected: yes\n\n<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '</title></style><script>alert(1)</script>',
  'Ada <victim@example.com>, other@example.com',
  '\u202Egnp.exe\u2028\u0085Ada\u0007',
  '=?utf-8?B?QmNjOiB2aWN0aW1AZXhhbXBsZS5jb20=?=',
  "'; drop table mail; --",
  'x'.repeat(1_000),
];

it.each(hostile)('neither a header nor HTML comes of a hostile text: %#', async (text) => {
  const customer = newAddress();
  const order = newOrder({ number: text });
  for (const line of order.summary.lines) line.title = text;
  const guest = await encryptedGuest({ email: customer, name: text, token: text });
  await shop.publish(confirmed({ ...order, summary: { ...order.summary, guest } }));
  const parcel = fulfilled({ ...order, summary: { ...order.summary, guest } }, uuidv7());
  await shop.publish({ ...parcel, data: { ...parcel.data, carrier: `DHL ${text}`, trackingNumber: text } });
  await shop.publish(await mailRequested('new_sign_in', { to: customer, name: text, userAgent: text }));
  const mails = await until(() => {
    const found = receivedBy(customer);
    return found.length === 3 && found;
  });
  for (const { email, raw } of mails) {
    expect(email.bcc ?? []).toEqual([]);
    expect(email.to).toHaveLength(1);
    expect(email.to?.[0]?.address).toBe(customer);
    const names = raw
      .slice(0, raw.indexOf('\r\n\r\n'))
      .split(/\r\n(?![ \t])/)
      .map((line) => line.split(':')[0]?.toLowerCase() ?? '');
    expect(names.sort()).toEqual([
      ...['auto-submitted', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'],
    ]);
    expect(email.html).not.toMatch(/<script|<img/i);
    expect(email.subject).not.toMatch(/[\p{Cc}\u2028\u202E]/u);
    expect(Array.from(email.subject ?? '').length).toBeLessThanOrEqual(200);
  }
});

it('an address that is several is none', async () => {
  const order = newOrder();
  await shop.publish(accountCreated(order.customerId, 'a@example.com, b@example.com'), confirmed(order));
  await shop.untilMail(`order:${order.orderId}:confirmed`, 'failed');
});
