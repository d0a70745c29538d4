import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { explain } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { MultilineText } from '../../design/multiline-text.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { isResendable, type Mail, mailQuery, resendMail } from './mail-queries.ts';
import styles from './mails.module.css';

/** One mail as it was sent, without links that let somebody in; it can be sent again. */
export function MailDialog({ mail, onDone }: { mail: Mail | undefined; onDone: () => void }) {
  return (
    <Dialog title={mail?.subject ?? ''} open={mail !== undefined} onOpenChange={(open) => !open && onDone()}>
      {mail && <OpenedMail key={mail.id} mail={mail} onDone={onDone} />}
    </Dialog>
  );
}

function OpenedMail({ mail, onDone }: { mail: Mail; onDone: () => void }) {
  const client = useQueryClient();
  const canResend = useMay()('mails:write');
  const details = useQuery(mailQuery(mail.id));
  const [key] = useState(() => crypto.randomUUID());
  const resending = useMutation({
    mutationFn: () => resendMail(mail.id, key),
    onSuccess: async ({ to }) => {
      toast(`The mail is sent again${to === null ? '' : ` to ${to}`}`);
      onDone();
      await client.invalidateQueries({ queryKey: ['control', 'mails'] });
    },
  });
  return (
    <div className={styles.dialog}>
      <p className={styles.soft}>
        To {mail.to ?? 'an address that is not known yet'}
        {mail.lastProblem && ` · ${mail.lastProblem}`}
      </p>
      {resending.error && <Notice tone="bad">{explain(resending.error)}</Notice>}
      <QueryBoundary query={details} what="The mail" height="12rem">
        {({ text }) => <MultilineText text={text} className={styles.text} />}
      </QueryBoundary>
      <div className={styles.actions}>
        {canResend && isResendable(mail) && (
          <Button kind="primary" busy={resending.isPending} onClick={() => resending.mutate()}>
            Send again
          </Button>
        )}
        <Button onClick={onDone}>Close</Button>
      </div>
    </div>
  );
}
