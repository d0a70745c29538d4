import { stdnum } from 'stdnum';

/** A VAT id whose form and check digits are right. */
export type VatId = {
  /** In capital letters, without spaces and dots: `ATU13585627`, `EL094259216`. */
  value: string;
  /** The member state, as in addresses (ISO 3166-1): `GR` for Greece. */
  country: string;
};

/** A VAT id as far as it is known whether it is registered. */
export type CheckedVatId = {
  value: string;
  /** `unchecked`: the register was not asked, or has not answered. */
  status: 'valid' | 'invalid' | 'unchecked';
  /** Whether no tax is charged because of it. */
  reverseCharge: boolean;
  /** The register's proof that the id was checked. */
  consultationNumber?: string;
};

/** What a register of VAT ids knows of one. */
export type VatIdAnswer = {
  isValid: boolean;
  /** The proof that it was asked by the shop, for a tax office; null where the shop has told no VAT id of its own. */
  consultationNumber: string | null;
};

/** The number that a VAT id of each member state of the EU consists of, by its name in `stdnum`. */
const numberNames = new Map(
  Object.entries({
    AT: 'uid',
    BE: 'vat',
    BG: 'vat',
    CY: 'vat',
    CZ: 'dic',
    DE: 'vat',
    DK: 'cvr',
    EE: 'kmkr',
    ES: 'nif',
    FI: 'alv',
    FR: 'tva',
    GR: 'vat',
    HR: 'oib',
    HU: 'anum',
    IE: 'vat',
    IT: 'iva',
    LT: 'pvm',
    LU: 'tva',
    LV: 'pvn',
    MT: 'vat',
    NL: 'btw',
    PL: 'nip',
    PT: 'nif',
    RO: 'cui',
    SE: 'vat',
    SI: 'ddv',
    SK: 'dph',
  }),
);

/** Whether a country is a member state of the EU. */
export const isInEu = (country: string): boolean => numberNames.has(country);

/** The letters that a VAT id of a member state begins with: those of the country, but `EL` for Greece. */
export const vatPrefixOf = (country: string): string => (country === 'GR' ? 'EL' : country);

/** Reads a VAT id of a member state of the EU as people write it; null where its form or its check digits are wrong. */
export function readVatId(text: string): VatId | null {
  const letters = text.replace(/[\s.-]/g, '').toUpperCase();
  const prefix = letters.slice(0, 2);
  const country = prefix === 'EL' ? 'GR' : prefix;
  const checked = stdnum[country]?.[numberNames.get(country) ?? '']?.validate(letters.slice(2));
  return checked?.isValid ? { value: vatPrefixOf(country) + checked.compact, country } : null;
}
