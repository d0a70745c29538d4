import { useMutation, useQueryClient } from '@tanstack/react-query';
import { currencyCodes } from '@tradepost/contracts/currencies';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { SelectField } from '../../design/field.tsx';
import { Panel } from '../../design/layout.tsx';
import { Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { toast } from '../../design/toast.tsx';
import { createProduct, newKey } from '../changes.ts';
import { type Draft, newProductOf, skusOf, withoutVariant, withVariant } from '../draft.ts';
import { hasFieldErrors, problemOf } from './field-problems.ts';
import { ProductFields } from './product-fields.tsx';
import styles from './products.module.css';
import { useFocusOnProblem } from './use-focus-on-problem.ts';
import { useLeaveWarning } from './use-leave-warning.ts';
import { VariantFields } from './variant-fields.tsx';

const blank: Draft = { title: '', description: '', categories: '', media: '[]' };

/** Creates a product. The idempotency key belongs to the draft, so that a request that is sent twice creates one product. */
// Long: the markup of one page
export function NewProductPage() {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [key, setKey] = useState(newKey);
  const [currency, setCurrency] = useState<string>('EUR');
  const [draft, setDraft] = useState<Draft>(blank);
  const making = useMutation({
    mutationFn: () => createProduct({ body: newProductOf(draft, currency), key }),
    onSuccess: async (product) => {
      await client.invalidateQueries({ queryKey: ['desk', 'products'] });
      toast('Published');
      navigate(`/sell/products/${product.id}`);
    },
    meta: { part: 'catalogue' },
  });
  useLeaveWarning(draft !== blank && !making.isSuccess);
  const change = (next: (before: Draft) => Draft) => {
    setDraft(next);
    // A changed draft is another product than the one that an earlier attempt may have created.
    setKey(newKey());
  };
  const set = (name: string, text: string) => change((before) => ({ ...before, [name]: text }));
  const problem = (name: string) => problemOf(making.error, draft, name);
  const skus = skusOf(draft);
  const around = useFocusOnProblem(making.error);
  return (
    <>
      <PageHeading title="New product" lead="The product goes on sale as soon as you publish it." />
      <div className={styles.editor} ref={around}>
        {making.error && !hasFieldErrors(making.error, draft) && (
          <Notice tone="bad" title="Not published">
            {explain(making.error)}
          </Notice>
        )}
        <ProductFields draft={draft} problem={problem} onChange={set} />
        <Panel title="Currency" lead="All prices of the product are in this currency. It cannot be changed later.">
          <div className={styles.columns}>
            <SelectField
              label="Currency"
              value={currency}
              onChange={({ currentTarget }) => setCurrency(currentTarget.value)}
            >
              {currencyCodes.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </SelectField>
          </div>
        </Panel>
        <VariantFields
          draft={draft}
          problem={problem}
          onChange={set}
          currency={currency}
          onAdd={(sku) => change((before) => withVariant(before, sku))}
          onRemove={(sku) => change((before) => withoutVariant(before, sku))}
        />
        <div className={styles.bar}>
          <span>
            {skus.length === 0
              ? 'Add at least one variant'
              : skus.length === 1
                ? '1 variant'
                : `${skus.length} variants`}
          </span>
          <Button kind="primary" busy={making.isPending} disabled={skus.length === 0} onClick={() => making.mutate()}>
            Publish
          </Button>
        </div>
      </div>
    </>
  );
}
