import { type ErasingService, erasingServices, type KeptData } from '@tradepost/contracts/erasure';
import type { EventData } from '@tradepost/contracts/events';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** What one service has done about an erasure. */
export type ErasurePart = {
  service: ErasingService;
  /** Null: it has not confirmed yet. */
  confirmedAt: string | null;
  kept: KeptData[];
  completeAfter: string | null;
};

export type Erasure = {
  id: string;
  /** Of a guest, an id made of the address. */
  accountId: string;
  guest: boolean;
  requestedBy: string;
  requestedAt: Date;
  /** Name and address, encrypted; null once `notification` and `order` have confirmed. */
  contact: string | null;
  parts: ErasurePart[];
};

const columns = `e.id, e.account_id as "accountId", e.guest, e.requested_by as "requestedBy", e.requested_at as "requestedAt", e.contact,
  (select json_agg(json_build_object('service', p.service, 'kept', p.kept,
      'confirmedAt', to_char(p.confirmed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
      'completeAfter', to_char(p.complete_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by p.service)
    from erasure_part p where p.erasure_id = e.id) as parts`;

const insert = sql(
  'erasure.insert',
  `with e as (
     insert into erasure (id, account_id, guest, requested_by, requested_at, contact) values ($1, $2, $7, $3, $4, $5)
     on conflict (account_id) do nothing returning id
   )
   insert into erasure_part (erasure_id, service) select e.id, service from e, unnest($6::text[]) as service`,
);

/** Records an erasure; every service has still to confirm it. False if there is one already. */
export async function insertErasure(tx: Tx, erasure: Omit<Erasure, 'parts'>): Promise<boolean> {
  const { id, accountId, guest, requestedBy, requestedAt, contact } = erasure;
  const values = [id, accountId, requestedBy, requestedAt, contact, [...erasingServices], guest];
  return (await tx.query(insert(values))).rowCount > 0;
}

const renew = sql(
  'erasure.renew',
  `with e as (
     update erasure set requested_by = $2, requested_at = $3, contact = $4 where account_id = $1 returning id
   )
   update erasure_part p set confirmed_at = null from e where p.erasure_id = e.id`,
);

/** Begins an erasure of a guest again: every service has to confirm anew. */
export async function renewErasure(
  tx: Tx,
  o: Pick<Erasure, 'accountId' | 'requestedBy' | 'requestedAt' | 'contact'>,
): Promise<void> {
  await tx.query(renew([o.accountId, o.requestedBy, o.requestedAt, o.contact]));
}

const byId = sql('erasure.by-id', `select ${columns} from erasure e where e.id = $1`);
const byAccount = sql('erasure.by-account', `select ${columns} from erasure e where e.account_id = $1`);
const page = sql(
  'erasure.page',
  `select ${columns} from erasure e where $1::uuid is null or e.id < $1 order by e.id desc limit $2`,
);

export async function erasureById(db: Db, id: string): Promise<Erasure | undefined> {
  return (await db.query<Erasure>(byId([id]))).rows[0];
}

export async function erasureOfAccount(db: Db, accountId: string): Promise<Erasure | undefined> {
  return (await db.query<Erasure>(byAccount([accountId]))).rows[0];
}

/** Erasures after `before`, newest first. */
export async function pageOfErasures(db: Db, o: { before: string | undefined; limit: number }): Promise<Erasure[]> {
  return (await db.query<Erasure>(page([o.before ?? null, o.limit]))).rows;
}

const lock = sql('erasure.lock', 'select from erasure where id = any($1::uuid[]) order by id for no key update');

/**
 * Has the next statement wait for others who change these erasures. Whoever changes an erasure or its parts locks the erasure first, so
 * that none waits for another that waits for it.
 */
export const lockErasures = (tx: Tx, ids: readonly string[]): void => tx.queue(lock([ids]));

const confirm = sql(
  'erasure.confirm',
  `update erasure_part set version = $3, confirmed_at = $4, kept = $5, complete_after = $6
   where erasure_id = $1 and service = $2 and version < $3`,
);
const forgetContact = sql(
  'erasure.forget-contact',
  `update erasure set contact = null where id = $1 and not exists (
     select from erasure_part where erasure_id = $1 and service in ('notification', 'order') and confirmed_at is null
   )`,
);

/** Takes a confirmation over, unless a later one is there. The contact goes once who needs it has confirmed. */
export async function confirmPart(
  tx: Tx,
  { erasureId, service, version, kept, completeAfter }: EventData<'account.erasure-confirmed.v1'>,
  at: Date,
): Promise<void> {
  await tx.query(confirm([erasureId, service, version, at, kept, completeAfter ?? null]));
  if (service === 'notification' || service === 'order') await tx.query(forgetContact([erasureId]));
}

// A mail may have been asked for before the erasure and written after it: its link, with the address, is removed by this.
const lateTokens = sql(
  'erasure.late-tokens',
  `delete from verification where value in
     (select account_id::text from erasure where requested_at > now() - interval '2 hours')`,
);

/** Removes what a request that was under way has left of an account that was erased in the last two hours; returns how much. */
export async function removeLeftovers(db: Db): Promise<number> {
  return (await db.query(lateTokens())).rowCount;
}
