import { type Db, sql } from '@tradepost/postgres/db';
import type { VatIdAnswer } from '../domain/vat-id.ts';

const find = sql(
  'vat_id_check.find',
  'select is_valid, consultation_number from vat_id_check where vat_id = $1 and checked_at > $2',
);

/** What the register has answered about a VAT id after a moment; null where it was not asked. */
export async function vatIdAnswerSince(db: Db, vatId: string, since: Date): Promise<VatIdAnswer | null> {
  const { rows } = await db.query<{ is_valid: boolean; consultation_number: string | null }>(find([vatId, since]));
  const [row] = rows;
  return row ? { isValid: row.is_valid, consultationNumber: row.consultation_number } : null;
}

const keep = sql(
  'vat_id_check.keep',
  `insert into vat_id_check (vat_id, is_valid, consultation_number, checked_at) values ($1, $2, $3, $4)
    on conflict (vat_id) do update set is_valid = excluded.is_valid, consultation_number = excluded.consultation_number,
      checked_at = excluded.checked_at`,
);

export async function keepVatIdAnswer(
  db: Db,
  vatId: string,
  { isValid, consultationNumber }: VatIdAnswer,
  at: Date,
): Promise<void> {
  await db.query(keep([vatId, isValid, consultationNumber, at]));
}

const remove = sql('vat_id_check.remove', 'delete from vat_id_check where checked_at <= $1');

export async function removeVatIdAnswers(db: Db, until: Date): Promise<void> {
  await db.query(remove([until]));
}
