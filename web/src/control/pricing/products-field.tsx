import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useState } from 'react';
import { suggestionsQuery } from '../../api/catalogue.ts';
import { Button } from '../../design/button.tsx';
import { TextArea, TextField } from '../../design/field.tsx';
import { usePaused } from '../../design/use-paused.ts';
import styles from './pricing.module.css';

/** The products that a promotion is for: written, or found by the search of the shop and added. */
export function ProductsField({ initial, error }: { initial: readonly string[]; error: string | undefined }) {
  const [text, setText] = useState(initial.join('\n'));
  const [words, setWords] = useState('');
  const wanted = words.trim();
  const { data } = useQuery(suggestionsQuery(usePaused(wanted)));
  const add = (slug: string) => setText((before) => [before.trim(), `/products/${slug}`].filter(Boolean).join('\n'));
  const onKeyDown = (event: KeyboardEvent) => {
    // Otherwise the promotion would be saved.
    if (event.key === 'Enter') event.preventDefault();
  };
  return (
    <>
      <TextArea
        label="Products"
        hint="One on each line: its address in the shop, or its id"
        name="productIds"
        required={false}
        rows={2}
        value={text}
        error={error}
        onChange={({ target }) => setText(target.value)}
      />
      <TextField
        label="Find a product"
        hint="Words of its title"
        type="search"
        autoComplete="off"
        required={false}
        value={words}
        onChange={({ target }) => setWords(target.value)}
        onKeyDown={onKeyDown}
      />
      {wanted !== '' && data && (
        <div className={styles.actions}>
          {data.products.map(({ id, slug, title }) => (
            <Button key={id} onClick={() => add(slug)}>
              Add <bdi>{title}</bdi>
            </Button>
          ))}
          {data.products.length === 0 && <p className={styles.soft}>No product is found.</p>}
        </div>
      )}
    </>
  );
}
