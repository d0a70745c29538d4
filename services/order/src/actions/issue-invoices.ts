import type { Tx } from '@tradepost/postgres/db';
import type { Pool } from '@tradepost/postgres/pool';
import type { Logger } from 'pino';
import {
  creditNoteOf,
  dayOf,
  formatInvoiceNumber,
  type InvoiceContent,
  type InvoicingShop,
  type IssuedInvoice,
  invoiceOf,
} from '../domain/invoice.ts';
import { invoiceWords } from '../domain/invoice-words.ts';
import type { Order } from '../domain/order.ts';
import {
  claimOrdersToInvoice,
  type InvoiceCounter,
  type InvoicingState,
  insertInvoices,
  invoicesOfOrders,
  lockInvoiceCounters,
  type NewInvoice,
  type OrderToInvoice,
  ordersToInvoice,
  type StoredInvoice,
  saveInvoiceCounter,
  saveInvoicing,
} from '../store/invoices.ts';
import { lockOrders } from '../store/orders.ts';
import { type Refund, refundsOfOrders } from '../store/refunds.ts';
import { readShopSettings } from '../store/rules/shop-settings.ts';

export type InvoicingContext = { pool: Pool; now: () => Date; log: Logger };

const BATCH = 50;

/**
 * Issues the invoices and credit notes that are due, in batches. Each batch is one transaction:
 *
 * 1. It locks orders whose documents are due. `orders_to_invoice` is an index of these only, so an order is found by what it is, and not
 *    by a position or a message that could be lost. Orders that others have locked are left for the next round.
 * 2. It reads these orders, their refunds and their documents with statements of their own, so as they are under the lock.
 * 3. It locks the counters of the numbers, writes documents and counters, and marks the orders.
 *
 * Killed anywhere, all of the batch is undone, its numbers too. Two instances have other orders, and wait for one another at the counters.
 * Unique indexes refuse a second document for one cause. Returns how many documents were issued.
 */
export async function issueInvoices(ctx: InvoicingContext, stopping: AbortSignal): Promise<number> {
  let issued = 0;
  let after: string | null = null;
  do {
    const batch: Batch = await ctx.pool.transaction((tx) => issueBatch(tx, ctx, after));
    issued += batch.issued;
    after = batch.last;
  } while (after !== null && !stopping.aborted);
  return issued;
}

/** `last`: the last order of a full batch; null when none are left. */
type Batch = { issued: number; last: string | null };

async function issueBatch(tx: Tx, ctx: InvoicingContext, after: string | null): Promise<Batch> {
  const shop = await readShopSettings(tx);
  const { legalName } = shop;
  const ids = legalName === null ? [] : await claimOrdersToInvoice(tx, after, BATCH);
  if (legalName === null || ids.length === 0) return { issued: 0, last: null };
  const orders = await lockOrders(tx, ids);
  const facts = await ordersToInvoice(tx, ids);
  const refunds = await refundsOfOrders(tx, ids);
  const documents = await invoicesOfOrders(tx, ids);
  const numbers = await numberSeries(tx, ctx.now(), { ...shop, legalName });
  const changes: { id: string; invoicing: InvoicingState; credited: number }[] = [];
  for (const [id, order] of orders) {
    const about = facts.get(id);
    if (!about) continue;
    const before = { about, refunds: refunds.get(id) ?? [], documents: documents.get(id) ?? [] };
    try {
      changes.push({ id, ...issueFor(order, before, numbers) });
    } catch (err) {
      // It stays due, and those after it go on.
      ctx.log.error({ err, orderId: id }, 'a document of an order cannot be made');
    }
  }
  await insertInvoices(tx, numbers.issued);
  const used = new Set(numbers.issued.map(({ series }) => series));
  for (const series of used) await saveInvoiceCounter(tx, counterOf(numbers.counters, series));
  await saveInvoicing(tx, changes);
  return { issued: numbers.issued.length, last: ids.length < BATCH ? null : (ids.at(-1) ?? null) };
}

type NumberSeries = {
  shop: InvoicingShop;
  counters: ReadonlyMap<string, InvoiceCounter>;
  issued: NewInvoice[];
  /** Gives a document the next number of its series. */
  issue(content: InvoiceContent, cause: { orderId: string; refundId: string | null }): IssuedInvoice;
};

async function numberSeries(tx: Tx, now: Date, shop: InvoicingShop): Promise<NumberSeries> {
  const counters = await lockInvoiceCounters(tx, [shop.invoicePrefix, shop.creditNotePrefix]);
  const issued: NewInvoice[] = [];
  // Clocks of instances differ: no document is dated before the last one, so that the dates rise with the numbers.
  const last = [...counters.values()].map(({ issuedAt }) => issuedAt.getTime());
  const issuedAt = new Date(Math.max(now.getTime(), ...last));
  const issuedOn = dayIn(shop.timeZone, issuedAt, counters);
  const year = Number(issuedOn.slice(0, 4));
  return {
    ...{ shop, counters, issued },
    issue(content, cause) {
      const series = content.type === 'invoice' ? shop.invoicePrefix : shop.creditNotePrefix;
      const counter = counterOf(counters, series);
      const sequence = counter.year === year ? counter.last + 1 : 1;
      Object.assign(counter, { year, last: sequence, issuedAt });
      const numbered = { number: formatInvoiceNumber(series, year, sequence), issuedOn, ...content };
      issued.push({ ...cause, ...{ series, year, sequence, issuedAt }, content: numbered });
      return numbered;
    },
  };
}

/** The day of issue. Where the shop has moved to a time zone that has the old year still, the new year goes on. */
function dayIn(timeZone: string, issuedAt: Date, counters: NumberSeries['counters']): string {
  const firstDays = [...counters.values()].map(({ year }) => `${String(year).padStart(4, '0')}-01-01`);
  return [dayOf(issuedAt, timeZone), ...firstDays].toSorted().at(-1) ?? '';
}

function counterOf(counters: NumberSeries['counters'], series: string): InvoiceCounter {
  const counter = counters.get(series);
  if (!counter) throw new Error(`The counter of ${series} was not locked`);
  return counter;
}

type InvoicesSoFar = { about: OrderToInvoice; refunds: readonly Refund[]; documents: readonly StoredInvoice[] };

/** Issues what is due for one order, and answers what it has then. */
function issueFor(order: Order, { about, refunds, documents }: InvoicesSoFar, numbers: NumberSeries) {
  const stored = documents.find(({ content }) => content.type === 'invoice')?.content;
  if (!stored && !isInvoiceable(order)) return { invoicing: null, credited: 0 };
  const cause = { orderId: order.id };
  const invoice = stored ?? numbers.issue(invoiceOf(order, numbers.shop, about), { ...cause, refundId: null });
  const creditNotes = documents.flatMap(({ content }) => (content.type === 'credit_note' ? [content] : []));
  const credited = new Set(documents.map(({ refundId }) => refundId));
  for (const { id: refundId, amount, lines, reason } of refunds) {
    if (amount === 0 || credited.has(refundId)) continue;
    const content = creditNoteOf(invoice, creditNotes, { amount, lines, reason: reasonText(order, reason, invoice) });
    creditNotes.push(numbers.issue(content, { ...cause, refundId }));
  }
  if (order.status !== 'cancelled' || order.captured > 0)
    return { invoicing: 'issued' as const, credited: order.refunded };
  const reversal = { amount: invoice.gross, lines: [], reason: invoiceWords(invoice.locale).orderCancelled };
  if (invoice.gross > 0) numbers.issue(creditNoteOf(invoice, creditNotes, reversal), { ...cause, refundId: null });
  return { invoicing: 'reversed' as const, credited: order.refunded };
}

/** A refund that a cancellation has booked has the code of the cancellation as its reason. */
const reasonText = (order: Order, reason: string, { locale }: IssuedInvoice): string =>
  reason === (order.reason ?? 'cancelled') ? invoiceWords(locale).orderCancelled : reason;

/** Not one that ended unpaid before its invoice was issued. */
const isInvoiceable = ({ status, captured, sendsFirst }: Order): boolean =>
  captured > 0 || ['confirmed', 'fulfilled', 'delivered'].includes(status) || (status === 'authorized' && sendsFirst);
