import type { Order } from './order.ts';

/**
 * The accounts of the ledger. Every entry takes its amount from one (`credit`) and gives it to another (`debit`), so the sum of all
 * accounts is always nothing.
 */
export type LedgerAccount =
  /** What the payment provider holds for the shop. */
  | 'provider_balance'
  /** What customers have paid for their orders, without what is refunded. */
  | 'customer_payments'
  /** Refunds that are booked and not yet made by the provider. */
  | 'refunds_payable'
  /** Money that banks have promised, and the account against which it is counted. */
  | 'authorized_funds'
  | 'authorized_customers'
  /** What providers keep for their service. */
  | 'fees'
  /** What banks have taken back while they look into a dispute, and what was lost by disputes. */
  | 'disputes'
  | 'lost_disputes';

export type LedgerEntryType =
  | 'authorization'
  | 'authorization_released'
  | 'capture'
  | 'refund_booked'
  | 'refund_made'
  | 'fee'
  | 'dispute_opened'
  | 'dispute_won'
  | 'dispute_lost';

export type LedgerEntry = {
  orderId: string;
  type: LedgerEntryType;
  debit: LedgerAccount;
  credit: LedgerAccount;
  /** Minor units, above 0. */
  amount: number;
  currency: string;
  /** What it comes from: the try to pay, the refund, the dispute or the provider's message. */
  source: string;
  at: Date;
};

const accounts: Readonly<Record<LedgerEntryType, { debit: LedgerAccount; credit: LedgerAccount }>> = {
  authorization: { debit: 'authorized_funds', credit: 'authorized_customers' },
  authorization_released: { debit: 'authorized_customers', credit: 'authorized_funds' },
  capture: { debit: 'provider_balance', credit: 'customer_payments' },
  refund_booked: { debit: 'customer_payments', credit: 'refunds_payable' },
  refund_made: { debit: 'refunds_payable', credit: 'provider_balance' },
  fee: { debit: 'fees', credit: 'provider_balance' },
  dispute_opened: { debit: 'disputes', credit: 'provider_balance' },
  dispute_won: { debit: 'provider_balance', credit: 'disputes' },
  dispute_lost: { debit: 'lost_disputes', credit: 'disputes' },
};

/** An entry about money of an order. */
export function ledgerEntry(
  type: LedgerEntryType,
  { id, total: { currency } }: Pick<Order, 'id' | 'total'>,
  { amount, source, at }: Pick<LedgerEntry, 'amount' | 'source' | 'at'>,
): LedgerEntry {
  return { orderId: id, type, ...accounts[type], amount, currency, source, at };
}

/** What a change of an order means for the ledger. `refundId` is the refund that the change books, if any. */
export function entriesOfChange(before: Order, after: Order, refundId: string | undefined): LedgerEntry[] {
  const at = after.updatedAt;
  const source = `try ${after.paymentTry}`;
  const { amount: total } = after.total;
  const entries: LedgerEntry[] = [];
  const add = (type: LedgerEntryType, amount: number, from: string) => {
    if (amount > 0) entries.push(ledgerEntry(type, after, { amount, source: from, at }));
  };
  // On invoice nobody has promised money yet.
  const isPromised = (order: Order) => order.status === 'authorized' && !order.sendsFirst;
  if (!isPromised(before) && isPromised(after)) add('authorization', total, source);
  if (isPromised(before) && !isPromised(after)) add('authorization_released', total, source);
  add('capture', after.captured - before.captured, source);
  add('refund_booked', after.refunded - before.refunded, `refund ${refundId ?? after.id}`);
  return entries;
}
