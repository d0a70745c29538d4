import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import type { Column } from '../../design/table.tsx';
import { toast } from '../../design/toast.tsx';
import styles from './pricing.module.css';
import { PRICING_KEY } from './rules.ts';

/** A rule that is to be deleted, and how. */
export type Deletion = { name: string; consequence: string; run: () => Promise<unknown> };

/** Asks before a rule is deleted, and says why it cannot be. */
export function DeleteDialog({
  deletion,
  onDone,
  changes = PRICING_KEY,
}: {
  deletion: Deletion | undefined;
  onDone: () => void;
  /** The queries that are read again after it. */
  changes?: QueryKey;
}) {
  return (
    <Dialog
      title={`Delete ${deletion?.name}?`}
      open={deletion !== undefined}
      onOpenChange={(open) => !open && onDone()}
    >
      {deletion && <Question deletion={deletion} onDone={onDone} changes={changes} />}
    </Dialog>
  );
}

type QuestionProps = { deletion: Deletion; onDone: () => void; changes: QueryKey };

function Question({ deletion, onDone, changes }: QuestionProps) {
  const client = useQueryClient();
  const deleting = useMutation({
    mutationFn: deletion.run,
    onSuccess: async () => {
      toast(`${deletion.name} deleted`);
      await client.invalidateQueries({ queryKey: changes });
      onDone();
    },
    meta: { part: changes === PRICING_KEY ? 'orders' : 'catalogue' },
  });
  return (
    <div className={styles.form}>
      {deleting.error && <Notice tone="bad">{explain(deleting.error)}</Notice>}
      <p>{deletion.consequence}</p>
      <div className={styles.actions}>
        <Button kind="danger" busy={deleting.isPending} onClick={() => deleting.mutate()}>
          Delete {deletion.name}
        </Button>
        <Button onClick={onDone}>Cancel</Button>
      </div>
    </div>
  );
}

/** The last column of a table of rules, for who may change them. */
export const actionsColumn = <T extends { name: string }>(
  canEdit: boolean,
  on: { edit: (rule: T) => void; remove: (rule: T) => void },
): Column<T>[] =>
  canEdit
    ? [
        {
          heading: 'Actions',
          cell: (rule) => <RowActions name={rule.name} onEdit={() => on.edit(rule)} onDelete={() => on.remove(rule)} />,
        },
      ]
    : [];

/** The buttons at the end of a rule's row. */
function RowActions({ name, onEdit, onDelete }: { name: string; onEdit: () => void; onDelete: () => void }) {
  return (
    <span className={styles.rowActions}>
      <Button kind="quiet" aria-label={`Edit ${name}`} onClick={onEdit}>
        Edit
      </Button>
      <Button kind="quiet" aria-label={`Delete ${name}`} onClick={onDelete}>
        Delete
      </Button>
    </span>
  );
}
