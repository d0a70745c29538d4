import { Autocomplete } from '@base-ui/react/autocomplete';
import { useQuery } from '@tanstack/react-query';
import { type ComponentProps, type RefObject, useEffectEvent, useLayoutEffect, useRef, useState } from 'react';
import { type ListedProduct, suggestionsQuery } from '../../api/catalogue.ts';
import { moneyText } from '../../design/format.tsx';
import { usePaused } from '../../design/use-paused.ts';
import { Picture } from '../picture.tsx';
import styles from './search-field.module.css';
import { type Suggestion, type SuggestionGroup, suggestionGroups } from './suggestions.ts';

export type SuggestingInputProps = {
  field: ComponentProps<'input'>;
  /** What the list belongs to: it is put there, and is as wide. */
  around: RefObject<HTMLFormElement | null>;
  typed: string;
  onType: (text: string) => void;
  onChoose: (suggestion: Suggestion) => void;
};

/**
 * A combobox with a list of suggestions (WAI-ARIA APG: list autocomplete with manual selection). The arrow keys lead through the list
 * while the focus stays in the input, Enter goes to the chosen suggestion or else submits the form, Escape closes the list.
 */
export function SuggestingInput({ field, around, typed, onType, onChoose }: SuggestingInputProps) {
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const groups = useSuggestions(typed);
  const count = groups.reduce((sum, { items }) => sum + items.length, 0);
  const isOpen = open && count > 0;
  useTakeFocus(input, () => setOpen(true));
  return (
    <Autocomplete.Root
      items={groups}
      mode="none"
      value={typed}
      onValueChange={(text, { reason }) => {
        if (reason !== 'item-press') onType(text);
      }}
      itemToStringValue={({ text }: Suggestion) => text}
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
      <Autocomplete.Status className="visually-hidden">
        {isOpen && `${count} ${count === 1 ? 'suggestion' : 'suggestions'}`}
      </Autocomplete.Status>
      {isOpen && (
        <Autocomplete.Portal container={around}>
          <Autocomplete.Positioner className={styles.positioner ?? ''} anchor={around} sideOffset={8}>
            {/* Not a Popup, which would hide all the page from screen readers, and leave the Tab key to lead there. */}
            <div className={styles.popup}>
              <Autocomplete.List aria-label="Suggestions">
                {(group: SuggestionGroup) => <Group key={group.label} group={group} onChoose={onChoose} />}
              </Autocomplete.List>
            </div>
          </Autocomplete.Positioner>
        </Autocomplete.Portal>
      )}
    </Autocomplete.Root>
  );
}

/** For what is being typed, after a pause; until they are there, those of what was typed before. None where the request fails. */
function useSuggestions(typed: string): SuggestionGroup[] {
  const paused = usePaused(typed);
  const query = suggestionsQuery(paused);
  const { data } = useQuery({ ...query, placeholderData: (before) => (query.enabled ? before : undefined) });
  return data ? suggestionGroups(data) : [];
}

function Group({ group, onChoose }: { group: SuggestionGroup; onChoose: (suggestion: Suggestion) => void }) {
  return (
    <Autocomplete.Group items={group.items}>
      <Autocomplete.GroupLabel className={styles.label ?? ''}>{group.label}</Autocomplete.GroupLabel>
      <Autocomplete.Collection>
        {(suggestion: Suggestion) => (
          <Autocomplete.Item
            key={suggestion.href}
            value={suggestion}
            className={styles.item ?? ''}
            onClick={() => onChoose(suggestion)}
          >
            <SuggestionView suggestion={suggestion} />
          </Autocomplete.Item>
        )}
      </Autocomplete.Collection>
    </Autocomplete.Group>
  );
}

function SuggestionView({ suggestion }: { suggestion: Suggestion }) {
  return (
    <>
      {suggestion.kind === 'product' && <ProductPicture {...suggestion.product} />}
      <span className={styles.title} dir="auto">
        {suggestion.text}
      </span>
      {suggestion.kind === 'product' && <span className={styles.detail}>{moneyText(suggestion.product.minPrice)}</span>}
      {suggestion.kind === 'category' && (
        <span className={styles.detail}>
          {suggestion.products.toLocaleString('en')} {suggestion.products === 1 ? 'product' : 'products'}
        </span>
      )}
    </>
  );
}

const ProductPicture = ({ media, title }: Pick<ListedProduct, 'media' | 'title'>) => (
  <span className={styles.picture}>
    <Picture media={media[0] && { ...media[0], alt: '' }} title={title} size={40} />
  </span>
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
