import { useInfiniteQuery } from '@tanstack/react-query';
import { type ChangeEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import { useSearchParams } from 'wouter';
import { productsQuery } from '../../api/catalogue.ts';
import { SearchIcon } from '../../design/icons.tsx';
import { Page, useDocumentTitle } from '../../design/page.tsx';
import { cameBack } from '../../design/scroll-restoration.ts';
import { CategoryBar } from '../category-bar.tsx';
import { listingOf, withParams } from './listing-params.ts';
import { NothingFound } from './nothing-found.tsx';
import { OtherWords } from './other-words.tsx';
import { ProductList } from './product-list.tsx';
import styles from './search-page.module.css';

export function SearchPage() {
  const [params, setParams] = useSearchParams();
  const listing = listingOf(params);
  const { data } = useInfiniteQuery(productsQuery(listing));
  const q = params.get('q') ?? '';
  useDocumentTitle(q ? `“${q}”` : 'Search');
  return (
    <>
      <CategoryBar />
      <Page>
        <h1 className="visually-hidden">Search</h1>
        <SearchBox q={q} onSearch={(next, o) => setParams(withParams(params, { q: next, sort: '' }), o)} />
        <div className={styles.otherWords}>
          <OtherWords q={q} page={data?.pages[0]} />
        </div>
        <ProductList listing={listing} empty={<NothingFound q={q} />} />
      </Page>
    </>
  );
}

const TYPING_MS = 180;

/** Searches while one types, a moment after each pause. */
function SearchBox({ q, onSearch }: { q: string; onSearch: (q: string, o: { replace: boolean }) => void }) {
  const [typed, setTyped] = useState(q);
  const input = useRef<HTMLInputElement>(null);
  const searched = useRef(q);
  // All that is typed before the reader leaves the field is one step on the way back.
  const isFirst = useRef(true);
  // After the shell has put the focus on the page: who comes here comes to type. Who comes back comes for the list.
  useEffect(() => {
    if (cameBack()) return;
    const frame = requestAnimationFrame(() => input.current?.focus({ preventScroll: true }));
    return () => cancelAnimationFrame(frame);
  }, []);
  // Back and forth change the address without typing.
  useEffect(() => {
    if (q === searched.current) return;
    searched.current = q;
    isFirst.current = true;
    setTyped(q);
  }, [q]);
  const search = useEffectEvent(onSearch);
  useEffect(() => {
    if (typed === searched.current) return;
    const timer = setTimeout(() => {
      searched.current = typed;
      search(typed, { replace: !isFirst.current });
      isFirst.current = false;
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
          onBlur={() => {
            isFirst.current = true;
          }}
          onChange={({ target }: ChangeEvent<HTMLInputElement>) => setTyped(target.value)}
        />
      </form>
    </search>
  );
}
