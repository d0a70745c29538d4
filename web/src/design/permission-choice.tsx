import styles from './permission-choice.module.css';

/** A choice of some permissions, by area. */
export function PermissionChoice(props: {
  legend: string;
  hint?: string;
  offered: readonly string[];
  chosen: readonly string[];
  onChange: (chosen: readonly string[]) => void;
}) {
  const { legend, hint, offered, chosen, onChange } = props;
  const toggle = (permission: string) =>
    onChange(chosen.includes(permission) ? chosen.filter((one) => one !== permission) : [...chosen, permission]);
  return (
    <fieldset className={styles.choice}>
      <legend>{legend}</legend>
      {hint && <p className={styles.hint}>{hint}</p>}
      <ul>
        {offered.map((permission) => (
          <li key={permission}>
            <label>
              <input type="checkbox" checked={chosen.includes(permission)} onChange={() => toggle(permission)} />{' '}
              {permission}
            </label>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
