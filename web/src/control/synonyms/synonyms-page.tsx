import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { TextField } from '../../design/field.tsx';
import { Panel } from '../../design/layout.tsx';
import { PageHeading } from '../../design/page.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { actionsColumn, DeleteDialog, type Deletion } from '../pricing/delete-rule.tsx';
import styles from '../pricing/pricing.module.css';
import { type ErrorAt, RuleForm } from '../pricing/rule-form.tsx';
import { deleteSynonyms, SYNONYMS_KEY, type SynonymGroup, saveSynonyms, synonymsQuery, termsOf } from './synonyms.ts';

/** Words that mean the same in searches: operators add groups, change and delete them. */
export function SynonymsPage() {
  const synonyms = useQuery(synonymsQuery);
  const [edited, setEdited] = useState<{ group: SynonymGroup | undefined }>();
  const [deletion, setDeletion] = useState<Deletion>();
  const close = () => setEdited(undefined);
  const add = useMay()('catalogue:write') && (
    <Button kind="primary" onClick={() => setEdited({ group: undefined })}>
      Add synonyms
    </Button>
  );
  return (
    <>
      <PageHeading
        title="Synonyms"
        lead="Words that mean the same. A search for one of them also finds products that have another: after a search for “couch”, the sofas come up as well."
      />
      <Panel title="Synonyms" lead="A change applies to searches within half a minute." actions={add}>
        <QueryBoundary query={synonyms} what="The synonyms" height="20rem">
          {({ items }) => (
            <SynonymTable groups={items} onEdit={(group) => setEdited({ group })} onDelete={setDeletion} />
          )}
        </QueryBoundary>
      </Panel>
      <Dialog
        title={edited?.group ? 'Edit synonyms' : 'Add synonyms'}
        open={edited !== undefined}
        onOpenChange={(open) => !open && close()}
      >
        {edited && <SynonymForm group={edited.group} onDone={close} />}
      </Dialog>
      <DeleteDialog deletion={deletion} onDone={() => setDeletion(undefined)} changes={SYNONYMS_KEY} />
    </>
  );
}

type SynonymTableProps = {
  groups: readonly SynonymGroup[];
  onEdit: (group: SynonymGroup) => void;
  onDelete: (deletion: Deletion) => void;
};

function SynonymTable({ groups, onEdit, onDelete }: SynonymTableProps) {
  const canEdit = useMay()('catalogue:write');
  if (groups.length === 0) return <p className={styles.empty}>No synonyms yet.</p>;
  const rows = groups.map((group) => ({ ...group, name: group.terms.join(', ') }));
  const columns: Column<(typeof rows)[number]>[] = [
    { heading: 'Words', cell: ({ name }) => <span dir="auto">{name}</span> },
    ...actionsColumn<(typeof rows)[number]>(canEdit, {
      edit: onEdit,
      remove: ({ id, name }) =>
        onDelete({
          name,
          consequence: 'A search for one of these words no longer finds products that only have another of them.',
          run: () => deleteSynonyms(id),
        }),
    }),
  ];
  return <Table caption="Synonyms" rows={rows} keyOf={({ id }) => id} columns={columns} />;
}

/** The field shows what is wrong with any of the terms. */
const termsError = (error: ErrorAt): string | undefined =>
  error('/terms') ?? Array.from({ length: 10 }, (_, index) => error(`/terms/${index}`)).find(Boolean);

const FIELDS = ['/terms', ...Array.from({ length: 10 }, (_, index) => `/terms/${index}`)];

function SynonymForm({ group, onDone }: { group: SynonymGroup | undefined; onDone: () => void }) {
  const [id] = useState(() => group?.id ?? crypto.randomUUID());
  return (
    <RuleForm
      fields={FIELDS}
      changes={SYNONYMS_KEY}
      saved={group ? 'Synonyms saved' : 'Synonyms added'}
      onSave={(texts) => saveSynonyms({ id, ...(group && { version: group.version }) }, termsOf(texts('terms')))}
      onDone={onDone}
    >
      {(error) => (
        <TextField
          label="Words, with commas between them"
          hint="Two to ten words or short phrases, such as: sofa, couch, settee"
          name="terms"
          required
          maxLength={700}
          autoComplete="off"
          defaultValue={group?.terms.join(', ')}
          error={termsError(error)}
        />
      )}
    </RuleForm>
  );
}
