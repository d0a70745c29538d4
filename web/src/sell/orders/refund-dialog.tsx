import { useMutation, useQueryClient } from '@tanstack/react-query';
import { decimalAmount, parseAmount } from '@tradepost/contracts/currencies';
import { type FormEvent, useState } from 'react';
import type { Order } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/field.tsx';
import { moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { Segments } from '../../design/segments.tsx';
import { toast } from '../../design/toast.tsx';
import { isRefused, type NewRefund, newKey, refundOrder } from '../changes.ts';
import type { Line } from '../desk.ts';
import { chosenLines, LineQuantities } from './line-quantities.tsx';
import styles from './orders.module.css';

const ways = [
  { value: 'lines', text: 'By units' },
  { value: 'amount', text: 'An amount' },
] as const;

/** Of an order in which others sell too, a seller is shown the lines that are theirs, and the total of all. */
const isWhole = ({ lines, total }: Order): boolean =>
  lines.reduce((sum, line) => sum + line.total.amount, 0) === total.amount;

const refundable = ({ quantity, refunded }: Line): number => quantity - refunded;

/** Gives money back: for units, which go back on sale if they were not sent, or an amount. */
export function RefundDialog({ order }: { order: Order }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind="danger" onClick={() => setOpen(true)}>
        Refund
      </Button>
      <Dialog title="Give money back" open={open} onOpenChange={setOpen}>
        <RefundForm order={order} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function RefundForm({ order, onDone }: { order: Order; onDone: () => void }) {
  const client = useQueryClient();
  const [key, setKey] = useState(newKey);
  const [way, setWay] = useState<(typeof ways)[number]['value']>('lines');
  const [problem, setProblem] = useState<string>();
  const { currency } = order.total;
  const refunding = useMutation({
    mutationFn: (body: NewRefund) => refundOrder(order.id, body, key),
    onSuccess: async ({ amount }) => {
      toast(`${moneyText(amount)} goes back`);
      onDone();
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const reason = String(form.get('reason')).trim();
    const lines = chosenLines(form, order.lines);
    const amount = parseAmount(String(form.get('amount') ?? ''), currency);
    if (way === 'lines' && lines.length === 0) return setProblem('Choose at least one unit');
    if (way === 'amount' && !amount)
      return setProblem(`Write an amount in ${currency} like ${decimalAmount({ amount: 1999, currency })}`);
    setProblem(undefined);
    refunding.mutate(way === 'lines' ? { lines, reason } : { ...(amount && { amount }), reason });
  };
  // Another refund than the one that was refused.
  const renew = () => isRefused(refunding.error) && setKey(newKey());
  return (
    <form className={styles.form} onSubmit={submit} onChange={renew}>
      {refunding.error && <Notice tone="bad">{explain(refunding.error)}</Notice>}
      {problem && <Notice tone="bad">{problem}</Notice>}
      {isWhole(order) && <Segments label="What for" value={way} options={ways} onChange={setWay} />}
      {way === 'lines' ? (
        <LineQuantities legend="Units to be paid back" lines={order.lines} most={refundable} />
      ) : (
        <TextField label={`Amount in ${currency}`} name="amount" inputMode="decimal" autoComplete="off" required />
      )}
      <TextField label="Why" name="reason" required maxLength={500} />
      <div className={styles.actions}>
        <Button type="submit" kind="danger" busy={refunding.isPending}>
          Give it back
        </Button>
        <Button onClick={onDone}>Leave it</Button>
      </div>
    </form>
  );
}
