import { moneyText } from '../../design/format.tsx';
import styles from './flow.module.css';

/** The data of a timeline entry. Sellers and providers wrote it, so it is only ever shown as text. */
export function EntryData({ data }: { data: Record<string, unknown> }) {
  const known = Object.entries(data).filter(([, value]) => value !== null && value !== undefined);
  if (known.length === 0) return null;
  return (
    <dl className={styles.data}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{textOf(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isMoney(value)) return moneyText(value);
  if (Array.isArray(value) && value.every(isLine))
    return value.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');
  return JSON.stringify(value);
}

const isMoney = (value: unknown): value is { amount: number; currency: string } =>
  typeof value === 'object' &&
  value !== null &&
  'amount' in value &&
  'currency' in value &&
  typeof value.amount === 'number' &&
  /^[A-Z]{3}$/.test(String(value.currency));

const isLine = (value: unknown): value is { sku: string; quantity: number } =>
  typeof value === 'object' && value !== null && 'sku' in value && 'quantity' in value;
