import { type FormEvent, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../../design/button.tsx';
import { TextArea, TextField } from '../../design/field.tsx';
import { Panel } from '../../design/layout.tsx';
import { Badge } from '../../design/notice.tsx';
import { skusOf, VARIANTS_AT_MOST, variantField } from '../draft.ts';
import type { Product, Variant } from '../queries.ts';
import type { FieldsProps } from './product-fields.tsx';
import styles from './products.module.css';

type VariantsProps = FieldsProps & {
  currency: string;
  /** The stored product; undefined while it is new. */
  product?: Product;
  onAdd: (sku: string) => void;
  onRemove: (sku: string) => void;
};

/** The variants of the product, each with its own SKU, price and stock. */
export function VariantFields(props: VariantsProps) {
  const skus = skusOf(props.draft);
  return (
    <Panel
      title="Variants"
      lead={`Shoppers choose and order a variant. All prices are in ${props.currency}. A SKU cannot be changed or moved to another product.`}
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

function VariantField(props: VariantsProps & { sku: string }) {
  const { sku, draft, problem, onChange, currency, product } = props;
  const stored = product?.variants.find((variant) => variant.sku === sku);
  const field = (name: 'title' | 'price' | 'attributes' | 'stock' | 'weightGrams') => ({
    value: draft[variantField(sku, name)] ?? '',
    error: problem(variantField(sku, name)),
    onChange: ({ currentTarget }: { currentTarget: { value: string } }) =>
      onChange(variantField(sku, name), currentTarget.value),
  });
  return (
    <section className={styles.variant} aria-label={`Variant ${sku}`}>
      <VariantHead {...props} stored={stored} />
      <div className={styles.columns}>
        <TextField
          label={`Price in ${currency}`}
          hint="Like 19.99"
          inputMode="decimal"
          autoComplete="off"
          {...field('price')}
        />
        <TextField
          label="Variant name"
          hint="Leave empty if there is only one variant"
          maxLength={200}
          {...field('title')}
        />
        <TextField
          label="Weight in grams"
          hint="Of one unit with its packing, for the shipping costs; counts as 0 while it is empty"
          inputMode="numeric"
          autoComplete="off"
          {...field('weightGrams')}
        />
        <TextArea label="Attributes" hint="One per line, like colour: blue" rows={2} {...field('attributes')} />
        {!stored && (
          <TextField
            label="Stock"
            hint="Units on hand when it goes on sale"
            type="number"
            min={0}
            step={1}
            {...field('stock')}
          />
        )}
      </div>
    </section>
  );
}

type VariantHeadProps = VariantsProps & { sku: string; stored: Variant | undefined };

function VariantHead({ sku, draft, onChange, product, stored, onRemove }: VariantHeadProps) {
  const status = draft[variantField(sku, 'status')];
  const turned = status === 'archived' ? 'active' : 'archived';
  return (
    <div className={styles.variantHead}>
      <h3 className={styles.sku}>{sku}</h3>
      {status === 'archived' && <Badge>off sale</Badge>}
      {stored && product && (
        <Link href={`/sell/products/${product.id}/stock/${sku}`}>{stored.available} available: stock and history</Link>
      )}
      <span className={styles.push}>
        {stored ? (
          <Button kind="quiet" onClick={() => onChange(variantField(sku, 'status'), turned)}>
            {status === 'archived' ? 'Put back on sale' : 'Take off sale'}
            <span className="visually-hidden"> {sku}</span>
          </Button>
        ) : (
          <Button kind="quiet" onClick={() => onRemove(sku)}>
            Remove<span className="visually-hidden"> {sku}</span>
          </Button>
        )}
      </span>
    </div>
  );
}

const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

function AddVariant({ taken, onAdd }: { taken: readonly string[]; onAdd: (sku: string) => void }) {
  const [problem, setProblem] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const sku = String(new FormData(form).get('sku')).trim();
    if (!SKU.test(sku)) return setProblem('Use letters, digits, dots, dashes and underscores, at most 64 characters');
    if (taken.includes(sku)) return setProblem('This product already has this SKU');
    setProblem(undefined);
    form.reset();
    onAdd(sku);
  };
  return (
    <form className={styles.addVariant} onSubmit={submit} noValidate>
      <TextField label="SKU of the new variant" name="sku" error={problem} placeholder="MUG-BLUE" autoComplete="off" />
      <Button type="submit">Add variant</Button>
    </form>
  );
}
