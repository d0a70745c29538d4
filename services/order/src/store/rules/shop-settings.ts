import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import type { ShopSettings } from '../../domain/shop-settings.ts';
import type { Versioned } from './rule-table.ts';

const columns = `version, country, vat_id as "vatId", reverse_charge as "reverseCharge", terms_url as "termsUrl", minimum_age as "minimumAge",
  currencies, legal_name as "legalName", address_lines as "addressLines", invoice_prefix as "invoicePrefix",
  credit_note_prefix as "creditNotePrefix", invoice_note as "invoiceNote", language, time_zone as "timeZone"`;

const read = sql('shop_settings.read', `select ${columns} from shop_settings`);

export const readShopSettings = async (db: Db): Promise<Versioned<ShopSettings>> =>
  settingsOf(await db.query<Versioned<ShopSettings>>(read()));

const replace = sql(
  'shop_settings.replace',
  `update shop_settings set version = version + 1, country = $1, vat_id = $2, reverse_charge = $3, terms_url = $4, minimum_age = $5,
      currencies = $6, legal_name = $7, address_lines = $8, invoice_prefix = $9, credit_note_prefix = $10, invoice_note = $11,
      language = $12, time_zone = $13
    returning ${columns}`,
);

export const replaceShopSettings = async (tx: Tx, settings: ShopSettings): Promise<Versioned<ShopSettings>> => {
  const { country, vatId, reverseCharge, termsUrl, minimumAge, currencies } = settings;
  const { legalName, addressLines, invoicePrefix, creditNotePrefix, invoiceNote, language, timeZone } = settings;
  const values = [country, vatId, reverseCharge, termsUrl, minimumAge, currencies];
  const ofInvoices = [legalName, addressLines, invoicePrefix, creditNotePrefix, invoiceNote, language, timeZone];
  return settingsOf(await tx.query<Versioned<ShopSettings>>(replace([...values, ...ofInvoices])));
};

function settingsOf({ rows: [row] }: { rows: Versioned<ShopSettings>[] }): Versioned<ShopSettings> {
  if (!row) throw new Error('The row of shop_settings, which the migration inserts, is missing');
  return row;
}
