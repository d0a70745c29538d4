import { Link } from 'wouter';
import { TextField } from '../../design/field.tsx';
import styles from './checkout.module.css';

type GuestEmailProps = { email: string; error: string | undefined; onChange: (email: string) => void };

/** Asks somebody without an account for an e-mail address. */
export function GuestEmail({ email, error, onChange }: GuestEmailProps) {
  return (
    <fieldset className={styles.section}>
      <legend className={styles.legend}>Who orders</legend>
      <div className={styles.address}>
        <TextField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="email"
          required
          maxLength={254}
          hint="You need no account. The page of the order shows where it is."
          value={email}
          error={error}
          onChange={({ target }) => onChange(target.value)}
        />
        <p>
          You have an account? <Link href="/sign-in?next=/checkout">Sign in instead</Link>
        </p>
      </div>
    </fieldset>
  );
}
