import { useMutation, useQueryClient } from '@tanstack/react-query';
import { decimalAmount, parseAmount } from '@tradepost/contracts/currencies';
import { type FormEvent, useState } from 'react';
import { type Order, orderName } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/field.tsx';
import { moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { Segments } from '../../design/segments.tsx';
import { toast } from '../../design/toast.tsx';
import { isRefused, type NewRefund, newKey, refundOrder } from '../changes.ts';
import { LineQuantityFields, unitsText, useLineQuantities } from './line-quantities.tsx';
import styles from './orders.module.css';
import { isToSend, type Line, unsent } from './units.ts';

const ways = [
  { value: 'lines', text: 'By units' },
  { value: 'amount', text: 'By amount' },
] as const;
type Way = (typeof ways)[number]['value'];

const refundable = ({ quantity, refunded }: Line): number => quantity - refunded;

/** Minor units that are left to refund of the lines that the reader sees. */
const leftToRefund = ({ total, refunded }: Order): number => total.amount - refunded.amount;

/** Refunds units, which go back on sale if they were not sent, or an amount. */
export function RefundDialog({ order }: { order: Order }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        Refund
      </Button>
      <Dialog title={`Refund ${orderName(order)}`} open={open} onOpenChange={setOpen}>
        <RefundForm order={order} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

/** What the form comes to: the amount that its button names is the amount that is sent, so that no other one is refunded. */
function useRefund(order: Order) {
  const { currency } = order.total;
  const [way, setWay] = useState<Way>('lines');
  const [amountText, setAmountText] = useState('');
  const quantities = useLineQuantities(order.lines, refundable, false);
  const priceOf = (sku: string) => order.lines.find((line) => line.sku === sku)?.unitPrice.amount ?? 0;
  const worth = quantities.chosen.reduce((sum, { sku, quantity }) => sum + priceOf(sku) * quantity, 0);
  const left = leftToRefund(order);
  const amount = way === 'lines' ? Math.min(worth, left) : (parseAmount(amountText, currency) ?? 0);
  const problem =
    way === 'lines'
      ? quantities.chosen.length === 0 && 'Choose at least one unit to refund'
      : amount === 0
        ? `Enter an amount in ${currency} like ${decimalAmount({ amount: 1999, currency })}`
        : amount > left && `At most ${moneyText({ amount: left, currency })} can be refunded`;
  return { way, setWay, amountText, setAmountText, quantities, left, amount, problem: problem || undefined };
}

// Long: the markup of one form
function RefundForm({ order, onDone }: { order: Order; onDone: () => void }) {
  const client = useQueryClient();
  const [key, setKey] = useState(newKey);
  const [checked, setChecked] = useState(false);
  const refund = useRefund(order);
  const { way, amount, problem } = refund;
  const { currency } = order.total;
  const refunding = useMutation({
    mutationFn: (body: NewRefund) => refundOrder(order.id, body, key),
    onSuccess: async (made) => {
      toast(`Refund of ${moneyText(made.amount)} ${made.status === 'done' ? 'made' : 'requested'}`);
      onDone();
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setChecked(true);
    if (problem !== undefined) return;
    const reason = String(new FormData(event.currentTarget).get('reason')).trim();
    const lines = way === 'lines' ? refund.quantities.chosen : undefined;
    refunding.mutate({ ...(lines && { lines }), ...(amount > 0 && { amount }), reason });
  };
  const change = () => {
    setChecked(false);
    // Another refund than the one that was refused.
    if (isRefused(refunding.error)) setKey(newKey());
  };
  return (
    <form className={styles.form} onSubmit={submit} onChange={change}>
      {refunding.error && <Notice tone="bad">{explain(refunding.error)}</Notice>}
      {checked && problem && <Notice tone="bad">{problem}</Notice>}
      <Segments label="Refund by" value={way} options={ways} onChange={refund.setWay} />
      {way === 'lines' ? (
        <LineQuantityFields
          legend="Units to refund"
          lines={order.lines}
          most={refundable}
          quantities={refund.quantities}
        />
      ) : (
        <TextField
          label={`Amount in ${currency}`}
          hint={`At most ${moneyText({ amount: refund.left, currency })}`}
          name="amount"
          inputMode="decimal"
          autoComplete="off"
          required
          value={refund.amountText}
          onChange={({ currentTarget }) => refund.setAmountText(currentTarget.value)}
        />
      )}
      <TextField label="Reason" hint="The customer can read it" name="reason" required maxLength={500} />
      <p className={styles.soft}>{consequence(order, refund)}</p>
      <div className={styles.actions}>
        <Button type="submit" kind="danger" busy={refunding.isPending}>
          {problem === undefined ? `Refund ${moneyText({ amount, currency })}` : 'Refund'}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}

/** What the refund does to the units. A refund of all that is left withdraws every unit that was not sent. */
function consequence(
  order: Order,
  refund: Pick<ReturnType<typeof useRefund>, 'way' | 'quantities' | 'amount' | 'left'>,
) {
  const { way, quantities, amount, left } = refund;
  const chosenOf = ({ sku }: Line) => quantities.chosen.find((one) => one.sku === sku)?.quantity ?? 0;
  const withdrawn = order.lines.reduce((sum, line) => {
    const open = unsent(order, line);
    return sum + (amount === left ? open : way === 'lines' ? Math.min(chosenOf(line), open) : 0);
  }, 0);
  if (withdrawn > 0)
    return `${unitsText(withdrawn)} not sent yet will not be sent, and ${withdrawn === 1 ? 'goes' : 'go'} back on sale.`;
  return isToSend(order)
    ? 'This refund does not change how many units are still to be sent.'
    : 'All units of this order were sent.';
}
