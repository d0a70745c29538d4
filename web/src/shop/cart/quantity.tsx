import { SelectField } from '../../design/field.tsx';

/** More are rarely wanted, and can be had by coming back to it in the cart. */
const OFFERED = 12;

/** How many: a list, since that cannot be mistyped. What is more than there is can still be shown, to be put right. */
export function Quantity({
  label,
  value,
  most,
  onChange,
}: {
  label: string;
  value: number;
  most: number;
  onChange: (quantity: number) => void;
}) {
  const numbers = Array.from(
    { length: Math.max(1, Math.min(most, Math.max(OFFERED, value))) },
    (_, index) => index + 1,
  );
  const options = numbers.includes(value) ? numbers : [...numbers, value];
  return (
    <SelectField label={label} value={value} onChange={({ target }) => onChange(Number(target.value))}>
      {options.map((number) => (
        <option key={number} value={number}>
          {number}
        </option>
      ))}
    </SelectField>
  );
}
