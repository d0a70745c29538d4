// Each by its own file: `stdnum` as a whole has the numbers of a hundred countries, which would be a sixth of the program of `order`.
import { validate as at } from 'stdnum/lib/cjs/at/uid.js';
import { validate as be } from 'stdnum/lib/cjs/be/vat.js';
import { validate as bg } from 'stdnum/lib/cjs/bg/vat.js';
import { validate as cy } from 'stdnum/lib/cjs/cy/vat.js';
import { validate as cz } from 'stdnum/lib/cjs/cz/dic.js';
import { validate as de } from 'stdnum/lib/cjs/de/vat.js';
import { validate as dk } from 'stdnum/lib/cjs/dk/cvr.js';
import { validate as ee } from 'stdnum/lib/cjs/ee/kmkr.js';
import { validate as es } from 'stdnum/lib/cjs/es/nif.js';
import { validate as fi } from 'stdnum/lib/cjs/fi/alv.js';
import { validate as fr } from 'stdnum/lib/cjs/fr/tva.js';
import { validate as gr } from 'stdnum/lib/cjs/gr/vat.js';
import { validate as hr } from 'stdnum/lib/cjs/hr/oib.js';
import { validate as hu } from 'stdnum/lib/cjs/hu/anum.js';
import { validate as ie } from 'stdnum/lib/cjs/ie/vat.js';
import { validate as it } from 'stdnum/lib/cjs/it/iva.js';
import { validate as lt } from 'stdnum/lib/cjs/lt/pvm.js';
import { validate as lu } from 'stdnum/lib/cjs/lu/tva.js';
import { validate as lv } from 'stdnum/lib/cjs/lv/pvn.js';
import { validate as mt } from 'stdnum/lib/cjs/mt/vat.js';
import { validate as nl } from 'stdnum/lib/cjs/nl/btw.js';
import { validate as pl } from 'stdnum/lib/cjs/pl/nip.js';
import { validate as pt } from 'stdnum/lib/cjs/pt/nif.js';
import { validate as ro } from 'stdnum/lib/cjs/ro/cui.js';
import { validate as se } from 'stdnum/lib/cjs/se/vat.js';
import { validate as si } from 'stdnum/lib/cjs/si/ddv.js';
import { validate as sk } from 'stdnum/lib/cjs/sk/dph.js';

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

/** Checks the number of a VAT id without the letters before it, for each member state of the EU. */
const validators: Record<string, (value: string) => { isValid: boolean; compact?: string }> = {
  AT: at,
  BE: be,
  BG: bg,
  CY: cy,
  CZ: cz,
  DE: de,
  DK: dk,
  EE: ee,
  ES: es,
  FI: fi,
  FR: fr,
  GR: gr,
  HR: hr,
  HU: hu,
  IE: ie,
  IT: it,
  LT: lt,
  LU: lu,
  LV: lv,
  MT: mt,
  NL: nl,
  PL: pl,
  PT: pt,
  RO: ro,
  SE: se,
  SI: si,
  SK: sk,
};

/** Whether a country is a member state of the EU. */
export const isInEu = (country: string): boolean => Object.hasOwn(validators, country);

/** The letters that a VAT id of a member state begins with: those of the country, but `EL` for Greece. */
export const vatPrefixOf = (country: string): string => (country === 'GR' ? 'EL' : country);

/** Reads a VAT id of a member state of the EU as people write it; null where its form or its check digits are wrong. */
export function readVatId(text: string): VatId | null {
  const letters = text.replace(/[\s.-]/g, '').toUpperCase();
  const prefix = letters.slice(0, 2);
  const country = prefix === 'EL' ? 'GR' : prefix;
  const checked = isInEu(country) ? validators[country]?.(letters.slice(2)) : undefined;
  return checked?.isValid ? { value: vatPrefixOf(country) + checked.compact, country } : null;
}
