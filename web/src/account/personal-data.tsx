import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useLocation } from 'wouter';
import { api, unwrap } from '../api/client.ts';
import { explain, fieldError, hasCode } from '../api/problem.ts';
import { secondFactorQuery } from '../api/second-factors.ts';
import { eraseAccount } from '../api/session.ts';
import { Button } from '../design/button.tsx';
import { Dialog } from '../design/dialog.tsx';
import { CheckField } from '../design/field.tsx';
import { Notice } from '../design/notice.tsx';
import { toast } from '../design/toast.tsx';
import { useFocusOnProblem } from '../design/use-focus-on-problem.ts';
import styles from './account.module.css';
import { CodeField, CurrentPasswordField } from './password-fields.tsx';

/** Downloads all data of the account as a file, and erases the account. */
export function PersonalData() {
  const [isErasing, setErasing] = useState(false);
  const downloading = useMutation({ mutationFn: downloadData, meta: { part: 'accounts' } });
  return (
    <section className={styles.section}>
      <h2>Your data</h2>
      <p className={styles.soft}>
        The file has all that the shop knows of you: account, sessions, orders with addresses, carts and mails.
      </p>
      {downloading.error && <Notice tone="bad">{explain(downloading.error)}</Notice>}
      <div className={styles.links}>
        <Button busy={downloading.isPending} onClick={() => downloading.mutate()}>
          Download my data
        </Button>
        <Button kind="danger" onClick={() => setErasing(true)}>
          Erase my account
        </Button>
      </div>
      <Dialog title="Erase your account" open={isErasing} onOpenChange={setErasing}>
        <EraseForm />
      </Dialog>
    </section>
  );
}

/** Asks for the whole document first: a file that is not complete is never saved. */
async function downloadData(): Promise<void> {
  const document = await unwrap(api.GET('/api/v1/account/export'));
  const file = new Blob([JSON.stringify(document, null, 2)], { type: 'application/json' });
  const link = Object.assign(globalThis.document.createElement('a'), {
    href: URL.createObjectURL(file),
    download: 'my-data.json',
  });
  link.click();
  URL.revokeObjectURL(link.href);
}

function EraseForm() {
  const [, navigate] = useLocation();
  const { data: secondFactor } = useQuery(secondFactorQuery);
  const erasing = useMutation({
    mutationFn: eraseAccount,
    meta: { part: 'accounts' },
    onSuccess: () => {
      toast('Your account is erased');
      navigate('/');
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const code = fields.get('code');
    const currentPassword = String(fields.get('currentPassword'));
    if (!erasing.isPending) erasing.mutate({ currentPassword, ...(code !== null && { code: String(code).trim() }) });
  };
  const { error } = erasing;
  const isWrong = hasCode(error, 'invalid_credentials');
  const ofCode = fieldError(error, '/code');
  // Whether the account has a second factor may not be known here; then the answer tells.
  const needsCode = secondFactor?.enabled === true || hasCode(error, 'second_factor_required') || ofCode !== undefined;
  const around = useFocusOnProblem(error);
  return (
    <div ref={around}>
      <form className={styles.form} onSubmit={submit}>
        <p>
          Your name, addresses, password and sessions are removed. Of your orders the shop keeps what the law demands
          for its books: amounts, items and the invoice address. An order that is on its way is still delivered, but you
          get no mails about it.
        </p>
        {error && !isWrong && !ofCode && <Notice tone="bad">{explain(error)}</Notice>}
        <CurrentPasswordField error={error} />
        {needsCode && <CodeField problem={ofCode} />}
        <CheckField label="I know that this cannot be undone" required />
        <div>
          <Button type="submit" kind="danger" busy={erasing.isPending}>
            Erase my account for good
          </Button>
        </div>
      </form>
    </div>
  );
}
