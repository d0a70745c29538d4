import type { Variant } from '../../api/catalogue.ts';
import { type Choice, choose, chosenValue } from './choices.ts';
import styles from './product-page.module.css';

/** Radio buttons for each thing to choose. What is sold out can be looked at, and says so. */
export function VariantChoice({
  choices,
  variants,
  chosen,
  onChoose,
}: {
  choices: readonly Choice[];
  variants: readonly Variant[];
  chosen: Variant;
  onChoose: (variant: Variant) => void;
}) {
  return choices.map(({ name, values }) => (
    <fieldset key={name}>
      <legend className={styles.choiceName}>
        {name.charAt(0).toUpperCase() + name.slice(1)}: <bdi>{chosenValue(chosen, name)}</bdi>
      </legend>
      <div className={styles.options}>
        {values.map((value) => {
          const leadsTo = choose(variants, chosen, name, value);
          const soldOut = leadsTo?.available === 0;
          return (
            <label key={value} className={`${styles.option} ${soldOut ? styles.soldOut : ''}`}>
              <input
                className="visually-hidden"
                type="radio"
                name={name}
                value={value}
                checked={chosenValue(chosen, name) === value}
                onChange={() => leadsTo && onChoose(leadsTo)}
              />
              <bdi>{value}</bdi>
              {soldOut && <span className="visually-hidden"> (sold out)</span>}
            </label>
          );
        })}
      </div>
    </fieldset>
  ));
}
