import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { explain, hasCode } from '../../api/problem.ts';
import { addPasskey, type Passkey, passkeysQuery, renamePasskey } from '../../api/second-factors.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { useFocusOnProblem } from '../../design/use-focus-on-problem.ts';
import { CurrentPasswordField } from '../password-fields.tsx';
import styles from './security.module.css';

/** Runs a change of the passkeys, then says what was done and closes. */
function useChange<Input>(change: (input: Input) => Promise<Passkey>, text: string, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    meta: { part: 'accounts' },
    onSuccess: async () => {
      toast(text);
      onDone();
      await client.invalidateQueries(passkeysQuery);
    },
  });
}

function NameField({ name = '' }: { name?: string }) {
  return (
    <TextField
      label="Name"
      hint="By which you will know it"
      name="name"
      required
      pattern=".*\S.*"
      title="A name that is more than blanks"
      maxLength={100}
      defaultValue={name}
    />
  );
}

export function AddPasskeyDialog({ onDone }: { onDone: () => void }) {
  const adding = useChange(addPasskey, 'The passkey is added', onDone);
  const { error } = adding;
  const isWrong = hasCode(error, 'invalid_credentials');
  const around = useFocusOnProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const input = { name: String(fields.get('name')).trim(), currentPassword: String(fields.get('currentPassword')) };
    if (!adding.isPending) adding.mutate(input);
  };
  return (
    <Dialog title="Add a passkey" open onOpenChange={(open) => !open && onDone()}>
      <div ref={around}>
        <form className={styles.steps} onSubmit={submit}>
          {error && !isWrong && <Notice tone="bad">{explain(error)}</Notice>}
          <NameField />
          <CurrentPasswordField error={error} />
          <div>
            <Button type="submit" kind="primary" busy={adding.isPending}>
              Add it
            </Button>
          </div>
        </form>
      </div>
    </Dialog>
  );
}

export function RenamePasskeyDialog({ passkey, onDone }: { passkey: Passkey; onDone: () => void }) {
  const renaming = useChange(renamePasskey, 'The passkey has a new name', onDone);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get('name')).trim();
    if (!renaming.isPending) renaming.mutate({ id: passkey.id, name });
  };
  return (
    <Dialog title="Rename the passkey" open onOpenChange={(open) => !open && onDone()}>
      <form className={styles.steps} onSubmit={submit}>
        {renaming.error && <Notice tone="bad">{explain(renaming.error)}</Notice>}
        <NameField name={passkey.name} />
        <div>
          <Button type="submit" kind="primary" busy={renaming.isPending}>
            Rename it
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
