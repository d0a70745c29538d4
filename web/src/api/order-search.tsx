import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { useLocation } from 'wouter';
import { Button } from '../design/button.tsx';
import { TextField } from '../design/field.tsx';
import styles from './order-search.module.css';
import { findOrder } from './orders.ts';
import { explain } from './problem.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Opens the page of the order with a number, as people type it: `T-10023456`, `t 1002 3456`, `10023456`. An id, as it stands
 * in links and logs, is taken too. `base` is the path of the list, below which each order has its page.
 */
export function OrderSearch({ view, base }: { view: Parameters<typeof findOrder>[0]; base: string }) {
  const [, navigate] = useLocation();
  const finding = useMutation({
    mutationFn: async (text: string) => (UUID.test(text) ? text : (await findOrder(view, text))?.id),
    meta: { part: 'orders' },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('number')).trim().toLowerCase();
    // With the call: whoever has gone on to another page meanwhile stays there.
    if (text) finding.mutate(text, { onSuccess: (id) => id !== undefined && navigate(`${base}/${id}`) });
  };
  const isMissing = finding.isSuccess && finding.data === undefined;
  const error = finding.error ? explain(finding.error) : isMissing ? 'There is no order with this number' : undefined;
  return (
    <search>
      <form className={styles.form} onSubmit={submit}>
        <TextField
          label="Order number"
          name="number"
          maxLength={40}
          placeholder="T-10023456"
          autoComplete="off"
          error={error}
        />
        <Button type="submit" busy={finding.isPending}>
          Find
        </Button>
      </form>
    </search>
  );
}
