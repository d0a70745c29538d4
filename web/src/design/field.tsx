import {
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';
import styles from './field.module.css';

type Said = {
  label: ReactNode;
  /** What to write, before anything is wrong. */
  hint?: ReactNode;
  /** What is wrong, and how it would be right. */
  error?: string | undefined;
};

type Control = { id: string; className: string | undefined; 'aria-invalid'?: true; 'aria-describedby'?: string };

type Remarks = Pick<Said, 'hint' | 'error'>;

/** Ties a control to what is said about it. */
function described(id: string, { hint, error }: Remarks): Pick<Control, 'aria-invalid' | 'aria-describedby'> {
  const ids = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return { ...(error && { 'aria-invalid': true as const }), ...(ids && { 'aria-describedby': ids }) };
}

function Hint({ id, hint }: { id: string; hint: ReactNode }) {
  if (!hint) return null;
  return (
    <span className={styles.hint} id={`${id}-hint`}>
      {hint}
    </span>
  );
}

function FieldError({ id, error }: { id: string; error: string | undefined }) {
  if (!error) return null;
  return (
    <span className={styles.error} id={`${id}-error`}>
      {error}
    </span>
  );
}

/** A label, what it labels, and what is said about it; `children` is handed what ties them together. */
export function Field({
  label,
  hint,
  error,
  optional = false,
  children,
}: Said & { optional?: boolean; children: (control: Control) => ReactNode }) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
        {optional && <span className={styles.optional}> (optional)</span>}
      </label>
      <Hint id={id} hint={hint} />
      {children({ id, className: styles.input, ...described(id, { hint, error }) })}
      <FieldError id={id} error={error} />
    </div>
  );
}

/** A field of one line. */
export function TextField({ label, hint, error, ...input }: Said & InputHTMLAttributes<HTMLInputElement>) {
  const rest = { hint, error, optional: input.required === false };
  return (
    <Field label={label} {...rest}>
      {(control) => <input type="text" {...input} {...control} />}
    </Field>
  );
}

/** A field of several lines. */
export function TextArea({ label, hint, error, ...input }: Said & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error} optional={input.required === false}>
      {(control) => <textarea {...input} {...control} />}
    </Field>
  );
}

/** A choice of yes or no: a box, with its label beside it. */
export function CheckField({ label, hint, error, ...input }: Said & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.check}>
        <input type="checkbox" {...input} {...described(id, { hint, error })} />
        <span>{label}</span>
      </label>
      <Hint id={id} hint={hint} />
      <FieldError id={id} error={error} />
    </div>
  );
}

/** A choice of one; its options are its children. */
export function SelectField({ label, hint, error, ...input }: Said & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} hint={hint} error={error} optional={input.required === false}>
      {(control) => <select {...input} {...control} />}
    </Field>
  );
}
