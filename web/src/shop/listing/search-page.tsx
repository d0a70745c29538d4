import { useInfiniteQuery } from '@tanstack/react-query';
import { type ChangeEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { productsQuery } from '../../api/catalogue.ts';
import { Button } from '../../design/button.tsx';
import { SearchIcon } from '../../design/icons.tsx';
import { Page, useDocumentTitle } from '../../design/page.tsx';
import { EmptyState } from '../../design/states.tsx';
import { CategoryBar } from '../category-bar.tsx';
import { listingOf, withParams } from './listing-params.ts';
import { ProductList } from './product-list.tsx';
import styles from './search-page.module.css';

export function SearchPage() {
  const [params, setParams] = useSearchParams();
  const listing = listingOf(params);
  const { data } = useInfiniteQuery(productsQuery(listing));
  const q = params.get('q') ?? '';
  const corrected = data?.pages[0]?.correctedQuery;
  useDocumentTitle(q ? `“${q}”` : 'Search');
  return (
    <>
      <CategoryBar />
      <Page>
        <h1 className="visually-hidden">Search</h1>
        <SearchBox q={q} onSearch={(next) => setParams(withParams(params, { q: next, sort: '' }), { replace: true })} />
        {corrected && (
          <p className={styles.corrected} role="status">
            Nothing is called “{q}”. Shown instead: <strong>{corrected}</strong>
          </p>
        )}
        <ProductList
          listing={listing}
          empty={
            <EmptyState
              title="Nothing found"
              action={
                <Button onClick={() => setParams(q ? { q } : {}, { replace: true })}>Search without filters</Button>
              }
            >
              Try another word for it, or fewer filters.
            </EmptyState>
          }
        />
      </Page>
    </>
  );
}

const TYPING_MS = 180;

/** Searches while one types, a moment after each pause. */
function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const [typed, setTyped] = useState(q);
  const input = useRef<HTMLInputElement>(null);
  const searched = useRef(q);
  // After the shell has put the focus on the page: who comes here comes to type.
  useEffect(() => {
    const frame = requestAnimationFrame(() => input.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, []);
  // Back and forth change the address without typing.
  useEffect(() => {
    if (q === searched.current) return;
    searched.current = q;
    setTyped(q);
  }, [q]);
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    if (typed === searched.current) return;
    const timer = setTimeout(() => {
      searched.current = typed;
      search(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <search>
      <form className={styles.box} onSubmit={(event) => event.preventDefault()}>
        <SearchIcon />
        <input
          ref={input}
          className={styles.input}
          type="search"
          name="q"
          aria-label="Search the shop"
          placeholder="What are you looking for?"
          maxLength={200}
          autoComplete="off"
          value={typed}
          onChange={({ target }: ChangeEvent<HTMLInputElement>) => setTyped(target.value)}
        />
      </form>
    </search>
  );
}
