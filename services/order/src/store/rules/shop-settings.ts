import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { ShopSettings } from '../../domain/shop-settings.ts';
import type { Versioned } from './rule-table.ts';

const columns =
  'version, country, vat_id as "vatId", reverse_charge as "reverseCharge", terms_url as "termsUrl", minimum_age as "minimumAge", currencies';

const read = sql('shop_settings.read', `select ${columns} from shop_settings`);

export const readShopSettings = async (db: Db): Promise<Versioned<ShopSettings>> =>
  settingsOf(await db.query<Versioned<ShopSettings>>(read()));

const replace = sql(
  'shop_settings.replace',
  `update shop_settings set version = version + 1, country = $1, vat_id = $2, reverse_charge = $3, terms_url = $4, minimum_age = $5,
      currencies = $6
    returning ${columns}`,
);

export const replaceShopSettings = async (
  tx: Tx,
  { country, vatId, reverseCharge, termsUrl, minimumAge, currencies }: ShopSettings,
): Promise<Versioned<ShopSettings>> =>
  settingsOf(
    await tx.query<Versioned<ShopSettings>>(replace([country, vatId, reverseCharge, termsUrl, minimumAge, currencies])),
  );

function settingsOf({ rows: [row] }: { rows: Versioned<ShopSettings>[] }): Versioned<ShopSettings> {
  if (!row) throw new Error('The row of shop_settings, which the migration inserts, is missing');
  return row;
}
