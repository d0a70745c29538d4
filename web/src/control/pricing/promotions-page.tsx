import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useSearchParams } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { useMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { SelectField, TextField } from '../../design/field.tsx';
import { useFormSync } from '../../design/form-sync.ts';
import { NoMatches } from '../../design/no-matches.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { DeleteDialog, type Deletion } from './delete-rule.tsx';
import styles from './pricing.module.css';
import { PricingNav } from './pricing-nav.tsx';
import { PromotionForm } from './promotion-form.tsx';
import { PromotionTable } from './promotion-table.tsx';
import { deletePromotion, type Promotion, type PromotionFilter, promotionStates, promotionsQuery } from './rules.ts';

/** Discounts by a code, or for everybody. */
export function PromotionsPage() {
  const [edited, setEdited] = useState<{ promotion: Promotion | undefined }>();
  const close = () => setEdited(undefined);
  const canEdit = useMay()('promotions:write');
  return (
    <>
      <PricingNav />
      <PageHeading
        title="Promotions"
        lead="Discounts that customers get by a code, or without one. Orders use the ones that cost the customer least."
        actions={
          canEdit && (
            <Button kind="primary" onClick={() => setEdited({ promotion: undefined })}>
              Add promotion
            </Button>
          )
        }
      />
      <PromotionSearch onEdit={(promotion) => setEdited({ promotion })} />
      <Dialog
        title={edited?.promotion ? `Edit ${edited.promotion.name}` : 'Add a promotion'}
        open={edited !== undefined}
        onOpenChange={(open) => !open && close()}
      >
        {edited && <PromotionForm promotion={edited.promotion} onDone={close} />}
      </Dialog>
    </>
  );
}

/** The filter is in the page's URL, so that it can be shared. */
function PromotionSearch({ onEdit }: { onEdit: (promotion: Promotion) => void }) {
  const [params, setParams] = useSearchParams();
  const q = params.get('q') ?? '';
  const state = promotionStates.find((one) => one === params.get('state')) ?? 'all';
  const form = useFormSync({ q, state });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const written = new FormData(event.currentTarget);
    const given = ['q', 'state'].map((name) => [name, String(written.get(name) ?? '').trim()]);
    setParams(new URLSearchParams(given.filter(([, value]) => value && value !== 'all')));
  };
  return (
    <>
      <form className={styles.filters} onSubmit={submit} ref={form}>
        <TextField label="Code or name" name="q" maxLength={100} defaultValue={q} />
        <SelectField label="State" name="state" defaultValue={state}>
          <option value="all">Any</option>
          <option value="active">Switched on, not ended</option>
          <option value="ended">Switched off or ended</option>
        </SelectField>
        <Button type="submit">Search</Button>
      </form>
      <PromotionList filter={{ ...(q && { q }), state }} onEdit={onEdit} />
    </>
  );
}

function PromotionList({ filter, onEdit }: { filter: PromotionFilter; onEdit: (promotion: Promotion) => void }) {
  const [deletion, setDeletion] = useState<Deletion>();
  const promotions = useInfiniteQuery(promotionsQuery(filter));
  const items = promotions.data?.pages.flatMap((page) => page.items);
  const remove = ({ id, name }: Promotion) =>
    setDeletion({
      name,
      consequence: 'A promotion that orders have used cannot be deleted: edit it and switch it off instead.',
      run: () => deletePromotion(id),
    });
  return (
    <>
      <QueryBoundary query={{ ...promotions, data: items }} what="The promotions" height="16rem">
        {(all) => (
          <div className={styles.list}>
            {all.length === 0 ? (
              <NoPromotions filter={filter} />
            ) : (
              <PromotionTable {...{ all, onEdit }} onDelete={remove} />
            )}
            <LoadMore query={promotions} />
          </div>
        )}
      </QueryBoundary>
      <DeleteDialog deletion={deletion} onDone={() => setDeletion(undefined)} />
    </>
  );
}

const NoPromotions = ({ filter }: { filter: PromotionFilter }) =>
  filter.q || filter.state !== 'all' ? (
    <NoMatches title="No matching promotions">Search for another part of the code or name, or any state.</NoMatches>
  ) : (
    <EmptyState title="No promotions yet">
      Add one, such as 10 % off by the code WELCOME, or free shipping from €50.
    </EmptyState>
  );
