import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { PricingRules } from '../../domain/pricing/rules.ts';
import type { Versioned } from './rule-table.ts';

export type PricingSettings = Pick<PricingRules, 'taxIncluded' | 'taxRounding' | 'shippingTaxClass'>;

const columns =
  'version, tax_included as "taxIncluded", tax_rounding as "taxRounding", shipping_tax_class as "shippingTaxClass"';

const read = sql('pricing_settings.read', `select ${columns} from pricing_settings`);

export const readPricingSettings = async (db: Db): Promise<Versioned<PricingSettings>> =>
  settingsOf(await db.query<Versioned<PricingSettings>>(read()));

const lock = sql('pricing_settings.lock', 'select from pricing_settings for no key update');

/**
 * Lets one change of the pricing rules follow another, whichever table it is of: limits count all rows of a table, a zone is deleted
 * only without methods, and a code is of one promotion. The one row of the settings is the lock.
 */
export async function lockPricingRules(tx: Tx): Promise<void> {
  await tx.query(lock());
}

const replace = sql(
  'pricing_settings.replace',
  `update pricing_settings set version = version + 1, tax_included = $1, tax_rounding = $2, shipping_tax_class = $3
    returning ${columns}`,
);

export const replacePricingSettings = async (
  tx: Tx,
  { taxIncluded, taxRounding, shippingTaxClass }: PricingSettings,
): Promise<Versioned<PricingSettings>> =>
  settingsOf(await tx.query<Versioned<PricingSettings>>(replace([taxIncluded, taxRounding, shippingTaxClass])));

function settingsOf({ rows: [row] }: { rows: Versioned<PricingSettings>[] }): Versioned<PricingSettings> {
  if (!row) throw new Error('The row of pricing_settings, which the migration inserts, is missing');
  return row;
}
