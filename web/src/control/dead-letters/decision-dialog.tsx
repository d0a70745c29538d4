import { useMutation, useQueryClient } from '@tanstack/react-query';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { type ConsumingService, type DeadLetter, discard, replay } from '../operations.ts';
import styles from './dead-letters.module.css';

type Decision = 'replay' | 'discard';

const words = {
  replay: {
    title: 'Replay this event?',
    text: 'The service processes the event again, and the event leaves this list if that succeeds. If it took effect before, it is only removed from the list.',
    act: 'Replay',
    failed: 'The event could not be processed',
  },
  discard: {
    title: 'Discard this event?',
    text: 'The event is deleted and will never be processed. Discard it only if its effect was achieved in another way. This cannot be undone.',
    act: 'Discard permanently',
    failed: 'The event could not be discarded',
  },
} as const;

/** Asks for confirmation and tells the result: an event that fails again stays in the list. */
export function DecisionDialog({
  service,
  letter,
  decision,
  onDone,
}: {
  service: ConsumingService;
  letter: DeadLetter;
  decision: Decision | undefined;
  onDone: () => void;
}) {
  const deciding = useDecision(service, letter, onDone);
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
          <Button onClick={close}>Cancel</Button>
        </div>
      </div>
    </Dialog>
  );
}

function useDecision(service: ConsumingService, { eventId }: DeadLetter, onDone: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (what: Decision): Promise<unknown> =>
      what === 'replay' ? replay(service, eventId) : discard(service, eventId),
    onSuccess: async (result, what) => {
      toast(what === 'discard' ? 'Discarded' : replayText(result));
      onDone();
      await client.invalidateQueries({ queryKey: ['control'] });
    },
  });
}

function replayText(result: unknown): string {
  const outcome = typeof result === 'object' && result !== null && 'outcome' in result ? result.outcome : undefined;
  return outcome === 'handled_before' ? 'It had taken effect before: removed from the list' : 'Replayed';
}
