import { TextField } from '../../design/field.tsx';
import type { Line } from '../desk.ts';
import styles from './orders.module.css';

/** How many units of each line something is about. */
export function LineQuantities({
  legend,
  lines,
  most,
  all = false,
}: {
  legend: string;
  lines: readonly Line[];
  most: (line: Line) => number;
  /** Begins with all of them, rather than with none. */
  all?: boolean;
}) {
  return (
    <fieldset className={styles.quantities}>
      <legend className={styles.legend}>{legend}</legend>
      {lines
        .filter((line) => most(line) > 0)
        .map((line) => (
          <TextField
            key={line.sku}
            label={line.title}
            hint={`${line.sku}, ${most(line)} at the most`}
            name={`quantity ${line.sku}`}
            type="number"
            min={0}
            max={most(line)}
            step={1}
            defaultValue={all ? most(line) : 0}
          />
        ))}
    </fieldset>
  );
}

export function chosenLines(form: FormData, lines: readonly Line[]): { sku: string; quantity: number }[] {
  return lines
    .map(({ sku }) => ({ sku, quantity: Number(form.get(`quantity ${sku}`) ?? 0) }))
    .filter(({ quantity }) => quantity > 0);
}
