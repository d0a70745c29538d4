import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'wouter';
import { AskedFor } from '../../api/asked.tsx';
import { explain, hasCode } from '../../api/problem.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/states.tsx';
import { toast } from '../../design/toast.tsx';
import { type ProductChange, updateProduct } from '../changes.ts';
import { type Product, productQuery, readProduct } from '../desk.ts';
import { changeOf, changesBetween, type Draft, draftOf, withoutVariant, withVariant } from '../draft.ts';
import { Conflict } from './conflict.tsx';
import { isToldAtFields, problemOf } from './field-problems.ts';
import { ProductFields } from './product-fields.tsx';
import styles from './products.module.css';
import { useLeaveWarning } from './use-leave-warning.ts';
import { VariantFields } from './variant-fields.tsx';

export function EditProductPage() {
  const { id = '' } = useParams();
  const product = useQuery(productQuery(id));
  const isMissing = hasCode(product.error, 'not_found');
  if (product.data) return <Editor read={product.data} />;
  return (
    <>
      <PageHeading title="Product" />
      {isMissing ? (
        <EmptyState
          title="There is no such product of yours"
          action={<LinkButton href="/sell/products">Your products</LinkButton>}
        />
      ) : (
        <AskedFor query={product} what="The product" height="32rem">
          {() => null}
        </AskedFor>
      )}
    </>
  );
}

/** Edits a product from the version that was read; whoever else changes it meanwhile is not overwritten. */
function Editor({ read }: { read: Product }) {
  const client = useQueryClient();
  const [base, setBase] = useState(read);
  const [draft, setDraft] = useState<Draft>(() => draftOf(read));
  const [theirs, setTheirs] = useState<Product>();
  const changes = changesBetween(draftOf(base), draft);
  const changed = Object.keys(changes).length;
  useLeaveWarning(changed > 0);

  const begin = (product: Product) => {
    setBase(product);
    setDraft(draftOf(product));
    setTheirs(undefined);
    client.setQueryData(productQuery(product.id).queryKey, product);
  };
  const saving = useMutation({
    mutationFn: ({ from, body }: { from: Product; body: () => ProductChange }) => updateProduct(from, body()),
    onSuccess: (after, { from }) => {
      begin(after);
      toast(after.status === from.status ? 'Saved' : after.status === 'archived' ? 'Off sale' : 'On sale');
      return client.invalidateQueries({ queryKey: ['desk', 'products'] });
    },
    onError: async (error) => {
      if (hasCode(error, 'version_conflict')) setTheirs(await readProduct(base.id));
    },
    meta: { part: 'catalogue' },
  });
  // Read anew for the change that is made, not for the one that was on the way.
  const save = (from: Product, what: Draft) =>
    saving.mutate({ from, body: () => changeOf(what, from.minPrice.currency) });
  const set = (name: string, text: string) => setDraft((before) => ({ ...before, [name]: text }));
  const problem = (name: string) => problemOf(saving.error, changes, name);
  const isArchived = base.status === 'archived';
  const conflict = hasCode(saving.error, 'version_conflict');

  return (
    <>
      <PageHeading
        title={base.title}
        lead={
          <>
            {isArchived ? <Badge>archived</Badge> : <Badge tone="good">on sale</Badge>} version {base.version}
          </>
        }
        actions={
          <>
            {!isArchived && <LinkButton href={`/products/${base.slug}`}>See it in the shop</LinkButton>}
            <Button
              busy={saving.isPending}
              onClick={() =>
                saving.mutate({ from: base, body: () => ({ status: isArchived ? 'active' : 'archived' }) })
              }
            >
              {isArchived ? 'Put on sale again' : 'Take off sale'}
            </Button>
          </>
        }
      />
      <div className={styles.editor}>
        {theirs && (
          <Conflict
            base={draftOf(base)}
            mine={draft}
            theirs={draftOf(theirs)}
            busy={saving.isPending}
            onResolve={(kept) => {
              setBase(theirs);
              setDraft({ ...draftOf(theirs), ...kept });
              if (Object.keys(kept).length === 0) begin(theirs);
              else save(theirs, kept);
            }}
          />
        )}
        {saving.error && !conflict && !isToldAtFields(saving.error, changes) && (
          <Notice tone="bad" title="It was not saved">
            {explain(saving.error)}
          </Notice>
        )}
        {isArchived && (
          <Notice still title="It is off sale">
            Nobody but you sees it, and it is changed again once it is on sale. Its orders and its stock are kept.
          </Notice>
        )}
        <fieldset disabled={isArchived} className={styles.editor}>
          <ProductFields draft={draft} problem={problem} onChange={set} />
          <VariantFields
            draft={draft}
            problem={problem}
            onChange={set}
            currency={base.minPrice.currency}
            product={base}
            onAdd={(sku) => setDraft((before) => withVariant(before, sku))}
            onRemove={(sku) => setDraft((before) => withoutVariant(before, sku))}
          />
        </fieldset>
        {changed > 0 && (
          <div className={styles.bar}>
            <span>{changed === 1 ? 'One field is changed' : `${changed} fields are changed`}</span>
            <span className={styles.actions}>
              <Button onClick={() => setDraft(draftOf(base))}>Undo</Button>
              <Button kind="primary" busy={saving.isPending} onClick={() => save(base, changes)}>
                Save
              </Button>
            </span>
          </div>
        )}
      </div>
    </>
  );
}
