import type { AccountMail } from '@tradepost/contracts/account-mail';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData } from '@tradepost/contracts/events';
import { eventDecryption } from '@tradepost/runtime/event-encryption';
import { until } from '@tradepost/testing/until';
import { type Auth, MAIL_KEY } from './client.ts';

type Mail = EventData<'account.mail-requested.v1'>;

const decrypt = eventDecryption([MAIL_KEY]);

const isMail = (event: CloudEvent): event is CloudEvent & { data: Mail } => event.type === 'account.mail-requested.v1';

/** The mails of one kind that were requested to an address so far. */
export function mailsTo(auth: Auth, to: string, kind: AccountMail): Mail[] {
  return auth.events.flatMap((event) =>
    isMail(event) && event.data.to === to && event.data.mail === kind ? [event.data] : [],
  );
}

/** Waits for the nth mail of a kind to an address, and gives its token, as `notification` reads it. */
export async function tokenTo(auth: Auth, to: string, kind: AccountMail, nth = 1): Promise<string> {
  const mail = await until(() => mailsTo(auth, to, kind)[nth - 1], { what: `mail ${nth} of ${kind}` });
  return decrypt(mail.token ?? '');
}

/** The events of an account with a type, in order. */
export const eventsOf = (auth: Auth, accountId: string, type: string): CloudEvent[] =>
  auth.events.filter((event) => event.subject === accountId && event.type === type);

/**
 * Waits until all that was requested before is published: events leave the outbox in order, so the mail of a sign-up comes after them.
 * Work after a response is done by then as well if it was begun and the database has been asked: the caller waits for what shows that.
 */
export async function published(auth: Auth): Promise<void> {
  const { email } = await auth.someone();
  await until(() => mailsTo(auth, email, 'verify_email').length === 1);
}
