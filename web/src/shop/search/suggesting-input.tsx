import { Autocomplete } from '@base-ui/react/autocomplete';
import { useQuery } from '@tanstack/react-query';
import { type ComponentProps, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type ListedProduct, suggestionsQuery } from '../../api/catalogue.ts';
import { moneyText } from '../../design/format.tsx';
import { Picture } from '../picture.tsx';
import styles from './search-field.module.css';

export type SuggestingInputProps = {
  field: ComponentProps<'input'>;
  typed: string;
  onType: (text: string) => void;
  onChoose: (product: ListedProduct) => void;
};

/** An input that suggests products: the arrow keys lead through them, Enter goes to one, Escape closes the list. */
export function SuggestingInput({ field, typed, onType, onChoose }: SuggestingInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const { data } = useQuery(suggestionsQuery(usePaused(typed.trim())));
  const items = data?.items ?? [];
  // It stands in the place of the plain input, which had the focus unless the reader has left it meanwhile.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) input.current?.focus();
  }, []);
  return (
    <Autocomplete.Root
      items={items}
      mode="none"
      value={typed}
      onValueChange={(text, { reason }) => {
        if (reason !== 'item-press') onType(text);
      }}
      itemToStringValue={({ title }: ListedProduct) => title}
      open={open && items.length > 0}
      onOpenChange={setOpen}
    >
      <Autocomplete.Input {...field} className={field.className ?? ''} ref={input} />
      <Autocomplete.Portal>
        <Autocomplete.Positioner
          className={styles.positioner ?? ''}
          anchor={() => input.current?.form ?? null}
          sideOffset={8}
        >
          <Autocomplete.Popup className={styles.popup ?? ''}>
            <Autocomplete.List>
              {(product: ListedProduct) => (
                <Autocomplete.Item
                  key={product.id}
                  value={product}
                  className={styles.item ?? ''}
                  onClick={() => onChoose(product)}
                >
                  <span className={styles.picture}>
                    <Picture
                      media={product.media[0] && { ...product.media[0], alt: '' }}
                      title={product.title}
                      size={40}
                    />
                  </span>
                  <span className={styles.title}>{product.title}</span>
                  <span className={styles.price}>{moneyText(product.minPrice)}</span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Popup>
        </Autocomplete.Positioner>
      </Autocomplete.Portal>
    </Autocomplete.Root>
  );
}

const TYPING_MS = 150;

/** What was typed last before a pause. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}
