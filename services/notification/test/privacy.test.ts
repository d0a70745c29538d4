import { uuidv7 } from '@tradepost/postgres/uuid';
import { createLogger } from '@tradepost/runtime/log';
import { type SmtpReaction, startSmtpServer, type TestSmtpServer } from '@tradepost/testing/smtp';
import { until } from '@tradepost/testing/until';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountCreated, confirmed, encryptedGuest, mailRequested, newOrder, openShop, type Shop } from './shop.ts';

const secrets = ['ada.private', 'Adalina', 'token-of-ada', 'grace.private', 'token-of-grace'];
const ada = { to: 'ada.private@example.com', name: 'Adalina', token: 'token-of-ada', path: '/reset-password' };

const lines: string[] = [];
let smtp: TestSmtpServer;
let shop: Shop;
beforeAll(async () => {
  const destination = { write: (line: string) => void lines.push(line) };
  smtp = await startSmtpServer();
  shop = await openShop(
    { SMTP_URL: smtp.url, MAIL_MAX_ATTEMPTS: 2 },
    createLogger({ name: 'test', level: 'trace', destination }),
  );
});
afterAll(async () => {
  await smtp?.close();
  await shop?.stop();
});

async function resetPassword(reaction: SmtpReaction, status: string, token?: string): Promise<void> {
  smtp.react(() => reaction);
  const mailId = uuidv7();
  const request = await mailRequested('reset_password', { ...ada, mailId });
  await shop.publish(token === undefined ? request : { ...request, data: { ...request.data, token } });
  await shop.untilMail(`account-mail:${mailId}`, status);
}

it('writes no address, name or token to logs and metrics, also when something fails', async () => {
  const order = newOrder();
  const guest = await encryptedGuest({ email: 'grace.private@example.com', name: 'Adalina', token: 'token-of-grace' });
  await shop.publish(
    accountCreated(order.customerId, ada.to, ada.name),
    confirmed(order),
    confirmed(newOrder({ guest })),
  );
  await resetPassword('accept', 'sent');
  await resetPassword({ at: 'DATA', code: 554 }, 'failed');
  await resetPassword('drop', 'failed');
  await resetPassword('accept', 'failed', 'token-of-ada that is not encrypted');
  // What cannot be decrypted is tried again, which is logged. It is not awaited: it is a dead letter in the end.
  void shop.publish(confirmed(newOrder({ guest: 'token-of-grace' }))).catch(() => undefined);
  await until(() => lines.some((line) => line.includes('an event failed; retrying')));
  await resetPassword({ at: 'RCPT', code: 550 }, 'bounced');
  await shop.call('GET', `/api/v1/admin/notification/mails?to=${ada.to}`, { role: 'admin' });
  const metrics = await (await fetch(`${shop.service.managementUrl}/metrics`)).text();
  expect(metrics).toMatch(/tradepost_mail_outcomes_total\{[^}]*outcome="bounced"[^}]*\} 1/);
  expect(metrics).toMatch(/tradepost_mails\{[^}]*status="failed"[^}]*\} 3/);
  expect(metrics).toContain('tradepost_mail_oldest_due_seconds');
  expect(lines.some((line) => line.includes('a mail was not sent'))).toBe(true);
  for (const secret of secrets) {
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
    expect(metrics).not.toContain(secret);
  }
});
