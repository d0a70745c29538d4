import { uuidv7 } from '@tradepost/postgres/uuid';
import { createLogger } from '@tradepost/runtime/log';
import { startSmtpServer } from '@tradepost/testing/smtp';
import { expect, it } from 'vitest';
import { accountCreated, confirmed, encryptedGuest, mailRequested, newOrder, openShop } from './shop.ts';

it('writes no address, name or token to logs and metrics, whatever goes wrong', async () => {
  const lines: string[] = [];
  const log = createLogger({
    name: 'test',
    level: 'trace',
    destination: { write: (line: string) => void lines.push(line) },
  });
  const smtp = await startSmtpServer();
  const shop = await openShop({ SMTP_URL: smtp.url, MAIL_MAX_ATTEMPTS: 2 }, log);
  const secrets = ['ada.private', 'Adalina', 'token-of-ada', 'grace.private', 'token-of-grace'];
  const person = { to: 'ada.private@example.com', name: 'Adalina', token: 'token-of-ada', path: '/reset-password' };
  try {
    const ids = Array.from({ length: 5 }, () => uuidv7());
    const [sent = '', refused = '', dropped = '', bounced = '', unreadable = ''] = ids;
    const order = newOrder();
    const guest = await encryptedGuest({
      email: 'grace.private@example.com',
      name: 'Adalina',
      token: 'token-of-grace',
    });
    await shop.publish(
      accountCreated(order.customerId, 'ada.private@example.com', 'Adalina'),
      confirmed(order),
      confirmed(newOrder({ guest })),
    );
    await shop.publish(await mailRequested('reset_password', { ...person, mailId: sent }));
    await shop.untilMail(`account-mail:${sent}`, 'sent');
    smtp.react(() => ({ at: 'DATA', code: 554 }));
    await shop.publish(await mailRequested('reset_password', { ...person, mailId: refused }));
    await shop.untilMail(`account-mail:${refused}`, 'failed');
    smtp.react(() => 'drop');
    await shop.publish(await mailRequested('reset_password', { ...person, mailId: dropped }));
    await shop.untilMail(`account-mail:${dropped}`, 'failed');
    const request = await mailRequested('reset_password', { ...person, mailId: unreadable });
    await shop.publish({ ...request, data: { ...request.data, token: 'token-of-ada that is not encrypted' } });
    await shop.untilMail(`account-mail:${unreadable}`, 'failed');
    // Cannot be decrypted: a dead letter in the end, after retries that are logged.
    await shop.publish(confirmed(newOrder({ guest: 'token-of-grace' })));
    smtp.react(() => ({ at: 'RCPT', code: 550 }));
    await shop.publish(await mailRequested('reset_password', { ...person, mailId: bounced }));
    await shop.untilMail(`account-mail:${bounced}`, 'bounced');
    await shop.call('GET', '/api/v1/admin/notification/mails?to=ada.private@example.com', { role: 'admin' });
    const metrics = await (await fetch(`${shop.service.managementUrl}/metrics`)).text();
    expect(metrics).toMatch(/tradepost_mail_outcomes_total\{[^}]*outcome="bounced"[^}]*\} 1/);
    expect(metrics).toMatch(/tradepost_mails\{[^}]*status="failed"[^}]*\} 3/);
    expect(metrics).toContain('tradepost_mail_oldest_due_seconds');
    expect(lines.some((line) => line.includes('a mail was not sent'))).toBe(true);
    for (const secret of secrets) {
      expect(lines.filter((line) => line.includes(secret))).toEqual([]);
      expect(metrics).not.toContain(secret);
    }
  } finally {
    await smtp.close();
    await shop.stop();
  }
});
