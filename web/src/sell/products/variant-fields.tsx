import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { Panel } from '../../design/area.tsx';
import { Button } from '../../design/button.tsx';
import { TextArea, TextField } from '../../design/field.tsx';
import { Badge } from '../../design/notice.tsx';
import type { Product } from '../desk.ts';
import { skusOf, VARIANTS_AT_MOST, variantField } from '../draft.ts';
import type { FieldsProps } from './product-fields.tsx';
import styles from './products.module.css';

type VariantsProps = FieldsProps & {
  currency: string;
  /** As it is stored; undefined while it is new. */
  product?: Product;
  onAdd: (sku: string) => void;
  onRemove: (sku: string) => void;
};

/** What is sold of the product: each variant with its own SKU, price and stock. */
export function VariantFields(props: VariantsProps) {
  const skus = skusOf(props.draft);
  return (
    <Panel
      title="Variants"
      lead={`What is put into a cart. All prices are in ${props.currency}. A SKU stays with its product for good.`}
    >
      <div className={styles.variants}>
        {skus.map((sku) => (
          <VariantField key={sku} sku={sku} {...props} />
        ))}
        {skus.length < VARIANTS_AT_MOST && <AddVariant taken={skus} onAdd={props.onAdd} />}
      </div>
    </Panel>
  );
}

function VariantField({ sku, draft, problem, onChange, currency, product, onRemove }: VariantsProps & { sku: string }) {
  const stored = product?.variants.find((variant) => variant.sku === sku);
  const field = (name: 'title' | 'price' | 'attributes' | 'stock') => ({
    value: draft[variantField(sku, name)] ?? '',
    error: problem(variantField(sku, name)),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange(variantField(sku, name), currentTarget.value),
  });
  const status = draft[variantField(sku, 'status')];
  const turned = status === 'archived' ? 'active' : 'archived';
  return (
    <section className={styles.variant} aria-label={`Variant ${sku}`}>
      <div className={styles.variantHead}>
        <h3 className={styles.sku}>{sku}</h3>
        {status === 'archived' && <Badge>off sale</Badge>}
        {stored && product && (
          <Link href={`/sell/products/${product.id}/stock/${sku}`}>
            {stored.available} available: stock and history
          </Link>
        )}
        <span className={styles.push}>
          {stored ? (
            <Button kind="quiet" onClick={() => onChange(variantField(sku, 'status'), turned)}>
              {status === 'archived' ? 'Put on sale' : 'Take off sale'}
              <span className="visually-hidden"> {sku}</span>
            </Button>
          ) : (
            <Button kind="quiet" onClick={() => onRemove(sku)}>
              Remove<span className="visually-hidden"> {sku}</span>
            </Button>
          )}
        </span>
      </div>
      <div className={styles.columns}>
        <TextField
          label={`Price in ${currency}`}
          hint="Like 19.99"
          inputMode="decimal"
          autoComplete="off"
          {...field('price')}
        />
        <TextField label="Name" hint="Empty if there is only one" maxLength={200} {...field('title')} />
        <TextArea
          label="What sets it apart"
          hint="One to a line, like colour: blue"
          rows={2}
          {...field('attributes')}
        />
        {!stored && (
          <TextField label="Units on hand" hint="To begin with" type="number" min={0} step={1} {...field('stock')} />
        )}
      </div>
    </section>
  );
}

const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function AddVariant({ taken, onAdd }: { taken: readonly string[]; onAdd: (sku: string) => void }) {
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const sku = String(new FormData(form).get('sku')).trim();
    if (!SKU.test(sku)) return setProblem('Letters, digits, dots, dashes and underscores, 64 at the most');
    if (taken.includes(sku)) return setProblem('This product has it already');
    setProblem(undefined);
    form.reset();
    onAdd(sku);
  };
  return (
    <form className={styles.addVariant} onSubmit={submit} noValidate>
      <TextField label="SKU of another variant" name="sku" error={problem} placeholder="MUG-BLUE" autoComplete="off" />
      <Button type="submit">Add the variant</Button>
    </form>
  );
}
