import { CheckField, SelectField, TextArea, TextField } from '../../design/field.tsx';
import { Panel } from '../../design/layout.tsx';
import { type Draft, yesOrNo } from '../draft.ts';
import type { Product } from '../queries.ts';
import { MediaFields } from './media-fields.tsx';
import styles from './products.module.css';

export type FieldsProps = {
  draft: Draft;
  /** The error of a field, by its name. */
  problem: (name: string) => string | undefined;
  onChange: (name: string, text: string) => void;
};

/** The fields of the product as a whole. */
export function ProductFields({ draft, problem, onChange, product }: FieldsProps & { product?: Product }) {
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
        <TaxClassField stored={product?.taxClass} {...field('taxClass')} />
        <CheckField
          label="Digital: nothing is sent"
          hint="A download, a voucher or a service: an order of it has no parcel"
          checked={draft.digital === yesOrNo(true)}
          error={problem('digital')}
          onChange={({ currentTarget }) => onChange('digital', yesOrNo(currentTarget.checked))}
        />
        <MediaFields value={draft.media} error={problem('media')} onChange={(text) => onChange('media', text)} />
      </div>
    </Panel>
  );
}

const taxClasses = { standard: 'Standard', reduced: 'Reduced', zero: 'Zero' };

type TaxClassProps = {
  value: string;
  /** That the product has; undefined while it is new. */
  stored: string | undefined;
  error: string | undefined;
  onChange: (event: { currentTarget: { value: string } }) => void;
};

/** The usual tax classes, and the one that the product has, which may be set by the API or an import. */
function TaxClassField({ value, stored, ...rest }: TaxClassProps) {
  const options = new Map(Object.entries(taxClasses));
  if (stored !== undefined && !options.has(stored)) options.set(stored, stored);
  return (
    <SelectField
      label="Tax class"
      hint="Decides the tax rate of an order. Books and food, for example, are taxed at a reduced rate in many countries."
      value={value || 'standard'}
      {...rest}
    >
      {[...options].map(([name, label]) => (
        <option key={name} value={name}>
          {label}
        </option>
      ))}
    </SelectField>
  );
}
