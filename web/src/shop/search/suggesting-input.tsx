import { Autocomplete } from '@base-ui/react/autocomplete';
import { useQuery } from '@tanstack/react-query';
import { type ComponentProps, type RefObject, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { type ListedProduct, suggestionsQuery } from '../../api/catalogue.ts';
import { moneyText } from '../../design/format.tsx';
import { usePaused } from '../../design/use-paused.ts';
import { Picture } from '../picture.tsx';
import styles from './search-field.module.css';

export type SuggestingInputProps = {
  field: ComponentProps<'input'>;
  /** What the list belongs to: it is put there, and is as wide. */
  around: RefObject<HTMLFormElement | null>;
  typed: string;
  onType: (text: string) => void;
  onChoose: (product: ListedProduct) => void;
};

/** An input that suggests products: the arrow keys lead through them, Enter goes to one, Escape closes the list. */
export function SuggestingInput({ field, around, typed, onType, onChoose }: SuggestingInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const { data } = useQuery(suggestionsQuery(usePaused(typed.trim())));
  const items = data?.items ?? [];
  const isOpen = open && items.length > 0;
  useTakeFocus(input, () => setOpen(true));
  return (
    <Autocomplete.Root
      items={items}
      mode="none"
      value={typed}
      onValueChange={(text, { reason }) => {
        if (reason !== 'item-press') onType(text);
      }}
      itemToStringValue={({ title }: ListedProduct) => title}
      open={isOpen}
      onOpenChange={setOpen}
    >
      <Autocomplete.Input
        {...field}
        className={field.className ?? ''}
        ref={input}
        onKeyDown={({ key }) => key === 'Escape' && setOpen(false)}
        onBlur={({ relatedTarget }) => !around.current?.contains(relatedTarget) && setOpen(false)}
      />
      {isOpen && (
        <Autocomplete.Portal container={around}>
          <Autocomplete.Positioner className={styles.positioner ?? ''} anchor={around} sideOffset={8}>
            {/* Not a Popup, which would hide all the page from screen readers, and leave the Tab key to lead there. */}
            <div className={styles.popup}>
              <Autocomplete.List>
                {(product: ListedProduct) => (
                  <Autocomplete.Item
                    key={product.id}
                    value={product}
                    className={styles.item ?? ''}
                    onClick={() => onChoose(product)}
                  >
                    <Suggestion product={product} />
                  </Autocomplete.Item>
                )}
              </Autocomplete.List>
            </div>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      )}
    </Autocomplete.Root>
  );
}

const Suggestion = ({ product }: { product: ListedProduct }) => (
  <>
    <span className={styles.picture}>
      <Picture media={product.media[0] && { ...product.media[0], alt: '' }} title={product.title} size={40} />
    </span>
    <span className={styles.title} dir="auto">
      {product.title}
    </span>
    <span className={styles.price}>{moneyText(product.minPrice)}</span>
  </>
);

/** Takes the focus over from the plain input; calls back where something was typed into that. */
function useTakeFocus(input: RefObject<HTMLInputElement | null>, onTyped: () => void): void {
  const typed = useEffectEvent(onTyped);
  // It stands in the place of the plain input, which had the focus unless the reader has left it meanwhile.
  useLayoutEffect(() => {
    if (document.activeElement !== document.body) return;
    input.current?.focus();
    const end = input.current?.value.length ?? 0;
    input.current?.setSelectionRange(end, end);
    // Typed before this was here: it is to be answered all the same.
    if (end > 0) typed();
  }, [input]);
}
