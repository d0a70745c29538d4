import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { explain, fieldError } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { TextField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { adjustStock, isRefused, newKey } from '../changes.ts';
import { unitsText } from '../orders/line-quantities.tsx';
import styles from './stock.module.css';

/** Adds units to the stock on hand or removes some. The key is renewed after success only, so a repeated request counts once. */
export function AdjustForm({ sku }: { sku: string }) {
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [key, setKey] = useState(newKey);
  const adjusting = useMutation({
    mutationFn: (change: { delta: number; reason: string }) => adjustStock(sku, change, key),
    onSuccess: async ({ onHand }) => {
      setKey(newKey());
      form.current?.reset();
      toast(`${unitsText(onHand)} on hand now`);
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'catalogue' },
  });
  const { error } = adjusting;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    adjusting.mutate({ delta: Number(given.get('delta')), reason: String(given.get('reason')).trim() });
  };
  const said = [fieldError(error, '/delta'), fieldError(error, '/reason')];
  return (
    <form className={styles.adjust} ref={form} onSubmit={submit} onChange={() => isRefused(error) && setKey(newKey())}>
      {error && <Notice tone="bad">{explain(error)}</Notice>}
      <TextField
        label="Units"
        hint="A negative number removes units"
        name="delta"
        type="number"
        step={1}
        min={-1_000_000}
        max={1_000_000}
        required
        error={said[0]}
        placeholder="12 or -3"
      />
      <TextField
        label="Reason"
        name="reason"
        required
        maxLength={200}
        error={said[1]}
        placeholder="Delivery of 24 November"
      />
      <Button type="submit" kind="primary" busy={adjusting.isPending}>
        Adjust stock
      </Button>
    </form>
  );
}
