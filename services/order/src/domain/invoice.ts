import type { Locale } from '@tradepost/contracts/locales';
import { invoiceWords } from './invoice-words.ts';
import type { Address, Order } from './order.ts';
import { formatOrderNumber } from './order-number.ts';
import { type Adjustment, REVERSE_CHARGE } from './pricing/adjustment.ts';
import type { WantedLine } from './pricing.ts';
import { proportionDown, splitInProportion } from './proportion.ts';
import type { ShopSettings } from './shop-settings.ts';

export type InvoiceType = 'invoice' | 'credit_note';

/** The taxes that one amount has, as one: several that are added up have a name and a rate together. */
type TaxOfAmount = {
  taxName: string;
  /** Null where a tax service has told none. */
  taxRatePercent: number | null;
};

type Amounts = {
  net: number;
  tax: number;
  gross: number;
};

/** A line of a document, in minor units of its currency. */
export type InvoiceLine = TaxOfAmount &
  Amounts & {
    /** Null for shipping. */
    sku: string | null;
    title: string;
    /** Null on a credit note for money that is given back without units. */
    quantity: number | null;
    /** Null on a credit note, which gives back shares of what was paid. */
    unitPrice: number | null;
    /** Taken off the price of all units together. */
    discount: number;
    /** Tax in the price that is not charged (reverse charge). */
    taxExemption: number;
  };

export type TaxTotal = { name: string; ratePercent: number | null } & Amounts;

/** What a document says, beside its number and the date of its issue. Amounts are minor units; those of a credit note are above 0 too. */
export type InvoiceContent = Amounts & {
  type: InvoiceType;
  /** The language that it is written in; absent on documents of before there were others than English. */
  locale?: Locale;
  seller: { name: string; addressLines: string[]; country: string | null; vatId: string | null; note: string | null };
  customer: { name: string; company: string | null; vatId: string | null; address: Address };
  orderNumber: string;
  orderedOn: string;
  /** The day on which the last of it was sent; null where it was not sent yet when the document was issued. */
  suppliedOn: string | null;
  /** Null where it was not paid yet. */
  paidOn: string | null;
  currency: string;
  /** Whether unit prices and discounts have the tax in them. */
  taxIncluded: boolean;
  reverseCharge: boolean;
  lines: InvoiceLine[];
  taxTotals: TaxTotal[];
  /** The invoice that a credit note is about; null on an invoice. */
  invoiceNumber: string | null;
  /** What a credit note is for; null on an invoice. */
  reason: string | null;
};

/** A document with its number, as it is kept. */
export type IssuedInvoice = InvoiceContent & { number: string; issuedOn: string };

export type InvoiceFacts = { suppliedAt: Date | null; paidAt: Date | null };

/** The shop as it stands on its documents; only a shop with a legal name issues any. */
export type InvoicingShop = ShopSettings & { legalName: string };

/** The day of a time zone (IANA) as documents name it: `2026-11-30`. */
export const dayOf = (at: Date, timeZone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(timeZone).toPlainDate().toString();

/** `INV-2026-000001` */
export const formatInvoiceNumber = (series: string, year: number, sequence: number): string =>
  `${series}-${year}-${String(sequence).padStart(6, '0')}`;

/** The invoice of an order: its gross amount is the order's total, and each line's what was to be paid for it. */
export function invoiceOf(order: Order, shop: InvoicingShop, facts: InvoiceFacts): InvoiceContent {
  const locale = order.details.locale ?? shop.language;
  const { noTax } = invoiceWords(locale);
  const lines = withinGross([
    ...order.lines.map((line) => goodsLine(order, line, noTax)),
    ...shippingLine(order, noTax),
  ]);
  const day = (at: Date) => dayOf(at, shop.timeZone);
  return {
    ...{ type: 'invoice', locale },
    seller: {
      ...{ name: shop.legalName, addressLines: [...shop.addressLines], country: shop.country },
      ...{ vatId: shop.vatId, note: shop.invoiceNote },
    },
    customer: customerOf(order),
    orderNumber: formatOrderNumber(order.number),
    orderedOn: day(order.createdAt),
    suppliedOn: facts.suppliedAt && day(facts.suppliedAt),
    paidOn: facts.paidAt && day(facts.paidAt),
    currency: order.total.currency,
    taxIncluded: order.taxIncluded,
    reverseCharge: order.adjustments.some(({ sourceId }) => sourceId === REVERSE_CHARGE),
    lines,
    ...totalsOfLines(lines),
    ...{ invoiceNumber: null, reason: null },
  };
}

function customerOf({ shippingAddress, details }: Order): InvoiceContent['customer'] {
  const { phone: _, ...address } = details.billingAddress ?? shippingAddress;
  return {
    name: address.name,
    company: details.company ?? null,
    vatId: details.vatId?.value ?? null,
    address,
  };
}

function goodsLine(order: Order, line: Order['lines'][number], noTax: string): InvoiceLine {
  const beforeTax = line.unitPrice.amount * line.quantity - line.discount - line.taxExemption;
  const gross = order.taxIncluded ? beforeTax : beforeTax + line.tax;
  return {
    ...{ sku: line.sku, title: line.title, quantity: line.quantity, unitPrice: line.unitPrice.amount },
    ...{ discount: line.discount, taxExemption: line.taxExemption },
    ...taxOf(
      order.adjustments.filter(({ type, sku }) => type === 'tax' && sku === line.sku),
      noTax,
    ),
    ...{ net: gross - line.tax, tax: line.tax, gross },
  };
}

function shippingLine({ shipping, adjustments }: Order, noTax: string): InvoiceLine[] {
  if (!shipping) return [];
  const own = adjustments.filter(({ sku }) => sku === null);
  const sum = (type: Adjustment['type']) =>
    own.reduce((total, one) => (one.type === type ? total + one.amount : total), 0);
  const [tax, gross] = [sum('tax'), shipping.amount];
  return [
    {
      ...{ sku: null, title: shipping.name, quantity: 1, unitPrice: sum('shipping') },
      // Not −0, which is another value than 0 to some readers.
      ...{ discount: 0 - sum('promotion'), taxExemption: 0 - sum('tax_exemption') },
      ...taxOf(
        own.filter(({ type }) => type === 'tax'),
        noTax,
      ),
      ...{ net: gross - tax, tax, gross },
    },
  ];
}

/**
 * Taxes that were rounded for several lines together can be a cent more than a line of a cent costs. That cent is moved to another line
 * of the same tax, so that no net amount is below 0; the totals stay as they are.
 */
function withinGross(lines: readonly InvoiceLine[]): InvoiceLine[] {
  const moved = lines.map((line) => ({ ...line }));
  for (const line of moved) {
    for (const other of moved) {
      const isSame = other.taxName === line.taxName && other.taxRatePercent === line.taxRatePercent;
      const cents = isSame ? Math.min(line.tax - line.gross, other.net) : 0;
      if (cents <= 0) continue;
      Object.assign(line, { tax: line.tax - cents, net: line.net + cents });
      Object.assign(other, { tax: other.tax + cents, net: other.net - cents });
    }
  }
  return moved;
}

function taxOf(taxes: readonly Adjustment[], noTax: string): TaxOfAmount {
  if (taxes.length === 0) return { taxName: noTax, taxRatePercent: 0 };
  const isKnown = taxes.every(({ ratePpm }) => ratePpm !== null);
  const ppm = taxes.reduce((sum, { ratePpm }) => sum + (ratePpm ?? 0), 0);
  const names = [...new Set(taxes.map(({ reason }) => reason))];
  return { taxName: names.join(' + '), taxRatePercent: isKnown ? ppm / 10_000 : null };
}

function totalsOfLines(lines: readonly InvoiceLine[]): Amounts & { taxTotals: TaxTotal[] } {
  const byTax = Map.groupBy(lines, ({ taxName, taxRatePercent }) => `${taxRatePercent} ${taxName}`);
  const taxTotals = [...byTax.values()].flatMap(([first, ...more]) =>
    first
      ? [{ name: first.taxName, ratePercent: first.taxRatePercent, ...sumAmountsOf([first, ...more]) }]
      : /* A group is never empty. */ [],
  );
  return { ...sumAmountsOf(lines), taxTotals };
}

const sumAmountsOf = (all: readonly Amounts[]): Amounts => ({
  net: all.reduce((sum, { net }) => sum + net, 0),
  tax: all.reduce((sum, { tax }) => sum + tax, 0),
  gross: all.reduce((sum, { gross }) => sum + gross, 0),
});

/** What a credit note gives back: the money of a refund, or all that is left of an invoice that nobody will pay. */
export type Credit = { amount: number; lines: readonly WantedLine[]; reason: string };

/**
 * A credit note for a part of an invoice. `earlier` are the credit notes about it until now, so what is left of each line is known
 * from documents alone.
 *
 * - A credit that names units is taken from these lines, by what they are worth; what it is more than that (as where it gives back
 *   shipping too) from all that is left, in proportion.
 * - One that names none is taken from all that is left, in proportion, and so from each tax rate.
 * - The tax of a line is given back as its gross amount is: by running sums, each rounded down.
 *
 * So no line and no tax rate ever falls below 0, and all are 0 when all was given back.
 */
export function creditNoteOf(
  invoice: IssuedInvoice,
  earlier: readonly IssuedInvoice[],
  { amount, lines: named, reason }: Credit,
): InvoiceContent {
  const before = invoice.lines.map((line) => creditedOf(line, earlier));
  const left = invoice.lines.map((line, i) => line.gross - (before[i]?.gross ?? 0));
  if (amount > sumOfAll(left)) throw new Error(`${amount} is more than is left of invoice ${invoice.number}`);
  const worth = invoice.lines.map((line, i) =>
    Math.min(left[i] ?? 0, worthOfUnits(line, before[i]?.units ?? 0, unitsOf(named, line.sku))),
  );
  const shares = sharesOf(amount, named.length > 0 ? worth : left, left);
  const lines = invoice.lines.flatMap((line, i): InvoiceLine[] => {
    const [gross, units, so] = [shares[i] ?? 0, unitsOf(named, line.sku), before[i]];
    if (gross === 0 && units === 0) return [];
    const credited = so?.gross ?? 0;
    const tax = taxUpTo(line, credited + gross) - taxUpTo(line, credited);
    const quantity = units > 0 ? units : null;
    return [{ ...line, quantity, unitPrice: null, discount: 0, taxExemption: 0, ...{ net: gross - tax, tax, gross } }];
  });
  const { number: invoiceNumber, issuedOn: _, ...content } = invoice;
  return { ...content, type: 'credit_note', lines, ...totalsOfLines(lines), invoiceNumber, reason };
}

const sumOfAll = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

const unitsOf = (named: readonly WantedLine[], sku: string | null): number =>
  named.find((line) => line.sku === sku)?.quantity ?? 0;

const taxUpTo = ({ tax, gross }: InvoiceLine, credited: number): number =>
  gross === 0 ? 0 : proportionDown(tax, credited, gross);

/** What credit notes have given back of a line. */
function creditedOf({ sku }: InvoiceLine, earlier: readonly IssuedInvoice[]): { gross: number; units: number } {
  const own = earlier.flatMap(({ lines }) => lines.filter((line) => line.sku === sku));
  return {
    gross: own.reduce((sum, { gross }) => sum + gross, 0),
    units: own.reduce((sum, { quantity }) => sum + (quantity ?? 0), 0),
  };
}

/** What the next units are worth after those before, so that all units of a line are worth its gross amount. */
function worthOfUnits({ gross, quantity }: InvoiceLine, before: number, units: number): number {
  if (quantity === null || units === 0) return 0;
  const upTo = (count: number) => proportionDown(gross, Math.min(count, quantity), quantity);
  return upTo(before + units) - upTo(before);
}

/** Splits an amount by weights, each of which is at most what is left; what is more than all weights together, by what is left then. */
function sharesOf(amount: number, weights: readonly number[], left: readonly number[]): number[] {
  const sum = sumOfAll(weights);
  if (amount <= sum) return sum === 0 ? weights.map(() => 0) : splitInProportion(amount, weights);
  const rest = left.map((one, i) => one - (weights[i] ?? 0));
  return splitInProportion(amount - sum, rest).map((share, i) => share + (weights[i] ?? 0));
}
