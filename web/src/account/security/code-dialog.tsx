import { useMutation } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { explain, fieldError, hasCode } from '../../api/problem.ts';
import type { PasswordAndCode } from '../../api/second-factors.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { useFocusOnProblem } from '../../design/use-focus-on-problem.ts';
import { CodeField, CurrentPasswordField } from '../password-fields.tsx';
import styles from './security.module.css';

type Props<T> = {
  title: string;
  action: string;
  danger?: boolean;
  /** What password and code allow. */
  work: (shown: PasswordAndCode) => Promise<T>;
  onSuccess: (result: T) => void;
  onDone: () => void;
};

/** Asks for password and code before a change of the second factor. */
export function CodeDialog<T>({ title, onDone, ...form }: Props<T>) {
  return (
    <Dialog title={title} open onOpenChange={(open) => !open && onDone()}>
      <CodeForm {...form} />
    </Dialog>
  );
}

function CodeForm<T>({ action, danger = false, work, onSuccess }: Omit<Props<T>, 'title' | 'onDone'>) {
  const changing = useMutation({ mutationFn: work, meta: { part: 'accounts' }, onSuccess });
  const { error } = changing;
  const isWrong = hasCode(error, 'invalid_credentials');
  const ofCode = fieldError(error, '/code');
  const around = useFocusOnProblem(error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const shown = { currentPassword: String(fields.get('currentPassword')), code: String(fields.get('code')).trim() };
    if (!changing.isPending) changing.mutate(shown);
  };
  return (
    <div ref={around}>
      <form className={styles.steps} onSubmit={submit}>
        {error && !isWrong && !ofCode && <Notice tone="bad">{explain(error)}</Notice>}
        <CurrentPasswordField error={error} />
        <CodeField problem={ofCode} />
        <div>
          <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={changing.isPending}>
            {action}
          </Button>
        </div>
      </form>
    </div>
  );
}
