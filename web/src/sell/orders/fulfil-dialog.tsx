import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { addressLines } from '../../api/addresses.ts';
import { type Order, orderName } from '../../api/orders.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/field.tsx';
import { MultilineText } from '../../design/multiline-text.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { fulfilOrder, isRefused, type NewFulfilment, newKey } from '../changes.ts';
import { LineQuantityFields, unitsOf, unitsText, useLineQuantities } from './line-quantities.tsx';
import styles from './orders.module.css';
import { unsentUnits } from './units.ts';

export function FulfilButton({
  order,
  primary = false,
  onOpen,
}: {
  order: Order;
  primary?: boolean;
  onOpen: () => void;
}) {
  return (
    <Button kind={primary ? 'primary' : 'secondary'} onClick={onOpen}>
      Mark as sent<span className="visually-hidden">: {orderName(order)}</span>
    </Button>
  );
}

/**
 * Records that units of an order were sent, with the carrier and the tracking number. It stands beside the list, not in the row of the
 * order: the next answer may have the order no more, and would take away what is being written.
 */
export function FulfilDialog({ order, onDone }: { order: Order | undefined; onDone: () => void }) {
  return (
    <Dialog
      title={order ? `Mark ${orderName(order)} as sent` : ''}
      open={order !== undefined}
      onOpenChange={(open) => !open && onDone()}
    >
      {order && <FulfilForm order={order} onDone={onDone} />}
    </Dialog>
  );
}

function FulfilForm({ order, onDone }: { order: Order; onDone: () => void }) {
  const client = useQueryClient();
  const [key, setKey] = useState(newKey);
  const most = (line: Order['lines'][number]) => unsentUnits(order, line);
  const quantities = useLineQuantities(order.lines, most, true);
  const units = unitsOf(quantities.chosen);
  const sending = useMutation({
    mutationFn: (body: NewFulfilment) => fulfilOrder(order.id, body, key),
    onSuccess: async ({ lines }) => {
      toast(`${unitsText(unitsOf(lines))} marked as sent`);
      onDone();
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (units === 0) return;
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name)).trim();
    const [carrier, trackingNumber] = [text('carrier'), text('trackingNumber')];
    const lines = quantities.chosen;
    sending.mutate({ lines, ...(carrier && { carrier }), ...(trackingNumber && { trackingNumber }) });
  };
  return (
    <form className={styles.form} onSubmit={submit} onChange={() => isRefused(sending.error) && setKey(newKey())}>
      {sending.error && <NotSent error={sending.error} />}
      <AddressBlock lines={addressLines(order.shippingAddress)} className={styles.address} />
      {order.note !== undefined && <MultilineText text={`Delivery note: ${order.note}`} />}
      <LineQuantityFields legend="Units sent" lines={order.lines} most={most} quantities={quantities} />
      <TextField label="Carrier" name="carrier" maxLength={100} autoComplete="off" />
      <TextField label="Tracking number" name="trackingNumber" maxLength={100} autoComplete="off" />
      <div className={styles.actions}>
        <Button type="submit" kind="primary" busy={sending.isPending} aria-disabled={units === 0 || undefined}>
          {units === 0 ? 'Choose the units that were sent' : `Mark ${unitsText(units)} as sent`}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}

function NotSent({ error }: { error: unknown }) {
  if (!hasCode(error, 'payment_not_captured')) return <Notice tone="bad">{explain(error)}</Notice>;
  return (
    <Notice tone="bad" title="The money could not be taken yet">
      Nothing was marked as sent. Do not send the units, and try again in a minute.
    </Notice>
  );
}
