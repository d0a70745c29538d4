import { decimalAmount, parseAmount } from '@tradepost/contracts/currencies';
import { useState } from 'react';
import type { Order } from '../../api/orders.ts';
import { moneyText } from '../../design/format.tsx';
import { unitsText, useLineQuantities } from './line-quantities.tsx';
import { isToSend, type Line, refundOfLine, unsentUnits } from './units.ts';

/** What is refunded: units of lines, or an amount. */
export type RefundWay = 'lines' | 'amount';

export const refundable = ({ quantity, refunded }: Line): number => quantity - refunded;

/** Minor units that are left to refund of the lines that the reader sees. */
const leftToRefund = ({ total, refunded }: Order): number => total.amount - refunded.amount;

/** What is given back for units, in minor units. */
export function refundOfUnits(order: Order, units: readonly { sku: string; quantity: number }[]): number {
  const worth = units.reduce((sum, { sku, quantity }) => {
    const line = order.lines.find((one) => one.sku === sku);
    return sum + (line ? refundOfLine(line, quantity) : 0);
  }, 0);
  return Math.min(worth, leftToRefund(order));
}

/** What the form comes to: the amount that its button names is the amount that is sent, so that no other one is refunded. */
export function useRefund(order: Order) {
  const { currency } = order.total;
  const [way, setWay] = useState<RefundWay>('lines');
  const [amountText, setAmountText] = useState('');
  const quantities = useLineQuantities(order.lines, refundable, false);
  const left = leftToRefund(order);
  const amount = way === 'lines' ? refundOfUnits(order, quantities.chosen) : (parseAmount(amountText, currency) ?? 0);
  const problem =
    way === 'lines'
      ? quantities.chosen.length === 0 && 'Choose at least one unit to refund'
      : amount === 0
        ? `Enter an amount in ${currency} like ${decimalAmount({ amount: 1999, currency })}`
        : amount > left && `At most ${moneyText({ amount: left, currency })} can be refunded`;
  return { way, setWay, amountText, setAmountText, quantities, left, amount, problem: problem || undefined };
}

/** What the refund does to the units. A refund of all that is left withdraws every unit that was not sent. */
export function consequence(
  order: Order,
  refund: Pick<ReturnType<typeof useRefund>, 'way' | 'quantities' | 'amount' | 'left'>,
) {
  const { way, quantities, amount, left } = refund;
  const chosenOf = ({ sku }: Line) => quantities.chosen.find((one) => one.sku === sku)?.quantity ?? 0;
  const withdrawn = order.lines.reduce((sum, line) => {
    const open = unsentUnits(order, line);
    return sum + (amount === left ? open : way === 'lines' ? Math.min(chosenOf(line), open) : 0);
  }, 0);
  if (withdrawn > 0)
    return `${unitsText(withdrawn)} not sent yet will not be sent, and ${withdrawn === 1 ? 'goes' : 'go'} back on sale.`;
  return isToSend(order)
    ? 'This refund does not change how many units are still to be sent.'
    : 'All units of this order were sent.';
}
