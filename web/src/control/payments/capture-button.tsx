import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { type Order, orderName } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { captureOrder } from './payment-queries.ts';
import styles from './payments.module.css';

/** What an operator can say about money that is not there yet; undefined where there is none to wait for. */
function captureOf({ status, total, cancelRequested, payment }: Order) {
  const amount = moneyText(total);
  if (cancelRequested) return undefined;
  if (payment.status === 'authorized' && status === 'authorized') {
    return {
      title: 'Take the money',
      act: `Take ${amount}`,
      question: `All of it, ${amount}, is taken from the customer now. It is taken by itself when the order is sent.`,
      done: 'The money was taken',
    };
  }
  if (payment.status === 'due' || payment.action?.type === 'bank_transfer') {
    return {
      title: 'Mark as paid',
      act: `Mark ${amount} as paid`,
      question: `Has all of it, ${amount}, come? The order counts as paid from now on. This cannot be undone.`,
      done: 'Marked as paid',
    };
  }
  return undefined;
}

/** Takes money that was authorised, or records that it has come; asks before. */
export function CaptureButton({ order }: { order: Order }) {
  const [open, setOpen] = useState(false);
  const capture = captureOf(order);
  // The dialog stays until it is closed, whatever another operator has done meanwhile.
  const [asked, setAsked] = useState(capture);
  const ask = () => {
    setAsked(capture);
    setOpen(true);
  };
  return (
    <>
      {capture && <Button onClick={ask}>{capture.title}</Button>}
      {asked && (
        <Dialog title={`${asked.title}: ${orderName(order)}`} open={open} onOpenChange={setOpen}>
          <Question order={order} asked={asked} onDone={() => setOpen(false)} />
        </Dialog>
      )}
    </>
  );
}

type QuestionProps = { order: Order; asked: NonNullable<ReturnType<typeof captureOf>>; onDone: () => void };

function Question({ order, asked, onDone }: QuestionProps) {
  const client = useQueryClient();
  const capturing = useMutation({
    mutationFn: () => captureOrder(order.id),
    onSuccess: async ({ payment: { status } }) => {
      toast(status === 'captured' ? asked.done : 'The provider is asked for the money; it has not answered yet');
      onDone();
      await client.invalidateQueries({ queryKey: ['control'] });
    },
    meta: { part: 'orders' },
  });
  return (
    <div className={styles.form}>
      {capturing.error && <Notice tone="bad">{explain(capturing.error)}</Notice>}
      <p>{asked.question}</p>
      <div className={styles.actions}>
        <Button kind="primary" busy={capturing.isPending} onClick={() => capturing.mutate()}>
          {asked.act}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </div>
  );
}
