import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AccountMail } from '@tradepost/contracts/account-mail';
import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import type { EventData } from '@tradepost/contracts/events';
import type { Pool } from '@tradepost/postgres/pool';
import { eventDecryption } from '@tradepost/runtime/event-encryption';
import { until } from '@tradepost/testing/until';
import { type DemoShop, mailKey } from './shop.ts';
import { databaseOf } from './staff.ts';

type Mail = EventData<'account.mail-requested.v1'>;

export type RequestedMails = {
  /** The path and fragment of the link in the last mail of a kind to an address, as `notification` writes it. */
  linkTo(email: string, kind: AccountMail): Promise<string>;
  close(): Promise<void>;
};

/** The mails about accounts that the shop asks for from now on. */
export async function openRequestedMails(shop: Pick<DemoShop, 'data'>): Promise<RequestedMails> {
  const auth = await databaseOf(shop, 'auth');
  const secrets = JSON.parse(await readFile(join(shop.data, 'secrets.json'), 'utf8'));
  const decrypt = eventDecryption([secrets.MAIL_KEY ?? mailKey]);
  await keepMails(auth);
  return {
    async linkTo(email, kind) {
      const { path, token } = await until(() => lastMail(auth, email, kind), { what: `the mail ${kind}` });
      return `${path}#token=${await decrypt(token ?? '')}`;
    },
    close: () => auth.end(),
  };
}

/** Copies the requests for mails out of the outbox, from which they go as soon as they are published. Several files do so at once. */
async function keepMails(auth: Pool): Promise<void> {
  await auth.transaction(async (tx) => {
    await tx.query({ text: `select pg_advisory_xact_lock(hashtextextended('requested_mail', 0))` });
    await tx.query({
      text: `create table if not exists requested_mail (id bigint generated always as identity, event json not null)`,
    });
    await tx.query({
      text: `create or replace function keep_mail() returns trigger language plpgsql as $$
        begin insert into requested_mail (event) values (new.event); return null; end $$`,
    });
    await tx.query({
      text: `create or replace trigger keep_mail after insert on outbox for each row
        when (new.event->>'type' = 'account.mail-requested.v1') execute function keep_mail()`,
    });
  });
}

async function lastMail(auth: Pool, to: string, kind: AccountMail): Promise<Mail | undefined> {
  const { rows } = await auth.query<{ event: CloudEvent & { data: Mail } }>({
    text: `select event from requested_mail where event->'data'->>'to' = $1 and event->'data'->>'mail' = $2
      order by id desc limit 1`,
    values: [to, kind],
  });
  return rows[0]?.event.data;
}
