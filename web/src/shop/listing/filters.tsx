import { type ChangeEvent, useEffect, useState } from 'react';
import { useSearchParams } from 'wouter';
import { categoryName, type ProductPage } from '../../api/catalogue.ts';
import { SelectField, TextField } from '../../design/field.tsx';
import { moneyText } from '../../design/format.tsx';
import { withParams } from './listing-params.ts';
import styles from './product-list.module.css';

type Facets = NonNullable<ProductPage['facets']>;

const wide = '(min-width: 60rem)';

/** What narrows and orders a list. It is all in the address, so that a list can be linked to and come back to. */
export function Filters({ facets, fixedCategory }: { facets: Facets | undefined; fixedCategory: boolean }) {
  const [params, setParams] = useSearchParams();
  // Always open beside the list; above it, where there is no room beside, only when asked for.
  const [open, setOpen] = useState(() => matchMedia(wide).matches);
  const set = (changes: Record<string, string>) => setParams(withParams(params, changes), { replace: true });
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
        <Prices facets={facets} params={params} onChange={set} />
        <label className={styles.option}>
          <input
            type="checkbox"
            checked={params.get('inStock') === 'true'}
            onChange={({ target }) => set({ inStock: target.checked ? 'true' : '' })}
          />
          Only what is in stock
        </label>
      </div>
    </details>
  );
}

type Changed = (changes: Record<string, string>) => void;

function Categories({ facets, chosen, onChoose }: { facets: Facets | undefined; chosen: string; onChoose: Changed }) {
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

const TYPING_MS = 500;

/** Takes effect when one stops typing. */
function Prices({
  facets,
  params,
  onChange,
}: {
  facets: Facets | undefined;
  params: URLSearchParams;
  onChange: Changed;
}) {
  const asked = { minPrice: params.get('minPrice') ?? '', maxPrice: params.get('maxPrice') ?? '' };
  const [typed, setTyped] = useState(asked);
  const [shown, setShown] = useState(asked);
  const range = facets?.prices[0];
  // The address has changed otherwise, by going back say: it is right, and nothing is made anew, which would cost the focus.
  if (!isSame(shown, asked)) {
    setShown(asked);
    setTyped(asked);
  }
  useEffect(() => {
    if (isSame(typed, asked)) return;
    const timer = setTimeout(() => onChange(typed), TYPING_MS);
    return () => clearTimeout(timer);
  });
  const change = ({ target }: ChangeEvent<HTMLInputElement>) => setTyped({ ...typed, [target.name]: target.value });
  return (
    <fieldset>
      <legend className={styles.legend}>Price{range && ` (${moneyText(range.min)} to ${moneyText(range.max)})`}</legend>
      <div className={styles.prices}>
        <TextField label="From" name="minPrice" inputMode="decimal" value={typed.minPrice} onChange={change} />
        <TextField label="To" name="maxPrice" inputMode="decimal" value={typed.maxPrice} onChange={change} />
      </div>
    </fieldset>
  );
}

type PriceTexts = { minPrice: string; maxPrice: string };

const isSame = (one: PriceTexts, other: PriceTexts): boolean =>
  one.minPrice === other.minPrice && one.maxPrice === other.maxPrice;
