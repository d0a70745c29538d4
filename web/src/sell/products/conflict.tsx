import { type FormEvent, useEffect, useId, useRef } from 'react';
import { Button } from '../../design/button.tsx';
import { changesBetween, type Draft, fieldLabel, fieldText } from '../draft.ts';
import styles from './products.module.css';

type ConflictProps = {
  base: Draft;
  mine: Draft;
  theirs: Draft;
  busy: boolean;
  /** Called with the fields of the reader's that are to be saved over theirs. */
  onResolve: (kept: Draft) => void;
};

/**
 * Shown when somebody else has changed the product since it was read. It shows both versions of each field that the reader
 * has changed, and the reader chooses one. Fields that only the other person has changed are kept.
 */
export function Conflict({ base, mine, theirs, busy, onResolve }: ConflictProps) {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    heading.current?.focus();
  }, []);
  const own = changesBetween(base, mine);
  const other = changesBetween(base, theirs);
  const asked = Object.keys(own).filter((name) => theirs[name] !== mine[name]);
  const onlyTheirs = Object.keys(other).filter((name) => !(name in own));
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const kept = asked.filter((name) => form.get(name) === 'mine');
    onResolve(Object.fromEntries(kept.map((name) => [name, mine[name] ?? ''])));
  };
  return (
    <section className={styles.conflict} aria-labelledby={id}>
      <h2 id={id} tabIndex={-1} ref={heading}>
        Someone else has changed this product
      </h2>
      <p>Your changes are not saved yet. Choose which version of each field to keep.</p>
      <form className={styles.choices} onSubmit={submit}>
        {asked.map((name) => (
          <FieldChoice key={name} name={name} mine={mine[name]} theirs={theirs[name]} isChangedByThem={name in other} />
        ))}
        {onlyTheirs.length > 0 && (
          <p>
            Changed by them only, and kept:{' '}
            {onlyTheirs.map((name) => `${fieldLabel(name)} (${fieldText(name, theirs[name])})`).join('; ')}.
          </p>
        )}
        <div className={styles.actions}>
          <Button type="submit" kind="primary" busy={busy}>
            Save
          </Button>
          <Button onClick={() => onResolve({})}>Discard my changes</Button>
        </div>
      </form>
    </section>
  );
}

function FieldChoice({
  name,
  mine,
  theirs,
  isChangedByThem,
}: {
  name: string;
  mine: string | undefined;
  theirs: string | undefined;
  isChangedByThem: boolean;
}) {
  return (
    <fieldset className={styles.choice}>
      <legend>{fieldLabel(name)}</legend>
      <Option name={name} value="mine" whose="Your version" text={fieldText(name, mine)} checked />
      <Option
        name={name}
        value="theirs"
        whose={isChangedByThem ? 'Their version, saved' : 'Saved version, not changed by them'}
        text={fieldText(name, theirs)}
      />
    </fieldset>
  );
}

function Option({
  name,
  value,
  whose,
  text,
  checked = false,
}: {
  name: string;
  value: string;
  whose: string;
  text: string;
  checked?: boolean;
}) {
  return (
    <label className={styles.option}>
      <input type="radio" name={name} value={value} defaultChecked={checked} />
      <span>
        <span className={styles.whose}>{whose}</span>
        <span className={styles.text}>{text}</span>
      </span>
    </label>
  );
}
