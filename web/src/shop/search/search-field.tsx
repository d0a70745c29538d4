import { type ComponentProps, type ComponentType, type FormEvent, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { SearchIcon } from '../../design/icons.tsx';
import styles from './search-field.module.css';
import type { SuggestingInputProps } from './suggesting-input.tsx';
import { searchHref } from './suggestions.ts';

/** What it is before it can suggest anything, so that its role does not change under whoever has just come to it. */
const closed = { role: 'combobox', 'aria-expanded': false, 'aria-autocomplete': 'list' } as const;

/**
 * The field to search with, wherever one is. Enter leads to all that is found; what is typed is answered with categories and products
 * to go to at once. What suggests is loaded when the field is first gone to, and takes its place with all that was typed. Where that
 * fails, the field searches without suggestions.
 */
export function SearchField() {
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState('');
  const [Suggesting, loadSuggesting] = useSuggestingInput();
  const form = useRef<HTMLFormElement>(null);
  const go = (address: string) => {
    setTyped('');
    navigate(address);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    go(searchHref(typed.trim()));
  };
  const field: ComponentProps<'input'> = {
    ...{ name: 'q', placeholder: 'Search the shop', 'aria-label': 'Search the shop', maxLength: 200 },
    // Telephones write it on the key that submits.
    ...{ autoComplete: 'off', enterKeyHint: 'search', className: styles.input ?? '' },
  };
  return (
    <search className={styles.field}>
      <form className={styles.box} onSubmit={submit} ref={form}>
        <button type="submit" className={styles.submit} aria-label="Search">
          <SearchIcon />
        </button>
        {Suggesting ? (
          <Suggesting field={field} around={form} typed={typed} onType={setTyped} onChoose={({ href }) => go(href)} />
        ) : (
          <input
            {...field}
            {...closed}
            type="text"
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
            onFocus={loadSuggesting}
            onPointerEnter={loadSuggesting}
          />
        )}
      </form>
    </search>
  );
}

/** What suggests, once it has been loaded, and the function that loads it. */
function useSuggestingInput() {
  const [Suggesting, setSuggesting] = useState<ComponentType<SuggestingInputProps>>();
  const load = () => {
    // Without it the field searches all the same.
    import('./suggesting-input.tsx').then(
      (module) => setSuggesting(() => module.SuggestingInput),
      () => undefined,
    );
  };
  return [Suggesting, load] as const;
}
