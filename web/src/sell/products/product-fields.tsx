import { TextArea, TextField } from '../../design/field.tsx';
import { Panel } from '../../design/layout.tsx';
import type { Draft } from '../draft.ts';
import { MediaFields } from './media-fields.tsx';
import styles from './products.module.css';

export type FieldsProps = {
  draft: Draft;
  /** The error of a field, by its name. */
  problem: (name: string) => string | undefined;
  onChange: (name: string, text: string) => void;
};

/** The fields of the product as a whole. */
export function ProductFields({ draft, problem, onChange }: FieldsProps) {
  const field = (name: string) => ({
    value: draft[name] ?? '',
    error: problem(name),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) => onChange(name, currentTarget.value),
  });
  return (
    <Panel title="Product">
      <div className={styles.fields}>
        <TextField label="Title" maxLength={200} {...field('title')} />
        <TextArea label="Description" hint="Plain text" maxLength={10_000} rows={5} {...field('description')} />
        <TextField
          label="Categories"
          hint="Separated by commas, at most ten. Shoppers can search and filter by a new category at once; operators decide whether it is in the navigation."
          placeholder="kitchen, mugs"
          {...field('categories')}
        />
        <MediaFields value={draft.media} error={problem('media')} onChange={(text) => onChange('media', text)} />
      </div>
    </Panel>
  );
}
