import { useId } from 'react';
import styles from './segments.module.css';

/** A choice of one among a few that are all seen; as radio buttons it comes with their keys. */
export function Segments<Value extends string | number>({
  label,
  value,
  options,
  onChange,
}: {
  /** What is chosen; read out, not seen. */
  label: string;
  value: Value;
  options: readonly { value: Value; text: string }[];
  onChange: (value: Value) => void;
}) {
  const name = useId();
  return (
    <fieldset className={styles.segments}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => (
        <label className={styles.segment} key={option.value}>
          <input type="radio" name={name} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}
