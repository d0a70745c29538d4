import type { ChangeEvent } from 'react';
import { TextField } from '../../design/field.tsx';
import { moneyText } from '../../design/format.tsx';
import styles from './product-list.module.css';
import { type PriceFilterProps, type PriceTexts, usePriceTexts } from './use-price-texts.ts';

/** Takes effect when one stops typing. What is not a price takes none, and is marked as such. */
export function PriceFilter(props: PriceFilterProps) {
  const { range } = props;
  const { typed, setTyped, startOver, problems } = usePriceTexts(props);
  const field = (name: keyof PriceTexts) => ({
    name,
    inputMode: 'decimal' as const,
    value: typed[name],
    error: problems[name],
    onChange: ({ target }: ChangeEvent<HTMLInputElement>) => setTyped({ ...typed, [name]: target.value }),
  });
  return (
    <fieldset onBlur={startOver}>
      <legend className={styles.legend}>Price{range && ` (${moneyText(range.min)} to ${moneyText(range.max)})`}</legend>
      <div className={styles.prices}>
        <TextField label="From" {...field('minPrice')} />
        <TextField label="To" {...field('maxPrice')} />
      </div>
    </fieldset>
  );
}
