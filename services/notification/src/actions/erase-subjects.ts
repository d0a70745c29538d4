import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { ErasedContact } from '@tradepost/contracts/events';
import { isLocale } from '@tradepost/contracts/locales';
import type { Tx } from '@tradepost/postgres/db';
import { newEvent, outbox } from '@tradepost/postgres/outbox';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { Value } from 'typebox/value';
import {
  type Erasure,
  insertErasedSubjects,
  recentlyErased,
  removeData,
  removeLastMails,
  setLastMailId,
  takeUnconfirmed,
} from '../store/erased-subjects.ts';
import { insertMails, type MailToStore } from '../store/mails.ts';
import type { Context } from './context.ts';

export type ErasureEvent = CloudEvent<'account.erased.v1' | 'order.guest-erased.v1'>;

/** How long the mail that confirms an erasure may take: its attempts end sooner. */
const LAST_MAIL_MS = 3 * 86_400_000;

/** What an event asks to be erased. What cannot be decrypted is tried again, and ends as a dead letter. */
export async function erasureOf({ decrypt }: Context, event: ErasureEvent): Promise<Erasure> {
  const { contact } = event.data;
  const known = contact === undefined ? undefined : Value.Parse(ErasedContact, JSON.parse(await decrypt(contact)));
  return {
    id: event.type === 'account.erased.v1' ? event.data.accountId : event.data.orderId,
    erasureId: event.type === 'account.erased.v1' ? event.data.erasureId : undefined,
    isGuest: event.type !== 'account.erased.v1' || event.data.guest === true,
    contact: known && { ...known, email: known.email.trim().toLowerCase() },
  };
}

/**
 * Notes erasures and removes what is held of each. An account gets one more mail, which says so; it is removed once it is sent. The
 * transaction has locked the accounts and orders. Returns how many mails are due.
 */
export async function eraseSubjects(tx: Tx, ctx: Context, erasures: readonly Erasure[]): Promise<number> {
  if (erasures.length === 0) return 0;
  const now = ctx.now();
  const added = await insertErasedSubjects(tx, erasures, now);
  const addresses = erasures.flatMap(({ contact }) => (contact ? [contact.email] : []));
  await removeData(
    tx,
    erasures.map(({ id }) => id),
    addresses,
  );
  tx.onCommit(ctx.erasuresDue);
  let due = 0;
  for (const erasure of erasures) if (added.has(erasure.id)) due += await writeLastMail(tx, ctx, erasure);
  return due;
}

/** Who has no account is not told that one was erased. */
async function writeLastMail(tx: Tx, ctx: Context, { id, erasureId, isGuest, contact }: Erasure): Promise<number> {
  if (erasureId === undefined || isGuest || contact === undefined) return 0;
  const now = ctx.now();
  const mailId = uuidv7();
  const mail: MailToStore = {
    ...{
      id: mailId,
      cause: `erasure:${erasureId}`,
      locale: isLocale(contact.locale) ? contact.locale : ctx.defaultLocale,
      orderId: undefined,
      accountId: id,
    },
    content: { kind: 'account_erased', at: now.toISOString() },
    ...{ recipient: contact, dueAt: now, expiresAt: undefined },
    status: 'due',
  };
  await setLastMailId(tx, id, mailId);
  return (await insertMails(tx, [mail], now)).length;
}

/**
 * One round of the task: removes what requests and events that were under way have written since, removes last mails that are sent, and
 * confirms. Returns how much was done.
 */
export function finishErasures({ pool, now }: Context): Promise<number> {
  return pool.transaction(async (tx) => {
    const late = await removeData(tx, await recentlyErased(tx, now()), []);
    const sent = await removeLastMails(tx);
    const due = await takeUnconfirmed(tx);
    const completeAfter = new Date(now().getTime() + LAST_MAIL_MS).toISOString();
    await outbox.add(
      tx,
      due.map(({ accountId, erasureId, version, kept }) =>
        newEvent({
          ...{ source: 'notification', type: 'account.erasure-confirmed.v1', subject: accountId },
          data: {
            ...{ erasureId, accountId, service: 'notification', version, kept },
            ...(kept.length > 0 && { completeAfter }),
          },
        }),
      ),
    );
    return late + sent + due.length;
  });
}
