import type { Tx } from '@tradepost/postgres/db';
import { type LedgerEntry, type LedgerEntryType, ledgerEntry } from '../domain/ledger.ts';
import type { Order } from '../domain/order.ts';
import { parsePaymentKey } from '../domain/payment.ts';
import type { LedgerMessage, PaymentMessage, PaymentOutcome } from '../payments/provider.ts';
import { insertLedgerEntries } from '../store/ledger.ts';
import { lockOrders } from '../store/orders.ts';
import { insertDifference } from '../store/payment-differences.ts';
import { claimPaymentMessages, ordersByReference } from '../store/payment-messages.ts';
import { applyTransitionsLocked } from './apply-transitions.ts';
import type { Change } from './change.ts';
import type { Context } from './context.ts';
import { inputOf } from './payment-requests.ts';

type MatchedMessage = { message: PaymentMessage; order: Order; paymentTry: number };

/**
 * Handles messages of a provider whose signature was checked, in one transaction: they come in any order, any number of times, before
 * and after the answer to the request that they are about. They are one more input under the lock of their order. A message about an
 * unknown order, or one that is paid by another provider, has no effect.
 */
export async function handlePaymentMessages(
  ctx: Context,
  provider: string,
  messages: readonly PaymentMessage[],
): Promise<void> {
  await ctx.pool.transaction(async (tx) => {
    const fresh = await claimPaymentMessages(tx, provider, messages);
    const ofOrders = await withOrders(tx, provider, fresh);
    if (ofOrders.length === 0) return;
    const locked = await lockOrders(tx, [...new Set(ofOrders.map(({ orderId }) => orderId))]);
    const matched = ofOrders.flatMap(({ message, orderId, paymentTry }): MatchedMessage[] => {
      const order = locked.get(orderId);
      return order ? [{ message, order, paymentTry }] : [];
    });
    const current = matched.filter(({ order }) => order.paymentProvider === provider);
    await insertLedgerEntries(
      tx,
      current.flatMap((one) => ledgerEntryOf(one, ctx.now()) ?? []),
    );
    await applyTransitionsLocked(
      tx,
      ctx,
      locked,
      current.flatMap((one) => changeOf(one) ?? []),
    );
    await reportCaptures(tx, matched, provider, ctx.now());
  });
}

type MessageOfOrder = { message: PaymentMessage; orderId: string; paymentTry: number };

/** The order and the try that each message is about: by its key, or by the provider's own name of the payment. */
async function withOrders(tx: Tx, provider: string, messages: readonly PaymentMessage[]): Promise<MessageOfOrder[]> {
  const references = messages.flatMap(({ key, reference }) =>
    key === null && reference !== undefined ? reference : [],
  );
  const byReference =
    references.length > 0 ? await ordersByReference(tx, provider, references) : new Map<string, never>();
  return messages.flatMap((message) => {
    const found = message.key === null ? byReference.get(message.reference ?? '') : parsePaymentKey(message.key);
    return found ? [{ message, ...found }] : [];
  });
}

const isLedgerMessage = (content: PaymentOutcome | LedgerMessage): content is LedgerMessage =>
  ['fee', 'dispute_opened', 'dispute_won', 'dispute_lost'].includes(content.status);

function changeOf({ message: { content }, order, paymentTry }: MatchedMessage): Change | null {
  if (isLedgerMessage(content)) return null;
  const input = inputOf(content, paymentTry);
  return input && { orderId: order.id, input };
}

function ledgerEntryOf({ message: { id, content }, order }: MatchedMessage, at: Date): LedgerEntry | null {
  if (!isLedgerMessage(content) || content.amount === 0) return null;
  const type: LedgerEntryType = content.status;
  const source = content.status === 'fee' ? `message ${id}` : `dispute ${content.disputeId}`;
  return ledgerEntry(type, order, { amount: content.amount, source, at });
}

/** Money that came by a try which was over, while another one was under way: nobody but an operator knows what to do about it. */
async function reportCaptures(tx: Tx, matched: readonly MatchedMessage[], provider: string, at: Date): Promise<void> {
  for (const { message, order, paymentTry } of matched) {
    if (message.content.status !== 'captured') continue;
    if (order.paymentProvider === provider && order.paymentTry === paymentTry) continue;
    await insertDifference(tx, {
      orderId: order.id,
      foundAt: at,
      description: `${provider} took money for try ${paymentTry}, which was over: give it back there`,
      ledger: { captured: order.captured },
      provider: { key: message.key, captured: order.total.amount },
    });
  }
}
