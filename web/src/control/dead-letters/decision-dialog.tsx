import { useMutation, useQueryClient } from '@tanstack/react-query';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { type DeadLetter, discard, type HearingService, replay } from '../operations.ts';
import styles from './dead-letters.module.css';

type Decision = 'replay' | 'discard';

const words = {
  replay: {
    title: 'Handle it again?',
    text: 'It is handled as if it came now, and leaves this list if that succeeds. If it took effect before, nothing is done twice.',
    act: 'Handle it',
    failed: 'It could not be handled',
  },
  discard: {
    title: 'Discard it?',
    text: 'What it tells of will then never be handled. Do this only if it has been put right in another way: it cannot be undone.',
    act: 'Discard it for good',
    failed: 'It could not be discarded',
  },
} as const;

/** Asks once more, and says how it went: a message that fails again stays where it is. */
export function DecisionDialog({
  service,
  letter,
  decision,
  onDone,
}: {
  service: HearingService;
  letter: DeadLetter;
  decision: Decision | undefined;
  onDone: () => void;
}) {
  const client = useQueryClient();
  const deciding = useMutation({
    mutationFn: (what: Decision): Promise<unknown> =>
      what === 'replay' ? replay(service, letter.eventId) : discard(service, letter.eventId),
    onSuccess: async (result, what) => {
      toast(what === 'discard' ? 'Discarded' : said(result));
      onDone();
      await client.invalidateQueries({ queryKey: ['control'] });
    },
  });
  const shown = words[decision ?? 'replay'];
  const close = () => {
    deciding.reset();
    onDone();
  };
  return (
    <Dialog title={shown.title} open={decision !== undefined} onOpenChange={(open) => !open && close()}>
      <div className={styles.dialog}>
        <p>{shown.text}</p>
        <p className={styles.ids}>
          <code>{letter.type}</code> · <code>{letter.eventId}</code>
        </p>
        {deciding.error && (
          <Notice tone="bad" title={shown.failed}>
            {explain(deciding.error)}
          </Notice>
        )}
        <div className={styles.actions}>
          <Button
            kind={decision === 'discard' ? 'danger' : 'primary'}
            busy={deciding.isPending}
            onClick={() => decision && deciding.mutate(decision)}
          >
            {shown.act}
          </Button>
          <Button onClick={close}>Leave it</Button>
        </div>
      </div>
    </Dialog>
  );
}

function said(result: unknown): string {
  const outcome = typeof result === 'object' && result !== null && 'outcome' in result ? result.outcome : undefined;
  return outcome === 'handled_before' ? 'It had taken effect before: removed' : 'Handled';
}
