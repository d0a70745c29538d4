import { type QueryKey, useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { explain, hasCode } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { toast } from '../../design/toast.tsx';
import { useLeaveWarning } from '../../design/unsaved-changes.ts';
import { useFocusOnProblem } from '../../design/use-focus-on-problem.ts';
import { errorAt, type Texts, textsOf } from './form-values.ts';
import styles from './pricing.module.css';
import { PRICING_KEY } from './rules.ts';

/** What is wrong with a field of the form, by its pointer (`/ratePercent`). */
export type ErrorAt = (field: string) => string | undefined;

type RuleFormProps = {
  /** The pointers that are shown at a field. */
  fields: readonly string[];
  onSave: (texts: Texts) => Promise<unknown>;
  /** What to say when it is saved. */
  saved: string;
  /** Without it the form stays, and has no Cancel. */
  onDone?: () => void;
  /** For who may see the values and not change them: the fields are disabled, and nothing is saved. */
  readOnly?: boolean;
  /** The queries that are read again after a change. */
  changes?: QueryKey;
  children: (error: ErrorAt) => ReactNode;
};

/**
 * A form that saves one rule. `onSave` reads the texts of the form and sends them; what it throws is shown at the fields that it
 * is about, or above the form.
 */
export function RuleForm({
  fields,
  onSave,
  saved,
  onDone,
  readOnly = false,
  changes = PRICING_KEY,
  children,
}: RuleFormProps) {
  const client = useQueryClient();
  const [isUnsaved, setUnsaved] = useState(false);
  useLeaveWarning(isUnsaved);
  const saving = useMutation({
    mutationFn: async (texts: Texts) => onSave(texts),
    onSuccess: async () => {
      setUnsaved(false);
      toast(saved);
      await client.invalidateQueries({ queryKey: changes });
      onDone?.();
    },
    meta: { part: changes === PRICING_KEY ? 'orders' : 'catalogue' },
  });
  const around = useFocusOnProblem(saving.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!saving.isPending) saving.mutate(textsOf(event.currentTarget));
  };
  const isAtField = fields.some((field) => errorAt(saving.error, field) !== undefined);
  return (
    <form className={styles.form} onSubmit={submit} onChange={() => setUnsaved(true)}>
      {saving.error && !isAtField && <Notice tone="bad">{explainSaving(saving.error)}</Notice>}
      <div ref={around}>
        <fieldset className={styles.form} disabled={readOnly}>
          {children((field) => errorAt(saving.error, field))}
        </fieldset>
      </div>
      {!readOnly && (
        <div className={styles.actions}>
          <Button type="submit" kind={onDone ? 'primary' : 'secondary'} busy={saving.isPending}>
            Save
          </Button>
          {onDone && <Button onClick={onDone}>Cancel</Button>}
        </div>
      )}
    </form>
  );
}

const explainSaving = (error: unknown): string =>
  hasCode(error, 'version_conflict')
    ? 'Another operator has changed this since you opened it. Reload the page, and edit the current version.'
    : explain(error);
