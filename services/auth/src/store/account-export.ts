import { type Db, sql } from '@tradepost/postgres/db';

// No secrets: neither passwords nor hashes of tokens and keys.
const read = sql(
  'account-export.read',
  `select
    (select json_build_object('id', u.id, 'name', u.name, 'email', u.email, 'emailVerified', u.email_verified, 'locale', u.locale, 'role', u.role,
        'banned', u.banned, 'banReason', u.ban_reason, 'bannedUntil', u.ban_expires, 'createdAt', u.created_at, 'updatedAt', u.updated_at)
      from user_account u where u.id = $1) as account,
    (select coalesce(json_agg(json_build_object('id', s.id, 'createdAt', s.created_at, 'updatedAt', s.updated_at,
        'expiresAt', s.expires_at, 'ipAddress', s.ip_address, 'userAgent', s.user_agent) order by s.id), '[]')
      from session s where s.user_id = $1) as sessions,
    (select coalesce(json_agg(json_build_object('lastUsedAt', d.last_used_at) order by d.last_used_at), '[]')
      from known_device d where d.account_id = $1) as devices,
    (select coalesce(json_agg(json_build_object('id', k.id, 'name', k.name, 'start', k.start, 'createdAt', k.created_at,
        'expiresAt', k.expires_at, 'lastUsedAt', k.last_used_at) order by k.id), '[]')
      from api_key k where k.user_id = $1) as "apiKeys",
    (select coalesce(json_agg(json_build_object('provider', c.provider_id, 'createdAt', c.created_at, 'updatedAt', c.updated_at)), '[]')
      from credential c where c.user_id = $1) as credentials,
    (select coalesce(json_agg(json_build_object('issuer', i.issuer, 'subject', i.subject, 'email', i.email, 'createdAt', i.created_at,
        'lastUsedAt', i.last_used_at) order by i.id), '[]')
      from identity i where i.account_id = $1) as identities,
    (select coalesce(json_agg(json_build_object('email', v.email, 'createdAt', v.created_at, 'expiresAt', v.expires_at)), '[]')
      from verification v where v.value = $1::text) as "linksInMails"`,
);

/** All that `auth` holds of an account. `account` is null where there is none. */
export async function readAccountData(db: Db, accountId: string): Promise<Record<string, unknown>> {
  const { rows } = await db.query<Record<string, unknown>>(read([accountId]));
  return rows[0] ?? {};
}
