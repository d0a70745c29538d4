import { useMutation, useQueryClient } from '@tanstack/react-query';
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
import { LineQuantityFields } from './line-quantities.tsx';
import styles from './orders.module.css';
import { consequence, type RefundWay, refundable, useRefund } from './use-refund.ts';

const ways: readonly { value: RefundWay; text: string }[] = [
  { value: 'lines', text: 'By units' },
  { value: 'amount', text: 'By amount' },
];

/** Refunds units, which go back on sale if they were not sent, or an amount. The dialog stays until it is closed, whatever others have done meanwhile. */
export function RefundDialog({ order, offered }: { order: Order; offered: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {offered && (
        <Button kind="danger" onClick={() => setOpen(true)}>
          Refund
        </Button>
      )}
      <Dialog title={`Refund ${orderName(order)}`} open={open} onOpenChange={setOpen}>
        <RefundForm order={order} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function RefundForm({ order, onDone }: { order: Order; onDone: () => void }) {
  const [key, setKey] = useState(newKey);
  const [checked, setChecked] = useState(false);
  const refund = useRefund(order);
  const { way, amount, problem } = refund;
  const { currency } = order.total;
  const refunding = useSendRefund(order, key, onDone);
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
        <AmountField currency={currency} refund={refund} />
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

function AmountField({ currency, refund }: { currency: string; refund: ReturnType<typeof useRefund> }) {
  return (
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
  );
}

function useSendRefund(order: Order, key: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewRefund) => refundOrder(order.id, body, key),
    onSuccess: async (made) => {
      toast(`Refund of ${moneyText(made.amount)} ${made.status === 'done' ? 'made' : 'requested'}`);
      onDone();
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
}
