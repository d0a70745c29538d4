import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type MailSettings, mailSettingsQuery, replaceMailSettings } from '../../api/mail-settings.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { CheckField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import styles from '../account.module.css';

/** The mails that a seller can do without, a checkbox for each kind. */
export function KindsForm({ current }: { current: MailSettings }) {
  const client = useQueryClient();
  // Only what was changed here: the rest follows what is stored, which another tab or a link in a mail may change.
  const [changes, setChanges] = useState<Partial<MailSettings>>({});
  const wanted = { ...current, ...changes };
  const saving = useMutation({
    mutationFn: replaceMailSettings,
    onSuccess: () => toast('Your mail settings are saved'),
    onSettled: () => client.invalidateQueries(mailSettingsQuery),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!saving.isPending) saving.mutate(wanted);
  };
  return (
    <section className={styles.section}>
      <h2>Mails about your sales</h2>
      <form className={styles.form} onSubmit={submit}>
        <CheckField
          label="New orders"
          hint="A mail for each order with goods of yours."
          checked={wanted.new_order}
          onChange={({ target }) => setChanges({ ...changes, new_order: target.checked })}
        />
        <CheckField
          label="Low stock"
          hint="A mail when an order leaves few units, at most one a day for each SKU."
          checked={wanted.low_stock}
          onChange={({ target }) => setChanges({ ...changes, low_stock: target.checked })}
        />
        {saving.error && <Notice tone="warn">{explain(saving.error)}</Notice>}
        <div>
          <Button type="submit" busy={saving.isPending}>
            Save
          </Button>
        </div>
      </form>
    </section>
  );
}
