import { decimalAmount } from '@tradepost/contracts/currencies';
import { Button } from '../../design/button.tsx';
import { TextField } from '../../design/field.tsx';
import { optional, readAmount, readCount } from './form-values.ts';
import styles from './pricing.module.css';
import type { ErrorAt } from './rule-form.tsx';
import type { ShippingMethod } from './rules.ts';

const MOST_TIERS = 20;

/** A step of the prices as it is typed. */
export type TierText = { key: string; upTo: string; price: string };

type Basis = ShippingMethod['basis'];

const newTier = (): TierText => ({ key: crypto.randomUUID(), upTo: '', price: '' });

/** The tiers of a method, or one that is empty. */
export function tierTexts(method: ShippingMethod | undefined): TierText[] {
  if (!method) return [newTier()];
  const { basis, currency, tiers } = method;
  return tiers.map(({ upTo, price }) => ({
    key: crypto.randomUUID(),
    upTo: upTo === null ? '' : basis === 'value' ? decimalAmount({ amount: upTo, currency }) : String(upTo),
    price: decimalAmount({ amount: price, currency }),
  }));
}

export const readTiers = (tiers: readonly TierText[], basis: Basis, currency: string): ShippingMethod['tiers'] =>
  tiers.map(({ upTo, price }, index) => {
    const field = `/tiers/${index}/upTo`;
    const read = (text: string) => (basis === 'value' ? readAmount(text, currency, field) : readCount(text, field));
    return {
      upTo: optional(upTo.trim(), read) ?? null,
      price: readAmount(price, currency, `/tiers/${index}/price`),
    };
  });

const limitLabel = (basis: Basis, currency: string): string =>
  ({ weight: 'Up to, in grams', value: `Up to, in ${currency}`, quantity: 'Up to, in units' })[basis];

/** The prices of a method by weight, value or number of units. */
export function TierFields({
  tiers,
  basis,
  currency,
  error,
  onChange,
}: {
  tiers: readonly TierText[];
  basis: Basis;
  currency: string;
  error: ErrorAt;
  onChange: (tiers: readonly TierText[]) => void;
}) {
  const change = (key: string, texts: Partial<TierText>) =>
    onChange(tiers.map((tier) => (tier.key === key ? { ...tier, ...texts } : tier)));
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>Prices</legend>
      <p className={styles.soft}>
        The first line that is large enough counts. Leave the limit of the last line empty for any order; otherwise the
        method is not offered above it.
      </p>
      {tiers.map((tier, index) => (
        <TierRow
          key={tier.key}
          tier={tier}
          index={index}
          {...{ basis, currency, error }}
          onChange={(texts) => change(tier.key, texts)}
          onRemove={tiers.length > 1 ? () => onChange(tiers.filter(({ key }) => key !== tier.key)) : undefined}
        />
      ))}
      <div>
        <Button
          aria-disabled={tiers.length >= MOST_TIERS || undefined}
          onClick={() => tiers.length < MOST_TIERS && onChange([...tiers, newTier()])}
        >
          Add price
        </Button>
      </div>
    </fieldset>
  );
}

function TierRow({
  tier: { upTo, price },
  index,
  basis,
  currency,
  error,
  onChange,
  onRemove,
}: {
  tier: TierText;
  index: number;
  basis: Basis;
  currency: string;
  error: ErrorAt;
  onChange: (texts: Partial<TierText>) => void;
  /** Undefined for the only one. */
  onRemove: (() => void) | undefined;
}) {
  const amount = { inputMode: 'decimal', autoComplete: 'off' } as const;
  return (
    <div className={styles.tier}>
      <TextField
        label={limitLabel(basis, currency)}
        {...amount}
        value={upTo}
        onChange={({ currentTarget }) => onChange({ upTo: currentTarget.value })}
        error={error(`/tiers/${index}/upTo`)}
      />
      <TextField
        label={`Price in ${currency}`}
        {...amount}
        required
        value={price}
        onChange={({ currentTarget }) => onChange({ price: currentTarget.value })}
        error={error(`/tiers/${index}/price`)}
      />
      <Button
        kind="quiet"
        aria-label={`Remove price ${index + 1}`}
        aria-disabled={onRemove === undefined || undefined}
        onClick={onRemove}
      >
        Remove
      </Button>
    </div>
  );
}
