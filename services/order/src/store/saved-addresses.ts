import type { Db, Tx } from '@tradepost/postgres/db';
import type { Address } from '../domain/order.ts';

export type SavedAddress = { id: string; address: Address; isDefault: boolean; createdAt: Date };

type Row = { id: string; address: Address; is_default: boolean; created_at: Date };

const columns = 'id, address, is_default, created_at';

const toSavedAddress = (row: Row): SavedAddress => ({
  id: row.id,
  address: row.address,
  isDefault: row.is_default,
  createdAt: row.created_at,
});

/** The default first, then the latest. */
export async function savedAddressesOf(db: Db, customerId: string): Promise<SavedAddress[]> {
  const { rows } = await db.query<Row>({
    name: 'saved-address.of-customer',
    text: `select ${columns} from saved_address where customer_id = $1 order by is_default desc, created_at desc, id`,
    values: [customerId],
  });
  return rows.map(toSavedAddress);
}

/** One change of a customer's addresses after another: which of them is the default concerns them all. */
export async function lockSavedAddresses(tx: Tx, customerId: string): Promise<void> {
  await tx.query({
    name: 'saved-address.lock',
    text: `select pg_advisory_xact_lock(hashtext('saved_address'), hashtext($1))`,
    values: [customerId],
  });
}

/** Makes it, or replaces it; null where the id is another's. */
export async function putSavedAddress(tx: Tx, customerId: string, saved: SavedAddress): Promise<SavedAddress | null> {
  const { rows } = await tx.query<Row>({
    name: 'saved-address.put',
    text: `insert into saved_address as s (id, customer_id, address, is_default, created_at)
      values ($1, $2, $3, $4, $5)
      on conflict (id) do update set address = excluded.address, is_default = excluded.is_default
        where s.customer_id = excluded.customer_id
      returning ${columns}`,
    values: [saved.id, customerId, JSON.stringify(saved.address), saved.isDefault, saved.createdAt],
  });
  return rows[0] ? toSavedAddress(rows[0]) : null;
}

/** Makes one the default, or none. */
export async function setDefaultAddress(tx: Tx, customerId: string, id: string | null): Promise<void> {
  // Two statements, since the index that allows one default looks after each row.
  await tx.query({
    name: 'saved-address.no-default',
    text: 'update saved_address set is_default = false where customer_id = $1 and is_default',
    values: [customerId],
  });
  if (id === null) return;
  await tx.query({
    name: 'saved-address.default',
    text: 'update saved_address set is_default = true where customer_id = $1 and id = $2',
    values: [customerId, id],
  });
}

export async function deleteSavedAddress(tx: Tx, customerId: string, id: string): Promise<void> {
  await tx.query({
    name: 'saved-address.delete',
    text: 'delete from saved_address where customer_id = $1 and id = $2',
    values: [customerId, id],
  });
}
