import { currencyCodes } from '@tradepost/contracts/currencies';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { SelectField } from '../../design/field.tsx';
import { Panel } from '../../design/layout.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { useFocusOnProblem } from '../../design/use-focus-on-problem.ts';
import { skusOf, withoutVariant, withVariant } from '../draft.ts';
import { hasFieldErrors, problemOf } from './field-problems.ts';
import { ProductFields } from './product-fields.tsx';
import styles from './products.module.css';
import { useNewProduct } from './use-new-product.ts';
import { VariantFields } from './variant-fields.tsx';

export function NewProductPage() {
  const { draft, currency, setCurrency, change, publishing } = useNewProduct();
  const set = (name: string, text: string) => change((before) => ({ ...before, [name]: text }));
  const problem = (name: string) => problemOf(publishing.error, draft, name);
  const skus = skusOf(draft);
  const around = useFocusOnProblem(publishing.error);
  return (
    <>
      <PageHeading title="New product" lead="The product goes on sale as soon as you publish it." />
      <div className={styles.editor} ref={around}>
        {publishing.error && !hasFieldErrors(publishing.error, draft) && (
          <Notice tone="bad" title="Not published">
            {explain(publishing.error)}
          </Notice>
        )}
        <ProductFields draft={draft} problem={problem} onChange={set} />
        <CurrencyField currency={currency} onChange={setCurrency} />
        <VariantFields
          draft={draft}
          problem={problem}
          onChange={set}
          currency={currency}
          onAdd={(sku) => change((before) => withVariant(before, sku))}
          onRemove={(sku) => change((before) => withoutVariant(before, sku))}
        />
        <div className={styles.bar}>
          <span>{variantsText(skus.length)}</span>
          <Button
            kind="primary"
            busy={publishing.isPending}
            disabled={skus.length === 0}
            onClick={() => publishing.mutate()}
          >
            Publish
          </Button>
        </div>
      </div>
    </>
  );
}

const variantsText = (count: number): string =>
  count === 0 ? 'Add at least one variant' : count === 1 ? '1 variant' : `${count} variants`;

const CurrencyField = ({ currency, onChange }: { currency: string; onChange: (currency: string) => void }) => (
  <Panel title="Currency" lead="All prices of the product are in this currency. It cannot be changed later.">
    <div className={styles.columns}>
      <SelectField label="Currency" value={currency} onChange={({ currentTarget }) => onChange(currentTarget.value)}>
        {currencyCodes.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
    </div>
  </Panel>
);
