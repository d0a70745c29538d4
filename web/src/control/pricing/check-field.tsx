import type { InputHTMLAttributes, ReactNode } from 'react';
import styles from './pricing.module.css';

/** A box to check, with its label beside it. */
export const CheckField = ({ label, ...input }: { label: ReactNode } & InputHTMLAttributes<HTMLInputElement>) => (
  <label className={styles.check}>
    <input type="checkbox" {...input} />
    <span>{label}</span>
  </label>
);
