import { useMutation } from '@tanstack/react-query';
import { explain } from '../api/problem.ts';
import { useAccount } from '../api/session.ts';
import { stopActing } from '../api/staff.ts';
import { Button } from '../design/button.tsx';
import { toast } from '../design/toast.tsx';
import styles from './shell.module.css';

/** Says on every page that an operator acts as a customer, and ends it. */
export function ActingBar() {
  const account = useAccount();
  const stopping = useMutation({
    mutationFn: stopActing,
    meta: { part: 'accounts' },
    onError: (error) => toast(explain(error)),
  });
  if (!account?.operator) return null;
  return (
    <aside className={styles.acting} aria-label="Acting as a customer">
      <p>
        You act as <strong dir="auto">{account.name}</strong>
      </p>
      <Button busy={stopping.isPending} onClick={() => stopping.mutate(account.id)}>
        Stop
      </Button>
    </aside>
  );
}
