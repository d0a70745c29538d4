import { isDeepStrictEqual } from 'node:util';
import type { FieldError } from '@tradepost/contracts/problem';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Precondition } from '@tradepost/runtime/precondition';
import type { ShopSettings } from '../domain/shop-settings.ts';
import { isInEu, readVatId } from '../domain/vat-id.ts';
import { lockPricingRules } from '../store/rules/pricing-settings.ts';
import type { Versioned } from '../store/rules/rule-table.ts';
import { readShopSettings, replaceShopSettings } from '../store/rules/shop-settings.ts';
import { assertVersion, type RulesContext } from './change-rules.ts';

/** Replaces the settings, if they still are what the operator has read. The same settings again change nothing. */
export function changeShopSettings(
  ctx: RulesContext,
  wanted: ShopSettings,
  precondition: Precondition | undefined,
): Promise<Versioned<ShopSettings>> {
  const settings = readSettings(wanted);
  return ctx.pool.transaction(async (tx) => {
    await lockPricingRules(tx);
    const before = await readShopSettings(tx);
    if (isDeepStrictEqual({ ...before, ...settings }, before)) return before;
    assertVersion('shop settings', before, precondition);
    const stored = await replaceShopSettings(tx, settings);
    tx.onCommit(ctx.rulesChanged);
    return stored;
  });
}

/** The settings as they are stored; refuses those that contradict one another. */
function readSettings(settings: ShopSettings): ShopSettings {
  const { country, reverseCharge, legalName, addressLines, invoicePrefix, creditNotePrefix } = settings;
  const vatId = settings.vatId === null ? null : readVatId(settings.vatId);
  const errors: FieldError[] = [];
  if (settings.vatId !== null && (!vatId || (country !== null && vatId.country !== country))) {
    const whose = country === null ? 'a member state of the EU' : `the member state ${country}`;
    errors.push({ field: '/vatId', message: `must be a VAT id of ${whose}` });
  }
  if (reverseCharge && (country === null || !isInEu(country))) {
    errors.push({ field: '/country', message: 'must be a member state of the EU where reverse charge is used' });
  }
  if (reverseCharge && settings.vatId === null) {
    errors.push({ field: '/vatId', message: 'is required where reverse charge is used' });
  }
  if (legalName !== null && addressLines.length === 0) {
    errors.push({ field: '/addressLines', message: 'are required with a legal name: invoices need an address' });
  }
  if (invoicePrefix === creditNotePrefix) {
    errors.push({ field: '/creditNotePrefix', message: 'must differ from the prefix of invoices' });
  }
  const timeZone = readTimeZone(settings.timeZone);
  if (timeZone === undefined) {
    errors.push({ field: '/timeZone', message: 'must be a time zone of the IANA database, such as Europe/Berlin' });
  }
  if (errors.length === 0) {
    return {
      ...settings,
      timeZone: timeZone ?? settings.timeZone,
      vatId: vatId?.value ?? null,
      currencies: [...new Set(settings.currencies)].toSorted(),
    };
  }
  throw new ProblemError('unprocessable', errors.map(({ message }) => message).join('; '), { errors });
}

/** The name of a time zone as the database of time zones writes it; undefined where it has none of that name. */
function readTimeZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
