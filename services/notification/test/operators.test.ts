import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { locales } from '@tradepost/contracts/locales';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { startSmtpServer, type TestSmtpServer } from '@tradepost/testing/smtp';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampleMails } from '../src/domain/sample-mails.ts';
import { postfix } from './report-mails.ts';
import {
  accountCreated,
  confirmed,
  contactChanged,
  delivered,
  encryptedGuest,
  mailRequested,
  newAddress,
  newOrder,
  openShop,
  type Shop,
} from './shop.ts';

const base = '/api/v1/admin/notification';
const admin = { role: 'admin' } as const;

const MAIL_WEBHOOK_SECRET = 'k3Jx8vQ2mZ7rT5wL';

let smtp: TestSmtpServer;
let shop: Shop;
let maildir: string;
beforeAll(async () => {
  smtp = await startSmtpServer();
  maildir = await mkdtemp(join(tmpdir(), 'bounces-'));
  for (const folder of ['new', 'cur']) await mkdir(join(maildir, folder));
  const bounces = { MAIL_BOUNCES_MAILDIR: maildir, MAIL_BOUNCE_ADDRESS: 'bounces@shop.example' };
  shop = await openShop({ SMTP_URL: smtp.url, MAIL_WEBHOOK_SECRET, ...bounces });
});
afterAll(async () => {
  await smtp?.close();
  await shop?.stop();
  if (maildir) await rm(maildir, { recursive: true });
});

const list = async (query: string) => (await shop.call('GET', `${base}/mails?${query}`, admin)).body;

it('is for operators only', async () => {
  const id = uuidv7();
  const routes = [
    ...[
      ['GET', '/mails'],
      ['GET', `/mails/${id}`],
      ['POST', `/mails/${id}/resend`],
    ],
    ...[
      ['GET', '/suppressions'],
      ['DELETE', `/suppressions/${id}`],
      ['GET', '/previews'],
    ],
  ] as const;
  for (const [method, path] of routes) {
    expect((await shop.call(method, base + path)).status, path).toBe(401);
    for (const role of ['customer', 'seller'] as const) {
      expect((await shop.call(method, base + path, { role })).status, path).toBe(403);
    }
  }
});

describe('the log of mails', () => {
  it('finds mails by order, account, address and status, newest first, page by page', async () => {
    const order = newOrder();
    const customer = newAddress();
    await shop.publish(accountCreated(order.customerId, customer), confirmed(order));
    await shop.publish(delivered(order));
    await shop.untilMail(`order:${order.orderId}:confirmed`, 'sent');
    await shop.untilMail(`order:${order.orderId}:delivered`, 'sent');
    const first = await list(`orderId=${order.orderId}&limit=2`);
    const second = await list(`orderId=${order.orderId}&limit=2&cursor=${first.nextCursor}`);
    expect(first.items[0].kind).toBe('order_delivered');
    const kinds = [...first.items, ...second.items].map(({ kind }: { kind: string }) => kind);
    expect(kinds.toSorted()).toEqual(['new_order', 'order_confirmed', 'order_delivered']);
    expect(second.nextCursor).toBeNull();
    const mine = await list(`accountId=${order.customerId}&status=sent`);
    expect(mine.items).toHaveLength(2);
    expect(mine.items[1]).toMatchObject({
      to: customer,
      subject: 'Your order T-100234 is confirmed – Test shop',
      attempts: 1,
    });
    expect((await list(`to=${encodeURIComponent(customer)}`)).items).toHaveLength(2);
    expect((await list(`accountId=${order.sellerId}&status=waiting_for_address`)).items).toHaveLength(1);
  });

  it('shows a mail without the link that lets somebody in', async () => {
    const to = newAddress();
    const guest = await encryptedGuest({ email: to, name: 'Grace', token: 'guest-token' });
    await shop.publish(
      await mailRequested('reset_password', { to, token: 'reset-token', path: '/reset-password' }),
      confirmed(newOrder({ guest })),
    );
    const { items } = await until(async () => {
      const page = await list(`to=${to}&status=sent`);
      return page.items.length === 2 && page;
    });
    for (const { id } of items) {
      const { status, body } = await shop.call('GET', `${base}/mails/${id}`, admin);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/(reset|guest)-token/);
      expect(body.text).toContain('shown to its reader only');
      expect(body.messageId).toBe(`<${id}@shop.example>`);
    }
    expect((await shop.call('GET', `${base}/mails/${uuidv7()}`, admin)).status).toBe(404);
  });
});

describe('resend', () => {
  it('sends a mail again to the address of now, once for each key', async () => {
    const order = newOrder();
    const [old, current] = [newAddress(), newAddress()];
    await shop.publish(accountCreated(order.customerId, old), confirmed(order));
    const { id } = await shop.untilMail(`order:${order.orderId}:confirmed`, 'sent');
    await shop.publish(contactChanged(order.customerId, current, 1));
    const resend = (key: string, mail = id) =>
      shop.call('POST', `${base}/mails/${mail}/resend`, { ...admin, headers: { 'idempotency-key': key } });
    const [first, again] = await Promise.all([resend('key-1'), resend('key-1')]);
    expect(first).toMatchObject({ status: 201, body: { resentFrom: id, to: current } });
    expect(again.body.id).toBe(first.body.id);
    await until(() => smtp.received.some(({ to }) => to === current));
    expect((await resend('key-2')).body.id).not.toBe(first.body.id);
    await until(() => smtp.received.filter(({ to }) => to === current).length === 2);
    expect((await resend('key-1', first.body.id)).body.code).toBe('idempotency_key_reused');
    expect((await resend('key-3', uuidv7())).status).toBe(404);
    expect((await shop.call('POST', `${base}/mails/${id}/resend`, admin)).body.code).toBe('idempotency_key_required');
  });

  it('sends no link that has ended, and nothing that is still to be sent', async () => {
    const mailId = uuidv7();
    const expiresAt = new Date(Date.now() - 1).toISOString();
    await shop.publish(
      await mailRequested('reset_password', { to: newAddress(), mailId, token: 'x', path: '/r', expiresAt }),
    );
    const order = newOrder();
    await shop.publish(confirmed(order));
    const expired = await shop.untilMail(`account-mail:${mailId}`, 'expired');
    const waiting = await shop.untilMail(`order:${order.orderId}:confirmed`, 'waiting_for_address');
    for (const { id } of [expired, waiting]) {
      const answer = await shop.call('POST', `${base}/mails/${id}/resend`, {
        ...admin,
        headers: { 'idempotency-key': uuidv7() },
      });
      expect(answer.body.code).toBe('conflict');
    }
  });
});

it('lists addresses that nothing is sent to, and allows them again', async () => {
  const to = newAddress();
  smtp.react(() => ({ at: 'RCPT', code: 550, enhanced: '5.1.1' }));
  const mailId = uuidv7();
  await shop.publish(await mailRequested('password_changed', { to, mailId }));
  await shop.untilMail(`account-mail:${mailId}`, 'bounced');
  smtp.react(() => 'accept');
  const { items } = (await shop.call('GET', `${base}/suppressions?address=${to}`, admin)).body;
  expect(items).toMatchObject([{ address: to, reason: 'bounce', detail: '550 5.1.1 to RCPT TO' }]);
  expect((await shop.call('DELETE', `${base}/suppressions/${items[0].id}`, admin)).status).toBe(204);
  expect((await shop.call('DELETE', `${base}/suppressions/${items[0].id}`, admin)).status).toBe(404);
  await shop.publish(await mailRequested('password_changed', { to }));
  await until(() => smtp.received.some((mail) => mail.to === to));
});

it('reads the mailbox of bounces, whose address is one for each mail', async () => {
  const to = newAddress();
  const mailId = uuidv7();
  await shop.publish(await mailRequested('password_changed', { to, mailId }));
  const { id } = await shop.untilMail(`account-mail:${mailId}`, 'sent');
  expect(smtp.received.find((mail) => mail.to === to)?.from).toBe(`bounces+${id}@shop.example`);
  const report = postfix({ messageId: `<${id}@shop.example>`, recipient: to });
  await writeFile(join(maildir, 'new', '1763892904.M1P1.mx'), report);
  await shop.untilMail(`account-mail:${mailId}`, 'bounced');
});

it('previews every kind of mail in every language', async () => {
  const { status, headers, body } = await shop.call('GET', `${base}/previews`, admin);
  expect(status).toBe(200);
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(body.match(/<iframe sandbox="allow-popups/g)).toHaveLength(sampleMails.length * locales.length);
  expect(body).toContain('Vielen Dank für Ihre Bestellung');
});

describe('without a mail server', () => {
  it('keeps mails, and shows them with their links where that is allowed', async () => {
    const local = await openShop({ MAIL_PAGE: true });
    try {
      const mailId = uuidv7();
      await local.publish(
        await mailRequested('verify_email', { to: 'ada@example.com', mailId, token: 'secret', path: '/verify' }),
      );
      const { id } = await local.untilMail(`account-mail:${mailId}`, 'kept');
      const page = await local.call('GET', '/mail');
      expect(page.body).toContain(`/mail/${id}`);
      expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
      const mail = await local.call('GET', `/mail/${id}`);
      expect(mail.body).toContain('https://shop.example/verify#token=secret');
      expect(mail.body).toMatch(/<iframe sandbox="allow-popups allow-popups-to-escape-sandbox"/);
      expect((await local.call('GET', `/mail/${uuidv7()}`)).status).toBe(404);
    } finally {
      await local.stop();
    }
  });

  it('has no such page otherwise, and never in production', async () => {
    expect((await shop.call('GET', '/mail')).status).toBe(404);
    await expect(openShop({ MAIL_PAGE: true, NODE_ENV: 'production' })).rejects.toThrow('MAIL_PAGE');
  });
});

describe('the webhook for bounces', () => {
  const post = (address: string, secret?: string, type = 'complaint') =>
    shop.call('POST', '/api/v1/mail/bounces', {
      body: { address, type },
      ...(secret !== undefined && { headers: { 'x-webhook-secret': secret } }),
    });

  it('suppresses an address, any number of times', async () => {
    const to = newAddress();
    for (const address of [to, to.toUpperCase()]) expect((await post(address, MAIL_WEBHOOK_SECRET)).status).toBe(204);
    const mailId = uuidv7();
    await shop.publish(await mailRequested('password_changed', { to, mailId }));
    await shop.untilMail(`account-mail:${mailId}`, 'suppressed');
    const { items } = (await shop.call('GET', `${base}/suppressions?address=${to}`, admin)).body;
    expect(items).toMatchObject([{ reason: 'complaint' }]);
  });

  it('is closed without the secret', async () => {
    const to = newAddress();
    for (const secret of [undefined, '', 'k3Jx8vQ2mZ7rT5wM', `${MAIL_WEBHOOK_SECRET} `.repeat(2)]) {
      expect((await post(to, secret)).status).toBe(401);
    }
    expect((await post(to, MAIL_WEBHOOK_SECRET, 'other')).status).toBe(400);
    expect((await shop.call('GET', `${base}/suppressions?address=${to}`, admin)).body.items).toEqual([]);
  });
});
