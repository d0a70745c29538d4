import type { FieldError } from '@tradepost/contracts/problem';
import { planLines, unrefundedUnits, unsentUnits } from './fulfilment.ts';
import { lineTotal, worthOfNextUnits } from './line-worth.ts';
import type { Order, OrderLine } from './order.ts';
import type { WantedLine } from './pricing.ts';

export type RefundRequest = {
  amount?: number | undefined;
  lines?: WantedLine[] | undefined;
  /** The lines were sent and came back: units that are still to be sent are not withdrawn in their place. */
  returned?: true;
};

export type RefundPlan =
  | {
      ok: true;
      /** Minor units to give back. */
      amount: number;
      lines: WantedLine[];
      /** The part of `lines` that was not sent yet: it never will be, and goes back on sale. */
      withdrawn: WantedLine[];
    }
  | { ok: false; code: 'refund_too_large' | 'unprocessable' | 'forbidden'; detail: string; errors: FieldError[] };

/**
 * What a refund gives back: the named lines, the named amount, or all that is left. A seller (`seller` is their id;
 * null for an operator) decides about their own lines only. A refund of the last money withdraws every unit that was
 * not sent, so that nothing is sent of an order that was refunded in full. Units that cost nothing can be withdrawn too. Providers give back
 * multiples of `step` minor units only: another amount is refused, and one of lines is rounded down.
 */
export function planRefund(order: Order, request: RefundRequest, seller: string | null, step = 1): RefundPlan {
  const left = order.captured - order.refunded;
  const ownsAll = seller === null || order.lines.every((line) => line.sellerId === seller);
  if (request.amount !== undefined && !request.lines) {
    if (!ownsAll) {
      return refundProblem('forbidden', 'Others sell in this order too: name the lines that you refund', '/lines');
    }
    if (request.amount > left) return tooLarge(request.amount, left);
    if (request.amount % step === 0 || request.amount === left) return plan(order, request.amount, []);
    const detail = `${order.paymentProvider} gives back multiples of ${step} minor units of ${order.total.currency} only`;
    return refundProblem('unprocessable', detail, '/amount');
  }
  // Also when all units are refunded and what was paid for shipping is left.
  if (!request.lines && ownsAll && left > 0) return plan(order, left, []);
  const planned = planLines(order, request.lines, seller, unrefundedUnits);
  if (!planned.ok) return { ok: false, code: 'unprocessable', detail: planned.detail, errors: planned.errors };
  const worth = planned.lines.reduce((sum, { sku, quantity }) => sum + worthOf(order, sku, quantity, step), 0);
  const most = Math.min(worth, left);
  const asked = request.amount ?? most;
  const amount = asked === left ? asked : asked - (asked % step);
  if (amount > most) return tooLarge(amount, most);
  if (amount === left && amount > 0 && othersHaveToSend(order, seller)) {
    const detail =
      'It is all the money that is left, and other sellers have units to send: ask an operator to refund it';
    return refundProblem('unprocessable', detail, '/lines');
  }
  const result = plan(order, amount, planned.lines, request.returned);
  const isEmpty = amount === 0 && (worth > 0 || result.withdrawn.length === 0);
  return isEmpty ? refundProblem('refund_too_large', 'Nothing is left to refund', '/amount') : result;
}

/** Whether a refund of the last money by a seller would withdraw units of other sellers that were paid for. */
const othersHaveToSend = (order: Order, seller: string | null): boolean =>
  seller !== null &&
  order.lines.some((line) => line.sellerId !== seller && unsentUnits(line) > 0 && lineTotal(order, line) > 0);

function plan(order: Order, amount: number, named: WantedLine[], isReturned = false): RefundPlan & { ok: true } {
  if (amount > 0 && amount === order.captured - order.refunded) {
    return { ok: true, amount, lines: openUnits(order, unrefundedUnits), withdrawn: openUnits(order, unsentUnits) };
  }
  if (isReturned) return { ok: true, amount, lines: named, withdrawn: [] };
  const withdrawn = named
    .map(({ sku, quantity }) => {
      const line = order.lines.find((candidate) => candidate.sku === sku);
      return { sku, quantity: Math.min(quantity, line ? unsentUnits(line) : 0) };
    })
    .filter((line) => line.quantity > 0);
  return { ok: true, amount, lines: named, withdrawn };
}

const openUnits = (order: Order, open: (line: OrderLine) => number): WantedLine[] =>
  order.lines.map((line) => ({ sku: line.sku, quantity: open(line) })).filter((line) => line.quantity > 0);

function worthOf(order: Order, sku: string, units: number, step: number): number {
  const line = order.lines.find((candidate) => candidate.sku === sku);
  return line ? worthOfNextUnits(order, line, units, step) : 0;
}

const tooLarge = (amount: number, left: number): RefundPlan =>
  refundProblem('refund_too_large', `${amount} is more than the ${left} that are left to refund`, '/amount');

function refundProblem(
  code: 'refund_too_large' | 'unprocessable' | 'forbidden',
  detail: string,
  field: string,
): RefundPlan {
  return { ok: false, code, detail, errors: [{ field, message: detail }] };
}

/** Whether money of the order can still be refunded on request, or units of it withdrawn. */
export function isRefundable(order: Order): boolean {
  if (order.status === 'refunded') return order.refunded < order.captured;
  return order.status === 'confirmed' || order.status === 'fulfilled' || order.status === 'delivered';
}
