import { IdInput } from '@tradepost/contracts/input';
import { Locale } from '@tradepost/contracts/locales';
import { Money } from '@tradepost/contracts/money';
import { Id, Time } from '@tradepost/contracts/shapes';
import { StringEnum } from '@tradepost/runtime/schema';
import { type Static, Type } from 'typebox';
import type { InvoiceContent, InvoiceLine, IssuedInvoice } from '../domain/invoice.ts';
import type { StoredInvoice } from '../store/invoices.ts';
import * as responses from './response-schemas.ts';

const strict = { additionalProperties: false };

/** As `formatInvoiceNumber` writes it. */
const InvoiceNumber = Type.String({ pattern: '^[A-Z0-9]{1,10}-[0-9]{4}-[0-9]{6,10}$', examples: ['INV-2026-000001'] });
const Day = Type.String({ format: 'date', examples: ['2026-11-30'] });
const dayInput = (description: string) =>
  Type.String({ format: 'date', pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$', description, examples: ['2026-11-30'] });
const OrNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

export const ByNumber = Type.Object({ id: IdInput, number: InvoiceNumber }, strict);

export const PeriodQuery = Type.Object(
  {
    from: Type.Optional(dayInput('The first day of issue, as documents have it')),
    to: Type.Optional(dayInput('The last day of issue, as documents have it')),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 50 }),
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  strict,
);

const amounts = { net: Money, tax: Money, gross: Money };
const TaxTotal = Type.Object({
  name: Type.String({ examples: ['VAT 19 %'] }),
  ratePercent: OrNull(Type.Number({ description: 'Null where a tax service has told none', examples: [19] })),
  ...amounts,
});

const summary = {
  number: Type.String({ examples: ['INV-2026-000001'] }),
  type: StringEnum(['invoice', 'credit_note']),
  issuedOn: Day,
  orderNumber: Type.String({ examples: ['T-10023456'] }),
  invoiceNumber: Type.Optional(Type.String({ description: 'Of a credit note: the invoice that it is about' })),
  ...amounts,
};
export const InvoiceSummary = Type.Object(summary, {
  description: 'Amounts of a credit note are above 0 too: they are given back',
});

const customer = {
  name: Type.String(),
  company: Type.Optional(Type.String()),
  vatId: Type.Optional(Type.String()),
};
export const ListedInvoice = Type.Object({
  ...summary,
  orderId: Id,
  issuedAt: Time,
  customer: Type.Object({ ...customer, country: Type.String() }),
  taxTotals: Type.Array(TaxTotal),
});

export const Invoice = Type.Object({
  ...summary,
  locale: Type.Unsafe<Locale>({ ...Locale, description: 'The language that the document is written in' }),
  seller: Type.Object({
    name: Type.String(),
    addressLines: Type.Array(Type.String()),
    country: Type.Optional(Type.String()),
    vatId: Type.Optional(Type.String()),
    note: Type.Optional(Type.String({ description: 'What the shop has at the foot of each document' })),
  }),
  customer: Type.Object({ ...customer, address: responses.Address }),
  orderedOn: Day,
  suppliedOn: Type.Optional(
    Type.String({ format: 'date', description: 'Absent where it was not sent yet when the document was issued' }),
  ),
  paidOn: Type.Optional(Type.String({ format: 'date', description: 'Absent where it was not paid yet' })),
  taxIncluded: Type.Boolean({ description: 'Whether unit prices and discounts have the tax in them' }),
  reverseCharge: Type.Boolean({ description: 'Whether the customer owes the tax' }),
  reason: Type.Optional(Type.String({ description: 'What a credit note is for' })),
  lines: Type.Array(
    Type.Object({
      sku: Type.Optional(Type.String({ description: 'Absent for shipping' })),
      title: Type.String(),
      quantity: Type.Optional(Type.Integer({ description: 'Absent on a credit note for money without units' })),
      unitPrice: Type.Optional(Type.Object(Money.properties, { description: 'Absent on a credit note' })),
      discount: Money,
      taxExemption: Money,
      taxName: Type.String(),
      taxRatePercent: OrNull(Type.Number()),
      ...amounts,
    }),
  ),
  taxTotals: Type.Array(TaxTotal),
});

type Amounts = { net: number; tax: number; gross: number };
const moneyOf = (currency: string) => (amount: number) => ({ amount, currency });

function amountsView({ net, tax, gross }: Amounts, currency: string) {
  const money = moneyOf(currency);
  return { net: money(net), tax: money(tax), gross: money(gross) };
}

export function summaryView(document: IssuedInvoice): Static<typeof InvoiceSummary> {
  const { number, type, issuedOn, orderNumber, invoiceNumber, currency } = document;
  return {
    ...{ number, type, issuedOn, orderNumber },
    ...(invoiceNumber !== null && { invoiceNumber }),
    ...amountsView(document, currency),
  };
}

const customerView = ({ name, company, vatId }: InvoiceContent['customer']) => ({
  name,
  ...(company !== null && { company }),
  ...(vatId !== null && { vatId }),
});

const taxTotalsView = ({ taxTotals, currency }: InvoiceContent) =>
  taxTotals.map((total) => ({ name: total.name, ratePercent: total.ratePercent, ...amountsView(total, currency) }));

export const listedView = ({ orderId, issuedAt, content }: StoredInvoice): Static<typeof ListedInvoice> => ({
  ...summaryView(content),
  ...{ orderId, issuedAt: issuedAt.toISOString() },
  customer: { ...customerView(content.customer), country: content.customer.address.country },
  taxTotals: taxTotalsView(content),
});

export function invoiceView(document: IssuedInvoice): Static<typeof Invoice> {
  const { seller, customer: to, suppliedOn, paidOn, reason, currency } = document;
  const { country, vatId, note } = seller;
  return {
    ...summaryView(document),
    locale: document.locale ?? 'en',
    seller: {
      ...{ name: seller.name, addressLines: seller.addressLines },
      ...(country !== null && { country }),
      ...(vatId !== null && { vatId }),
      ...(note !== null && { note }),
    },
    customer: { ...customerView(to), address: to.address },
    orderedOn: document.orderedOn,
    ...(suppliedOn !== null && { suppliedOn }),
    ...(paidOn !== null && { paidOn }),
    ...{ taxIncluded: document.taxIncluded, reverseCharge: document.reverseCharge },
    ...(reason !== null && { reason }),
    lines: document.lines.map((line) => lineView(line, currency)),
    taxTotals: taxTotalsView(document),
  };
}

function lineView(line: InvoiceLine, currency: string): Static<typeof Invoice>['lines'][number] {
  const { sku, title, quantity, unitPrice, discount, taxExemption, taxName, taxRatePercent } = line;
  const money = moneyOf(currency);
  return {
    ...(sku !== null && { sku }),
    title,
    ...(quantity !== null && { quantity }),
    ...(unitPrice !== null && { unitPrice: money(unitPrice) }),
    ...{ discount: money(discount), taxExemption: money(taxExemption), taxName, taxRatePercent },
    ...amountsView(line, currency),
  };
}
