import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { addressesQuery, type SavedAddress, saveAddress } from '../../api/addresses.ts';
import { explain, fieldError } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { useLeaveWarning } from '../../design/unsaved-changes.ts';
import { type AddressErrors, addressFields, addressOf, checkAddress, draftOf, remainingErrors } from './address.ts';
import { AddressForm } from './address-form.tsx';
import styles from './addresses.module.css';

/** Writes down a new address, or changes one. */
export function AddressDialog({
  saved,
  isNew,
  onDone,
}: {
  saved: Omit<SavedAddress, 'createdAt'>;
  isNew: boolean;
  onDone: () => void;
}) {
  return (
    <Dialog title={isNew ? 'New address' : 'Change the address'} open onOpenChange={(open) => !open && onDone()}>
      <Fields saved={saved} onDone={onDone} />
    </Dialog>
  );
}

function Fields({ saved, onDone }: { saved: Omit<SavedAddress, 'createdAt'>; onDone: () => void }) {
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(() => draftOf(saved.address));
  const [errors, setErrors] = useState<AddressErrors>({});
  const initial = draftOf(saved.address);
  useLeaveWarning(addressFields.some((field) => draft[field] !== initial[field]));
  const saving = useMutation({
    mutationFn: saveAddress,
    meta: { part: 'orders' },
    onSuccess: async () => {
      toast('The address is saved');
      onDone();
      await client.invalidateQueries(addressesQuery);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = checkAddress(draft);
    setErrors(found);
    const first = addressFields.find((field) => found[field]);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else if (!saving.isPending) saving.mutate({ ...saved, address: addressOf(draft) });
  };
  const remaining = remainingErrors(errors, draft);
  const told = Object.fromEntries(
    addressFields.map((field) => [field, remaining[field] ?? fieldError(saving.error, `/address/${field}`)]),
  );
  return (
    <form className={styles.form} ref={form} onSubmit={submit} noValidate>
      {saving.error && <Notice tone="bad">{explain(saving.error)}</Notice>}
      <AddressForm draft={draft} errors={told} onChange={setDraft} />
      <div className={styles.actions}>
        <Button type="submit" kind="primary" busy={saving.isPending}>
          Save the address
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </form>
  );
}
