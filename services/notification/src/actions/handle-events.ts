import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { GuestContact } from '@tradepost/contracts/events';
import { isLocale } from '@tradepost/contracts/locales';
import type { Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { Value } from 'typebox/value';
import type { NewMail } from '../domain/mail.ts';
import {
  type LowStock,
  type MailRequest,
  mailOfLowStock,
  mailOfRequest,
  mailsOfOrderEvent,
  type OrderEvent,
} from '../domain/mails-of-event.ts';
import { isOptional } from '../domain/optional-mails.ts';
import { type Contact, contactsOf, saveContacts } from '../store/contacts.ts';
import { erasedAmong } from '../store/erased-subjects.ts';
import { lockSubjects } from '../store/locks.ts';
import type { LeasedMail } from '../store/mail-leases.ts';
import { insertMails, type MailToStore, releaseMails } from '../store/mails.ts';
import { settledAmong, settleOrders } from '../store/settled-orders.ts';
import { unsubscriptionsOf } from '../store/unsubscriptions.ts';
import type { Context } from './context.ts';
import { type ErasureEvent, eraseSubjects, erasureOf } from './erase-subjects.ts';

export type ContactEvent = CloudEvent<'account.created.v1' | 'account.contact-changed.v1'>;
/** Every event that this service consumes. */
export type MailEvent = ContactEvent | MailRequest | OrderEvent | LowStock | ErasureEvent;

/**
 * Writes the mails that a batch of events calls for, in a handful of statements. Orders and accounts are locked first, so that the events of
 * one of them have the same effect in any order and on any number of instances: a mail waits for its address or finds it, and a request for
 * payment is withdrawn or not written. Nothing is written of an account or order that was erased, in this batch or before.
 */
export async function handleMailEvents(tx: Tx, ctx: Context, events: readonly MailEvent[]): Promise<void> {
  const now = ctx.now();
  const erasures = await Promise.all(events.filter(isErasure).map((event) => erasureOf(ctx, event)));
  const wanted = (await Promise.all(events.map((event) => mailsOf(ctx, event, now)))).flat();
  const announced = newestContacts(events);
  const settled = events.flatMap((event) => (settles(event) ? [event.data.orderId] : []));
  const subjects = [...subjectsOf(wanted, announced, settled), ...erasures.map(({ id }) => id)];
  lockSubjects(tx, subjects);
  const last = await eraseSubjects(tx, ctx, erasures);
  const erased = await erasedAmong(tx, subjects);
  const contacts = announced.filter(({ accountId }) => !erased.has(accountId));
  const mails = wanted.filter(({ accountId, orderId }) => !erased.has(accountId ?? orderId ?? ''));
  await saveContacts(tx, contacts);
  settleOrders(tx, settled, now);
  const released = await releaseMails(tx, contacts);
  const written = await writeMails(tx, ctx, mails, now);
  const leased = written.filter(({ status }) => status === 'sending');
  const due = released + last + written.filter(({ status, dueAt }) => status === 'due' && dueAt <= now).length;
  tx.onCommit(() => {
    ctx.leasedMails.add(leased);
    if (due > 0) ctx.leasedMails.lookSoon();
    if (due + leased.length > 0) ctx.mailsDue(due + leased.length);
  });
}

async function mailsOf(ctx: Context, event: MailEvent, now: Date): Promise<NewMail[]> {
  const writing = { now, paymentDelayMs: ctx.paymentDelayMs };
  if (isContactEvent(event) || isErasure(event)) return [];
  if (event.type === 'account.mail-requested.v1') return [mailOfRequest(event, writing)];
  if (event.type === 'stock.low.v1') return [mailOfLowStock(event, writing)];
  const encrypted = event.data.summary?.guest;
  // What cannot be decrypted is tried again, and ends as a dead letter, for an operator to replay with the right MAIL_KEY.
  const guest =
    encrypted === undefined ? undefined : Value.Parse(GuestContact, JSON.parse(await ctx.decrypt(encrypted)));
  return mailsOfOrderEvent(event, guest, writing);
}

const isContactEvent = (event: MailEvent): event is ContactEvent =>
  event.type === 'account.created.v1' || event.type === 'account.contact-changed.v1';

const isErasure = (event: MailEvent): event is ErasureEvent =>
  event.type === 'account.erased.v1' || event.type === 'order.guest-erased.v1';

/** Whether an order needs no payment after this event. */
const settles = (event: MailEvent): event is OrderEvent =>
  event.type === 'order.confirmed.v1' || event.type === 'order.cancelled.v1' || event.type === 'order.rejected.v1';

function newestContacts(events: readonly MailEvent[]): Contact[] {
  const newest = new Map<string, Contact>();
  for (const event of events) {
    if (!isContactEvent(event)) continue;
    const { accountId, email, name, locale } = event.data;
    const version = event.type === 'account.created.v1' ? 0 : event.data.version;
    if (version >= (newest.get(accountId)?.version ?? 0))
      newest.set(accountId, {
        ...{ accountId, email: email.trim().toLowerCase(), name, version },
        locale: isLocale(locale) ? locale : null,
      });
  }
  return [...newest.values()];
}

const subjectsOf = (mails: readonly NewMail[], contacts: readonly Contact[], settled: readonly string[]): string[] => [
  ...mails.flatMap(({ orderId, accountId }) => [orderId, accountId].filter((id) => id !== undefined)),
  ...contacts.map(({ accountId }) => accountId),
  ...settled,
];

/** The accounts of mails that can be unsubscribed from. */
const sellersOf = (mails: readonly NewMail[]): string[] => [
  ...new Set(mails.flatMap(({ accountId, content: { kind } }) => (accountId && isOptional(kind) ? [accountId] : []))),
];

async function writeMails(tx: Tx, ctx: Context, mails: readonly NewMail[], now: Date): Promise<LeasedMail[]> {
  const payments = mails.flatMap(({ content, orderId }) =>
    content.kind === 'payment_needed' && orderId ? [orderId] : [],
  );
  const settled = await settledAmong(tx, payments);
  const accountIds = mails.flatMap(({ accountId }) => (accountId === undefined ? [] : [accountId]));
  const contacts = await contactsOf(tx, [...new Set(accountIds)]);
  const unwanted = await unsubscriptionsOf(tx, sellersOf(mails));
  let room = ctx.leasedMails.room();
  const rows = mails.map((mail): MailToStore => {
    const { to, locale, ...rest } = mail;
    const contact = rest.accountId === undefined ? undefined : contacts.get(rest.accountId);
    const recipient = to ?? contact;
    const { kind } = rest.content;
    const isSettled = kind === 'payment_needed' && settled.has(rest.orderId ?? '');
    const isUnwanted = isOptional(kind) && unwanted.get(rest.accountId ?? '')?.has(kind);
    const status = isSettled || isUnwanted ? 'withdrawn' : recipient === undefined ? 'waiting_for_address' : 'due';
    // What the account has set counts more than what a browser asked for at the checkout.
    const leasedUntil =
      status === 'due' && rest.dueAt <= now && room-- > 0 ? ctx.leasedMails.leaseFrom(now) : undefined;
    return {
      ...{ ...rest, id: uuidv7(), recipient, status, leasedUntil },
      locale: contact?.locale ?? locale ?? ctx.defaultLocale,
    };
  });
  return insertMails(tx, rows, now);
}
