import type { Locale } from '@tradepost/contracts/locales';

/** What operators say of the shop itself. */
export type ShopSettings = {
  /** Where the shop is taxed; null where it has not said so. */
  country: string | null;
  /** Its own VAT id. */
  vatId: string | null;
  /** Whether companies in other countries of the EU are charged no tax (reverse charge). Then country and VAT id are there. */
  reverseCharge: boolean;
  /** The terms that a customer must accept; null: none. */
  termsUrl: string | null;
  /** Years; null: orders are for any age. */
  minimumAge: number | null;
  /** The currencies that orders may be in; any where there is none. */
  currencies: readonly string[];
  /** The name of the business on its invoices; null: no invoices are issued. */
  legalName: string | null;
  /** Its address on invoices, a text for each line; there with a legal name. */
  addressLines: readonly string[];
  /** What the numbers of invoices and credit notes begin with. */
  invoicePrefix: string;
  creditNotePrefix: string;
  /** What stands at the foot of each document. */
  invoiceNote: string | null;
  /** The language of documents for customers whose language is not known. */
  language: Locale;
  /** The time zone (IANA) of the days and years of documents. */
  timeZone: string;
};

/** A shop that has set nothing up. */
export const noShopSettings: ShopSettings = {
  ...{ country: null, vatId: null, reverseCharge: false, termsUrl: null, minimumAge: null },
  currencies: [],
  ...{ legalName: null, addressLines: [], invoicePrefix: 'INV', creditNotePrefix: 'CN', invoiceNote: null },
  ...{ language: 'en', timeZone: 'UTC' },
};
