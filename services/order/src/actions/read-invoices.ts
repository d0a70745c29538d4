import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Db } from '@tradepost/postgres/db';
import type { IssuedInvoice } from '../domain/invoice.ts';
import { type InvoicePeriod, invoicesOfOrders, listInvoices, type StoredInvoice } from '../store/invoices.ts';
import { orderById } from '../store/orders.ts';
import { type Actor, mayReadInvoices } from './access.ts';

/** The documents of an order, oldest first. */
export async function readInvoices(db: Db, actor: Actor, orderId: string): Promise<IssuedInvoice[]> {
  mayReadInvoices(await orderById(db, orderId), orderId, actor);
  return ((await invoicesOfOrders(db, [orderId])).get(orderId) ?? []).map(({ content }) => content);
}

/** One document of an order. */
export async function readInvoice(db: Db, actor: Actor, orderId: string, number: string): Promise<IssuedInvoice> {
  const found = (await readInvoices(db, actor, orderId)).find((document) => document.number === number);
  if (!found) throw new ProblemError('not_found', `The order ${orderId} has no document ${number}`);
  return found;
}

/** The period of days, both included; from the first document to the last where a day is absent. */
export const periodOf = (from = '1970-01-01', to = '9999-12-31'): Pick<InvoicePeriod, 'from' | 'to'> => ({ from, to });

/** Rows that are in memory at a time while all of a period is written. */
const ROWS_AT_A_TIME = 500;

/** All documents of a period, read a part at a time. */
export async function* allInvoices(
  db: Db,
  period: Pick<InvoicePeriod, 'from' | 'to'>,
): AsyncGenerator<StoredInvoice[]> {
  let after: InvoicePeriod['after'] = null;
  for (;;) {
    const part: StoredInvoice[] = await listInvoices(db, { ...period, after, limit: ROWS_AT_A_TIME });
    yield part;
    const last = part.at(-1);
    if (!last || part.length < ROWS_AT_A_TIME) return;
    after = { issuedAt: last.issuedAt, number: last.content.number };
  }
}
