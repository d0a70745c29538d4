import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7, uuidv7Floor } from '@tradepost/postgres/uuid';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { type SmtpReaction, startSmtpServer, type TestSmtpServer } from '@tradepost/testing/smtp';
import { until } from '@tradepost/testing/until';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handleMailEvents } from '../src/actions/handle-events.ts';
import { createLeasedMails } from '../src/actions/leased-mails.ts';
import { removeOldMails } from '../src/actions/remove-old.ts';
import { sendNextMail } from '../src/actions/send-mail.ts';
import { createMailSender, type MailSender } from '../src/smtp/mail-sender.ts';
import { releaseLeases } from '../src/store/mail-leases.ts';
import { sendingContext } from './sending-context.ts';
import { accountCreated, confirmed, mailRequested, newAddress, newOrder, openShop, type Shop } from './shop.ts';

let smtp: TestSmtpServer;
beforeEach(async () => {
  smtp = await startSmtpServer();
});
afterEach(() => smtp?.close());

describe('a mail server with faults', () => {
  let shop: Shop;
  const open = async (settings: Record<string, string | number> = {}) => {
    shop = await openShop({ SMTP_URL: smtp.url, ...settings });
  };
  afterEach(async () => {
    // First, so that nothing that stalls holds up the stop.
    await smtp.close();
    await shop.stop();
  });

  it('gets every mail in the end, each with one Message-ID', async () => {
    await open({ SMTP_TIMEOUT_MS: 3_000 });
    const faults: SmtpReaction[] = [
      ...(['drop', 'stall', 'drop-reply'] as const),
      { at: 'RCPT', code: 451, enhanced: '4.7.1' },
      { at: 'MAIL', code: 421 },
      { at: 'DATA', code: 452 },
      { at: 'DATA', code: 554 },
    ];
    const readers = Array.from({ length: 14 }, (_, n) => ({
      to: newAddress(),
      fault: faults[n % faults.length] ?? 'drop',
    }));
    const faultOf = new Map(readers.map(({ to, fault }) => [to, fault]));
    smtp.react(({ to, attempt }) => (attempt <= 2 ? (faultOf.get(to) ?? 'accept') : 'accept'));
    await shop.publish(...(await Promise.all(readers.map(({ to }) => mailRequested('password_changed', { to })))));
    await until(async () => (await shop.mails()).every(({ status }) => status === 'sent'), {
      what: 'all mails to be sent',
    });
    for (const { to, fault } of readers) {
      const copies = smtp.received.filter((mail) => mail.to === to);
      // The server took the mail and did not say so: nobody can know, so it is sent again.
      expect(copies, JSON.stringify(fault)).toHaveLength(fault === 'drop-reply' ? 3 : 1);
      expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
      // Each attempt is one that the table knows of: nodemailer sends nothing again by itself.
      const mail = (await shop.mails()).find(({ recipient }) => recipient === to);
      expect(mail?.attempts).toBeGreaterThanOrEqual(smtp.attempts.filter((address) => address === to).length);
    }
  });

  it('holds up no other mail while it stalls', async () => {
    await open({ SMTP_TIMEOUT_MS: 60_000, MAIL_PARALLEL: 2 });
    const [stalled, ...others] = Array.from({ length: 6 }, newAddress);
    smtp.react(({ to }) => (to === stalled ? 'stall' : 'accept'));
    await shop.publish(await mailRequested('password_changed', { to: stalled ?? '' }));
    await until(() => smtp.attempts.includes(stalled ?? ''));
    for (const to of others) await shop.publish(await mailRequested('password_changed', { to }));
    await until(() => smtp.received.length === others.length);
    expect((await shop.mails())[0]).toMatchObject({ recipient: stalled, status: 'sending' });
  });

  it('gets mails over connections that stay open, and no more than is set', async () => {
    await open({ MAIL_PARALLEL: 3 });
    await shop.publish(
      ...(await Promise.all(Array.from({ length: 30 }, () => mailRequested('new_sign_in', { to: newAddress() })))),
    );
    await until(() => smtp.received.length === 30);
    expect(smtp.mostConnections).toBeLessThanOrEqual(3);
    // On a slow machine one may be closed meanwhile, since it was idle.
    expect(smtp.connections).toBeLessThan(15);
  });

  it('suppresses an address that it refuses for good, and writes to it no more', async () => {
    await open();
    const to = newAddress();
    smtp.react(() => ({ at: 'RCPT', code: 550, enhanced: '5.1.1' }));
    const [first, second] = [uuidv7(), uuidv7()];
    await shop.publish(await mailRequested('password_changed', { to, mailId: first }));
    const bounced = await shop.untilMail(`account-mail:${first}`, 'bounced');
    expect(bounced).toMatchObject({ attempts: 1, last_problem: '550 5.1.1 to RCPT TO' });
    smtp.react(() => 'accept');
    await shop.publish(await mailRequested('password_changed', { to: to.toUpperCase(), mailId: second }));
    await shop.untilMail(`account-mail:${second}`, 'suppressed');
    expect(smtp.received).toEqual([]);
  });

  it('suppresses no address when it refuses the sender', async () => {
    await open({ MAIL_MAX_ATTEMPTS: 2 });
    smtp.react(() => ({ at: 'RCPT', code: 550, enhanced: '5.7.1' }));
    const mailId = uuidv7();
    await shop.publish(await mailRequested('password_changed', { to: newAddress(), mailId }));
    await shop.untilMail(`account-mail:${mailId}`, 'failed');
    const { rows } = await shop.service.pool.query({ text: 'select from suppression' });
    expect(rows).toEqual([]);
  });
});

describe('instances', () => {
  let database: TestDatabase;
  let sender: MailSender;
  beforeEach(async () => {
    database = await testDatabase(new URL('../migrations/', import.meta.url));
    sender = createMailSender({
      ...{
        url: smtp.url,
        ca: undefined,
        from: 'orders@shop.example',
        replyTo: undefined,
        bounceAddress: undefined,
        parallel: 4,
        timeoutMs: 60_000,
      },
      cutOff: new AbortController().signal,
    });
  });
  afterEach(async () => {
    sender.close();
    await database.drop();
  });

  const write = async (count: number, ctx = sendingContext(database.pool, sender)): Promise<void> => {
    const events = await Promise.all(
      Array.from({ length: count }, () => mailRequested('new_sign_in', { to: newAddress() })),
    );
    await database.pool.transaction((tx) => handleMailEvents(tx, ctx, events));
  };
  const statuses = async () => {
    const { rows } = await database.pool.query<{ status: string }>({ text: 'select status from mail order by id' });
    return rows.map(({ status }) => status);
  };

  it('send a mail again that was sent and not recorded, once for each crash, with the same Message-ID', async () => {
    await write(1);
    let now = new Date(Date.now() + 1_000);
    const crashing = sendingContext(crashingAtRecord(database.pool), sender, { now: () => now });
    const healthy = sendingContext(database.pool, sender, { now: () => now });
    await expect(sendNextMail(crashing)).rejects.toThrow('killed');
    // The lease has not ended: nobody else sends it.
    expect(await sendNextMail(healthy)).toBe(0);
    now = new Date(now.getTime() + healthy.leaseMs);
    expect(await sendNextMail(healthy)).toBe(1);
    now = new Date(now.getTime() + healthy.leaseMs);
    expect(await sendNextMail(healthy)).toBe(0);
    expect(await statuses()).toEqual(['sent']);
    expect(smtp.received).toHaveLength(2);
    expect(new Set(smtp.received.map(({ messageId }) => messageId)).size).toBe(1);
  });

  it('send what they leased when they wrote it, or another one does once the lease has ended', async () => {
    let now = new Date(Date.now() + 1_000);
    const time = { now: () => now };
    const leasedMails = createLeasedMails({ max: 2, leaseMs: 60_000, spareMs: 1_000, pollMs: 1_000 });
    const writer = sendingContext(database.pool, sender, { ...time, leasedMails });
    const other = sendingContext(database.pool, sender, time);
    const sortedStatuses = async () => (await statuses()).sort();
    await write(3, writer);
    // There was room for two.
    expect(await sortedStatuses()).toEqual(['due', 'sending', 'sending']);
    expect([await sendNextMail(other), await sendNextMail(other)]).toEqual([1, 0]);
    expect(await sendNextMail(writer)).toBe(1);
    expect(await sortedStatuses()).toEqual(['sending', 'sent', 'sent']);
    // The last has waited for too long: the writer leaves it alone. Its lease has not ended yet.
    now = new Date(now.getTime() + 1_001);
    expect([await sendNextMail(writer), await sendNextMail(other)]).toEqual([0, 0]);
    now = new Date(now.getTime() + 60_000);
    expect(await sendNextMail(other)).toBe(1);
    expect(await statuses()).toEqual(['sent', 'sent', 'sent']);
    expect(smtp.received).toHaveLength(3);
  });

  it('give back what they leased and have not begun to send', async () => {
    const leasedMails = createLeasedMails({ max: 2, leaseMs: 60_000, spareMs: 1_000, pollMs: 1_000 });
    await write(2, sendingContext(database.pool, sender, { leasedMails }));
    await releaseLeases(database.pool, leasedMails.takeAll());
    expect(await statuses()).toEqual(['due', 'due']);
    const other = sendingContext(database.pool, sender);
    expect(await Promise.all([sendNextMail(other), sendNextMail(other), sendNextMail(other)])).toEqual([1, 1, 0]);
    const { rows } = await database.pool.query({ text: 'select attempts from mail' });
    expect(rows).toEqual([{ attempts: 1 }, { attempts: 1 }]);
  });

  it('never send one mail at the same time', async () => {
    await write(40);
    const inFlight = new Set<string>();
    const watched: MailSender = {
      async send(mail) {
        expect(inFlight.has(mail.messageId)).toBe(false);
        inFlight.add(mail.messageId);
        return sender.send(mail);
      },
      close: () => undefined,
    };
    const instance = async (): Promise<void> => {
      const ctx = sendingContext(database.pool, watched);
      while ((await sendNextMail(ctx)) > 0);
    };
    await Promise.all(Array.from({ length: 8 }, instance));
    expect(inFlight.size).toBe(40);
    expect(smtp.received).toHaveLength(40);
  });

  it('record no result of a lease that has ended', async () => {
    await write(1);
    let now = new Date(Date.now() + 1_000);
    const healthy = sendingContext(database.pool, sender, { now: () => now });
    const slow: MailSender = {
      async send() {
        // While it is being sent, the lease ends and another instance sends it.
        now = new Date(now.getTime() + healthy.leaseMs);
        await sendNextMail(healthy);
        return { status: 'retry', problem: 'slow' };
      },
      close: () => undefined,
    };
    await sendNextMail(sendingContext(database.pool, slow, { now: () => now }));
    expect(await statuses()).toEqual(['sent']);
  });

  it('see an address that another one is storing', async () => {
    const order = newOrder();
    const ctx = sendingContext(database.pool, sender);
    const written = Promise.withResolvers<void>();
    const commit = Promise.withResolvers<void>();
    const first = database.pool.transaction(async (tx) => {
      await handleMailEvents(tx, ctx, [confirmed(order)]);
      written.resolve();
      await commit.promise;
    });
    await written.promise;
    const second = database.pool.transaction((tx) =>
      handleMailEvents(tx, ctx, [
        accountCreated(order.customerId, newAddress()),
        accountCreated(order.sellerId, newAddress()),
      ]),
    );
    await Promise.race([second, untilSomebodyWaits(database.pool)]);
    commit.resolve();
    await Promise.all([first, second]);
    expect(await statuses()).toEqual(['due', 'due']);
  });

  it('remove mails after the days that are set', async () => {
    await write(3);
    const age = 'update mail set id = $1 where id = (select min(id::text)::uuid from mail)';
    await database.pool.query({ text: age, values: [uuidv7Floor(new Date(Date.now() - 91 * 24 * 3_600_000))] });
    const ctx = sendingContext(database.pool, sender);
    expect(await removeOldMails(ctx, { mailDays: 92, suppressionDays: 92 })).toBe(0);
    expect(await removeOldMails(ctx, { mailDays: 90, suppressionDays: 92 })).toBe(1);
    expect(await statuses()).toHaveLength(2);
  });
});

/** A pool whose process is killed when it records what became of a mail. */
const crashingAtRecord = (pool: Pool): Pool => ({
  ...pool,
  query: (statement) =>
    statement.name === 'mail.finish' ? Promise.reject(new Error('killed')) : pool.query(statement),
});

const untilSomebodyWaits = (pool: Pool) =>
  until(async () => {
    const { rows } = await pool.query({ text: "select from pg_locks where locktype = 'advisory' and not granted" });
    return rows.length > 0;
  });
