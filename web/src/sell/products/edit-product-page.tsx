import { useQuery } from '@tanstack/react-query';
import { useParams } from 'wouter';
import { useSellerMay } from '../../api/permissions.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button, LinkButton } from '../../design/button.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { useFocusOnProblem } from '../../design/use-focus-on-problem.ts';
import { draftOf, withoutVariant, withVariant } from '../draft.ts';
import { type Product, productQuery } from '../queries.ts';
import { Conflict } from './conflict.tsx';
import { hasFieldErrors, problemOf } from './field-problems.ts';
import { ProductFields } from './product-fields.tsx';
import styles from './products.module.css';
import { SaleStatusButton } from './sale-status-button.tsx';
import { type ProductEditor, useProductEditor } from './use-product-editor.ts';
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
        <EmptyState title="Product not found" action={<LinkButton href="/sell/products">Your products</LinkButton>} />
      ) : (
        <QueryBoundary query={product} what="The product" height="32rem">
          {() => null}
        </QueryBoundary>
      )}
    </>
  );
}

function Editor({ read }: { read: Product }) {
  const editor = useProductEditor(read);
  const { base, draft, changes, saving, set, save } = editor;
  const changed = Object.keys(changes).length;
  const isArchived = base.status === 'archived';
  const canEdit = useSellerMay()('catalogue:write');
  const problem = (name: string) => problemOf(saving.error, changes, name);
  const around = useFocusOnProblem(saving.error);
  return (
    <>
      <EditorHeading base={base} busy={saving.isPending} onToggleSale={editor.toggleSale} />
      <div className={styles.editor} ref={around}>
        <EditorNotices editor={editor} />
        <fieldset disabled={isArchived || !canEdit} className={styles.editor}>
          <ProductFields draft={draft} problem={problem} onChange={set} product={base} />
          <VariantFields
            draft={draft}
            problem={problem}
            onChange={set}
            currency={base.minPrice.currency}
            product={base}
            onAdd={(sku) => editor.change((before) => withVariant(before, sku))}
            onRemove={(sku) => editor.change((before) => withoutVariant(before, sku))}
          />
        </fieldset>
        {changed > 0 && !isArchived && !editor.theirs && (
          <div className={styles.bar}>
            <span>{changed === 1 ? '1 unsaved change' : `${changed} unsaved changes`}</span>
            <span className={styles.actions}>
              <Button onClick={() => editor.change(() => draftOf(base))}>Discard changes</Button>
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

function EditorHeading({ base, busy, onToggleSale }: { base: Product; busy: boolean; onToggleSale: () => void }) {
  const isArchived = base.status === 'archived';
  const canEdit = useSellerMay()('catalogue:write');
  return (
    <PageHeading
      title={base.title}
      lead={
        <>
          {isArchived ? <Badge>off sale</Badge> : <Badge tone="good">on sale</Badge>} version {base.version}
        </>
      }
      actions={
        <>
          {!isArchived && <LinkButton href={`/products/${base.slug}`}>View in shop</LinkButton>}
          {canEdit && <SaleStatusButton product={base} busy={busy} onToggle={onToggleSale} />}
        </>
      }
    />
  );
}

/** What prevents saving, if anything does. */
function EditorNotices({ editor }: { editor: ProductEditor }) {
  const { base, draft, theirs, changes, saving } = editor;
  const { error } = saving;
  const isTold = (theirs && hasCode(error, 'version_conflict')) || hasFieldErrors(error, changes);
  return (
    <>
      {theirs && (
        <Conflict
          base={draftOf(base)}
          mine={draft}
          theirs={draftOf(theirs)}
          busy={saving.isPending}
          onResolve={(kept) => editor.resolve(theirs, kept)}
        />
      )}
      {error && !isTold && (
        <Notice tone="bad" title="Not saved">
          {explain(error)}
        </Notice>
      )}
      {base.status === 'archived' && (
        <Notice still title="This product is off sale">
          Only you and the operators see it. Put it back on sale to edit it. Its orders and its stock are kept.
        </Notice>
      )}
    </>
  );
}
