import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Order, orderName } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { CheckField, TextField } from '../../design/field.tsx';
import { moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { isRefused, type NewReturn, newKey, returnGoods } from '../changes.ts';
import { LineQuantityFields, unitsOf, unitsText, useLineQuantities } from './line-quantities.tsx';
import styles from './orders.module.css';
import { returnableUnits } from './units.ts';
import { refundOfUnits } from './use-refund.ts';

type Props = { order: Order; mayRefund: boolean };

/** Records that units came back, whether they go back on sale, and whether what was paid for them is given back. It stays as `RefundDialog` does. */
export function ReturnDialog({ order, mayRefund, offered }: Props & { offered: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {offered && <Button onClick={() => setOpen(true)}>Goods came back</Button>}
      <Dialog title={`Goods of ${orderName(order)} came back`} open={open} onOpenChange={setOpen}>
        <ReturnForm order={order} mayRefund={mayRefund} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function ReturnForm({ order, mayRefund, onDone }: Props & { onDone: () => void }) {
  const [key, setKey] = useState(newKey);
  const quantities = useLineQuantities(order.lines, returnableUnits, false);
  const units = unitsOf(quantities.chosen);
  const [isRefunded, setRefunded] = useState(mayRefund);
  const refund = isRefunded
    ? moneyText({ amount: refundOfUnits(order, quantities.chosen), currency: order.total.currency })
    : undefined;
  const returning = useSendReturn(order, key, onDone);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (units === 0) return;
    const form = new FormData(event.currentTarget);
    const reason = String(form.get('reason')).trim();
    returning.mutate({ lines: quantities.chosen, reason, restock: form.has('restock'), refund: isRefunded });
  };
  return (
    <form className={styles.form} onSubmit={submit} onChange={() => isRefused(returning.error) && setKey(newKey())}>
      {returning.error && <Notice tone="bad">{explain(returning.error)}</Notice>}
      <LineQuantityFields
        legend="Units that came back"
        lines={order.lines}
        most={returnableUnits}
        quantities={quantities}
      />
      <TextField label="Reason" hint="The customer can read it" name="reason" required maxLength={500} />
      <CheckField label="Put them back on sale" name="restock" defaultChecked />
      {mayRefund && (
        <CheckField
          label="Refund what was paid for them"
          checked={isRefunded}
          onChange={({ currentTarget }) => setRefunded(currentTarget.checked)}
        />
      )}
      <div className={styles.actions}>
        <Button type="submit" kind="primary" busy={returning.isPending} aria-disabled={units === 0 || undefined}>
          {units === 0 ? 'Choose the units that came back' : recordText(units, refund)}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}

const recordText = (units: number, refund: string | undefined): string =>
  `Record ${unitsText(units)} as returned${refund === undefined ? '' : `, refund ${refund}`}`;

function useSendReturn(order: Order, key: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: NewReturn) => returnGoods(order.id, body, key),
    onSuccess: async ({ lines, refundId }) => {
      toast(`${unitsText(unitsOf(lines))} recorded as returned${refundId === undefined ? '' : ' and refunded'}`);
      onDone();
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
}
