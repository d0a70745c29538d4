import type { Locale } from '@tradepost/contracts/locales';
import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** `locale` is null while the account has not said one. */
export type Contact = { accountId: string; email: string; name: string; locale: Locale | null; version: number };

const columns = columnArrays<Contact>({
  account_id: ['uuid', ({ accountId }) => accountId],
  email: ['text', ({ email }) => email],
  name: ['text', ({ name }) => name],
  locale: ['text', ({ locale }) => locale],
  version: ['int', ({ version }) => version],
});
// An event of a version of `auth` that does not know languages leaves the one that is there.
const save = sql(
  'contact.save',
  `insert into account_contact as c (account_id, email, name, locale, version)
    select account_id, email, name, locale, version from ${columns.unnest('t')}
    on conflict (account_id) do update set email = excluded.email, name = excluded.name,
      locale = coalesce(excluded.locale, c.locale), version = excluded.version
      where c.version < excluded.version`,
);

/** Takes over addresses, each unless a later version is there already. At most one for each account. */
export async function saveContacts(tx: Tx, contacts: readonly Contact[]): Promise<void> {
  if (contacts.length > 0) await tx.query(save(columns.values(contacts)));
}

const read = sql(
  'contact.read',
  'select account_id as "accountId", email, name, locale, version from account_contact where account_id = any($1::uuid[])',
);

/** The addresses of accounts, as far as they are known. */
export async function contactsOf(db: Db, accountIds: readonly string[]): Promise<Map<string, Contact>> {
  if (accountIds.length === 0) return new Map();
  const { rows } = await db.query<Contact>(read([accountIds]));
  return new Map(rows.map((row) => [row.accountId, row]));
}
