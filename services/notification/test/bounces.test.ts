import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { afterAll, beforeAll, expect, it, test } from 'vitest';
import { handleMailEvents } from '../src/actions/handle-events.ts';
import { readBounces } from '../src/actions/read-bounces.ts';
import { sendNextMail } from '../src/actions/send-mail.ts';
import type { OutgoingMail } from '../src/smtp/mail-sender.ts';
import { complaint, exim, postfix } from './report-mails.ts';
import { sendingContext } from './sending-context.ts';
import { accountCreated, confirmed, newAddress, newOrder } from './shop.ts';

let database: TestDatabase;
let maildir: string;
const sent: OutgoingMail[] = [];
const outcomes: string[] = [];
const ctx = () =>
  sendingContext(
    database.pool,
    {
      send: async (mail) => {
        sent.push(mail);
        return { status: 'sent' };
      },
      close: () => undefined,
    },
    { bounceAddress: 'bounces@shop.example' },
  );
beforeAll(async () => {
  [database, maildir] = await Promise.all([
    testDatabase(new URL('../migrations/', import.meta.url)),
    mkdtemp(path.join(tmpdir(), 'bounces-')),
  ]);
  for (const folder of ['new', 'cur', 'tmp']) await mkdir(path.join(maildir, folder));
});
afterAll(async () => {
  await database?.drop();
  if (maildir) await rm(maildir, { recursive: true });
});

/** A mail about an order that was sent, as its Message-ID and recipient. */
async function sendOne() {
  const [order, recipient] = [newOrder(), newAddress()];
  await database.pool.transaction((tx) =>
    handleMailEvents(tx, ctx(), [accountCreated(order.customerId, recipient), confirmed(order)]),
  );
  while ((await sendNextMail(ctx())) > 0);
  const mail = sent.find(({ to }) => to.address === recipient);
  if (!mail) throw new Error('The mail was not sent');
  return { recipient, messageId: mail.messageId, id: mail.bounceTag, accountId: order.customerId };
}

let count = 0;
const deliver = (raw: string | Buffer) => writeFile(path.join(maildir, 'new', `17638929${10 + ++count}.M1P1.mx`), raw);
/** Reads the mailbox until it is empty; what it said of each mail. */
async function read(): Promise<string[]> {
  outcomes.length = 0;
  while ((await readBounces({ ...ctx(), onReport: (outcome) => outcomes.push(outcome) }, maildir)) > 0);
  return [...outcomes];
}
async function stateOf({ id, recipient }: { id: string; recipient: string }) {
  const { rows } = await database.pool.query<{ status: string; last_problem: string | null; reason: string | null }>({
    text: 'select status, last_problem, (select reason from suppression where address = $2) as reason from mail where id = $1',
    values: [id, recipient],
  });
  return rows[0];
}

test.each([
  ['Postfix', postfix, 'bounce', ['bounced', '5.1.1 in a delivery report', 'bounce']],
  ['Exim, without an exact code', exim, 'bounce', ['bounced', '5.1.1 in a delivery report', 'bounce']],
  ['a provider whose reader calls it spam', complaint, 'complaint', ['sent', 'abuse report', 'complaint']],
] as const)(
  'a report of %s is recorded, and nothing is sent to the address any more',
  async (_, write, outcome, state) => {
    const mail = await sendOne();
    await deliver(write(mail));
    // Twice, as when the process is killed before it has removed the file.
    await deliver(write(mail).replaceAll('\n', '\r\n'));
    expect(await read()).toEqual([outcome, outcome]);
    expect(Object.values((await stateOf(mail)) ?? {})).toEqual(state);
    expect(await readdir(path.join(maildir, 'new'))).toEqual([]);
  },
);

test.each([
  [
    'a full mailbox',
    (mail: { messageId: string; recipient: string }) => postfix(mail, { status: '5.2.2' }),
    ['bounced', null],
  ],
  ['a policy', (mail) => exim(mail, '554 5.7.1 Message refused'), ['bounced', null]],
  ['a delay', (mail) => postfix(mail, { action: 'delayed', status: '4.4.1' }), ['sent', null]],
  ['a delivery', (mail) => postfix(mail, { action: 'delivered', status: '2.0.0' }), ['sent', null]],
  ['a reader who says that it is no spam', (mail) => complaint(mail, 'not-spam'), ['sent', null]],
] as [string, typeof exim, [string, null]][])('%s suppresses no address', async (_, write, [status, reason]) => {
  const mail = await sendOne();
  await deliver(write(mail));
  await read();
  expect(await stateOf(mail)).toMatchObject({ status, reason });
});

it('finds the mail by the address that the report came to, where it quotes nothing', async () => {
  const mail = await sendOne();
  const to = `bounces+${mail.id}@shop.example`;
  await deliver(postfix({ ...mail, messageId: '<elsewhere@relay.example>' }, { to }));
  await deliver(postfix({ ...mail, messageId: '<elsewhere@relay.example>' }, { to: `other+${mail.id}@shop.example` }));
  expect((await read()).sort()).toEqual(['bounce', 'unknown_mail']);
  expect(await stateOf(mail)).toMatchObject({ status: 'bounced', reason: 'bounce' });
});

it('suppresses only the address that the mail went to, and nothing by a mail that is not known', async () => {
  const mail = await sendOne();
  const victim = 'victim@example.com';
  await deliver(postfix({ messageId: mail.messageId, recipient: victim }));
  await deliver(postfix({ messageId: `<${uuidv7()}@shop.example>`, recipient: victim }));
  await deliver(postfix({ messageId: mail.messageId.replace('shop.example', 'evil.example'), recipient: victim }));
  expect((await read()).sort()).toEqual(['bounce', 'unknown_mail', 'unknown_mail']);
  expect(await stateOf({ id: mail.id, recipient: victim })).toMatchObject({ reason: null });
  expect(await stateOf(mail)).toMatchObject({ reason: 'bounce' });
});

it('keeps what is no report, flagged, and hostile mails hold up nothing', async () => {
  const mail = await sendOne();
  const parts = Array.from({ length: 300 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\n\n--b${n}\n`);
  await deliver('From: ada@example.com\nSubject: Hello\n\nIs my order on its way?\n');
  await deliver(Buffer.alloc(2 * 1024 * 1024, 'a'));
  await deliver(parts.join(''));
  await deliver(`${'X-Header: a\n'.repeat(50_000)}\n`);
  await deliver(Buffer.from([0xff, 0xfe, 0x00, 0x0a, 0x0a]));
  await deliver('');
  await symlink('/etc/passwd', path.join(maildir, 'new', '1763892990.M1P1.mx'));
  await mkdir(path.join(maildir, 'new', '1763892991.M1P1.mx'));
  await deliver(postfix(mail));
  // Many groups of a status, and none that says anything.
  await deliver(
    postfix(mail).replace(
      'Action: failed',
      `Action: delivered\n\n${'Action: failed\nStatus: \u0000;drop\n\n'.repeat(5000)}`,
    ),
  );
  const found = await read();
  expect(found.filter((outcome) => outcome === 'not_a_report')).toHaveLength(8);
  expect(found).toContain('bounce');
  expect((await readdir(path.join(maildir, 'cur'))).every((name) => name.endsWith(':2,F'))).toBe(true);
  expect((await stateOf(mail))?.last_problem).toMatch(/^5\.\d\.\d in a delivery report$/);
});

it('writes nothing of a person that is erased', async () => {
  const mail = await sendOne();
  await database.pool.query({ text: 'delete from mail where id = $1', values: [mail.id] });
  await deliver(postfix(mail));
  expect(await read()).toEqual(['unknown_mail']);
  const { rows } = await database.pool.query({
    text: 'select from suppression where address = $1',
    values: [mail.recipient],
  });
  expect(rows).toEqual([]);
});
