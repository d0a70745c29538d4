import { type ChangeEvent, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { ProductPage } from '../../api/catalogue.ts';
import { categoryName } from '../../api/category-name.ts';
import { Button } from '../../design/button.tsx';
import { SelectField } from '../../design/field.tsx';
import { filterNames, withoutFilters, withParams } from './listing-params.ts';
import { PriceFilter } from './price-filter.tsx';
import styles from './product-list.module.css';

type Facets = NonNullable<ProductPage['facets']>;

const wide = '(min-width: 60rem)';

/**
 * What narrows and orders a list. It is all in the address, so that a list can be linked to and come back to. Each change is an
 * entry of the history: going back undoes the last one.
 */
export function Filters({ facets, fixedCategory }: { facets: Facets | undefined; fixedCategory: boolean }) {
  const [params, setParams] = useSearchParams();
  // Always open beside the list; above it, where there is no room beside, only when asked for.
  const [open, setOpen] = useState(() => matchMedia(wide).matches);
  const set: ChangeHandler = (changes, o) => setParams(withParams(params, changes), o);
  const change = ({ target }: ChangeEvent<HTMLSelectElement>) => set({ [target.name]: target.value });
  return (
    <details className={styles.filters} open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Filter and sort</summary>
      <div className={styles.panel}>
        <SelectField label="Sort by" name="sort" value={params.get('sort') ?? ''} onChange={change}>
          <option value="">{params.get('q') ? 'Best match' : 'Newest'}</option>
          {params.get('q') && <option value="newest">Newest</option>}
          <option value="price">Price, lowest first</option>
          <option value="-price">Price, highest first</option>
          <option value="title">Name</option>
        </SelectField>
        {!fixedCategory && <Categories facets={facets} chosen={params.get('category') ?? ''} onChoose={set} />}
        <PriceFilter range={facets?.prices[0]} params={params} onChange={set} />
        <label className={styles.option}>
          <input
            type="checkbox"
            checked={params.get('inStock') === 'true'}
            onChange={({ target }) => set({ inStock: target.checked ? 'true' : '' })}
          />
          Only what is in stock
          {facets?.total && !facets.total.isMore && <span className={styles.number}>{facets.inStock}</span>}
        </label>
        {filterNames(params).length > 0 && (
          <div>
            <Button kind="quiet" onClick={() => setParams(withoutFilters(params))}>
              Clear the filters
            </Button>
          </div>
        )}
      </div>
    </details>
  );
}

type ChangeHandler = (changes: Record<string, string>, o?: { replace: boolean }) => void;

function Categories({
  facets,
  chosen,
  onChoose,
}: {
  facets: Facets | undefined;
  chosen: string;
  onChoose: ChangeHandler;
}) {
  const counted = facets?.categories ?? [];
  const shown =
    counted.some(({ slug }) => slug === chosen) || !chosen ? counted : [{ slug: chosen, count: 0 }, ...counted];
  if (shown.length === 0) return null;
  const option = (slug: string, text: string, count?: number) => (
    <label className={styles.option} key={slug}>
      <input type="radio" name="category" checked={chosen === slug} onChange={() => onChoose({ category: slug })} />
      {text}
      {count !== undefined && count > 0 && <span className={styles.number}>{count}</span>}
    </label>
  );
  return (
    <fieldset>
      <legend className={styles.legend}>Category</legend>
      {option('', 'All')}
      {shown.map(({ slug, count }) => option(slug, categoryName(slug), count))}
    </fieldset>
  );
}
