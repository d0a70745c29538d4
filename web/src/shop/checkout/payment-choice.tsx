import styles from './checkout.module.css';

/** What the sandbox provider does with each of its tokens. */
const means = [
  { token: 'ok', name: 'A card that works', text: 'It is charged at once.' },
  {
    token: 'declined',
    name: 'A card that is declined',
    text: 'The order is cancelled, and what was held goes back on the shelf.',
  },
  {
    token: 'timeout',
    name: 'A bank that answers late',
    text: 'It is asked again, and charged once. This takes some seconds.',
  },
  {
    token: 'flaky',
    name: 'A bank that fails at first',
    text: 'Whether it charged is not known, so it is asked again under the same key.',
  },
] as const;

export const FIRST_TOKEN = means[0].token;

/** How to pay. No money moves: each choice is a way in which paying may go. */
export function PaymentChoice({ token, onChange }: { token: string; onChange: (token: string) => void }) {
  return (
    <fieldset className={styles.section}>
      <legend className={styles.legend}>How to pay</legend>
      <p className={styles.soft}>This is a sandbox: no money moves. Choose how the payment is to go.</p>
      <div className={styles.means}>
        {means.map(({ token: value, name, text }) => (
          <label key={value} className={styles.mean}>
            <input
              type="radio"
              name="payment"
              value={value}
              checked={token === value}
              onChange={() => onChange(value)}
            />
            <span>
              <strong>{name}</strong>
              <span className={styles.soft}>{text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
