import { useState } from 'react';
import { TextField } from '../../design/field.tsx';

import styles from './orders.module.css';
import type { Line } from './units.ts';

export type LineQuantities = {
  /** The units that were chosen; a number that is not allowed counts as 0. */
  chosen: { sku: string; quantity: number }[];
  textOf: (sku: string) => string;
  set: (sku: string, text: string) => void;
};

/** The units of each line that a form is about, as they are typed.. */
export function useLineQuantities(lines: readonly Line[], most: (line: Line) => number, all: boolean): LineQuantities {
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>({});
  const initial = (line: Line | undefined) => String(line && all ? most(line) : 0);
  const textOf = (sku: string) => texts[sku] ?? initial(lines.find((line) => line.sku === sku));
  const chosen = lines.flatMap((line) => {
    const quantity = Number(textOf(line.sku));
    return Number.isInteger(quantity) && quantity > 0 && quantity <= most(line) ? [{ sku: line.sku, quantity }] : [];
  });
  return { chosen, textOf, set: (sku, text) => setTexts((before) => ({ ...before, [sku]: text })) };
}

/** The fields for the units of each line. */
export function LineQuantityFields({
  legend,
  lines,
  most,
  quantities,
}: {
  legend: string;
  lines: readonly Line[];
  most: (line: Line) => number;
  quantities: LineQuantities;
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
            hint={`${line.sku}, at most ${most(line)}`}
            name={`quantity ${line.sku}`}
            type="number"
            min={0}
            max={most(line)}
            step={1}
            required
            value={quantities.textOf(line.sku)}
            onChange={({ currentTarget }) => quantities.set(line.sku, currentTarget.value)}
          />
        ))}
    </fieldset>
  );
}

export const unitsOf = (lines: readonly { quantity: number }[]): number =>
  lines.reduce((sum, { quantity }) => sum + quantity, 0);

/** `1 unit`, `3 units`. */
export const unitsText = (count: number): string => `${count} ${count === 1 ? 'unit' : 'units'}`;
