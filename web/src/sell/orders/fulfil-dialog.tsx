import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { addressLines } from '../../api/addresses.ts';
import type { Order } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { fulfilOrder, isRefused, type NewFulfilment, newKey } from '../changes.ts';
import { unsent } from '../desk.ts';
import { chosenLines, LineQuantities } from './line-quantities.tsx';
import styles from './orders.module.css';

/** Records that lines were sent, with what they can be followed by. */
export function FulfilDialog({ order, primary = false }: { order: Order; primary?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind={primary ? 'primary' : 'secondary'} onClick={() => setOpen(true)}>
        Send<span className="visually-hidden"> order …{order.id.slice(-6)}</span>
      </Button>
      <Dialog title="Send it" open={open} onOpenChange={setOpen}>
        <FulfilForm order={order} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

function FulfilForm({ order, onDone }: { order: Order; onDone: () => void }) {
  const client = useQueryClient();
  const [key, setKey] = useState(newKey);
  const sending = useMutation({
    mutationFn: (body: NewFulfilment) => fulfilOrder(order.id, body, key),
    onSuccess: async () => {
      toast('Noted as sent');
      onDone();
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name)).trim();
    const [carrier, trackingNumber] = [text('carrier'), text('trackingNumber')];
    const lines = chosenLines(form, order.lines);
    sending.mutate({ lines, ...(carrier && { carrier }), ...(trackingNumber && { trackingNumber }) });
  };
  return (
    <form className={styles.form} onSubmit={submit} onChange={() => isRefused(sending.error) && setKey(newKey())}>
      {sending.error && <Notice tone="bad">{explain(sending.error)}</Notice>}
      <AddressBlock lines={addressLines(order.shippingAddress)} className={styles.address} />
      <LineQuantities legend="What is sent" lines={order.lines} most={unsent} all />
      <TextField label="Carrier" name="carrier" maxLength={100} autoComplete="off" />
      <TextField label="Tracking number" name="trackingNumber" maxLength={100} autoComplete="off" />
      <div className={styles.actions}>
        <Button type="submit" kind="primary" busy={sending.isPending}>
          It is sent
        </Button>
        <Button onClick={onDone}>Not yet</Button>
      </div>
    </form>
  );
}
