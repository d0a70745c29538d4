import { decimalAmount } from '@tradepost/contracts/currencies';
import { useState } from 'react';
import { SelectField, TextField } from '../../design/field.tsx';
import { readAmount, readCount, readCurrency, readPercent, type Texts } from './form-values.ts';
import styles from './pricing.module.css';
import type { ErrorAt } from './rule-form.tsx';
import type { Promotion } from './rules.ts';

type Benefit = Promotion['benefit'];

const types: readonly { value: Benefit['type']; text: string }[] = [
  { value: 'percent', text: 'A percentage off' },
  { value: 'amount', text: 'An amount off' },
  { value: 'buy_x_get_y', text: 'Buy some, get some cheaper' },
  { value: 'free_shipping', text: 'Free shipping' },
];

export function readBenefit(texts: Texts): Benefit {
  const percent = () => readPercent(texts('percent'), '/benefit/percent');
  switch (texts('type')) {
    case 'amount': {
      const currency = readCurrency(texts('currency'), '/benefit/amount/currency');
      const amount = readAmount(texts('amount'), currency, '/benefit/amount/amount');
      return { type: 'amount', amount: { amount, currency } };
    }
    case 'buy_x_get_y': {
      const [buy, get] = [readCount(texts('buy'), '/benefit/buy'), readCount(texts('get'), '/benefit/get')];
      return { type: 'buy_x_get_y', buy, get, percent: percent() };
    }
    case 'free_shipping':
      return { type: 'free_shipping' };
    default:
      return { type: 'percent', percent: percent() };
  }
}

/** What a promotion takes off. */
export function BenefitFields({ benefit, error }: { benefit: Benefit | undefined; error: ErrorAt }) {
  const [type, setType] = useState(benefit?.type ?? 'percent');
  return (
    <>
      <SelectField
        label="Benefit"
        name="type"
        value={type}
        // as: the options are the types.
        onChange={({ currentTarget }) => setType(currentTarget.value as Benefit['type'])}
        error={type === 'free_shipping' ? error('/benefit') : undefined}
      >
        {types.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
      {type === 'percent' && <PercentField benefit={benefit} label="Percent off" error={error} />}
      {type === 'amount' && <AmountFields benefit={benefit} error={error} />}
      {type === 'buy_x_get_y' && <UnitFields benefit={benefit} error={error} />}
    </>
  );
}

type Part = { benefit: Benefit | undefined; error: ErrorAt };

const PercentField = ({ benefit, label, error }: Part & { label: string }) => (
  <TextField
    label={label}
    name="percent"
    inputMode="decimal"
    autoComplete="off"
    required
    defaultValue={benefit && 'percent' in benefit ? benefit.percent : ''}
    error={error('/benefit/percent') ?? error('/benefit')}
  />
);

function AmountFields({ benefit, error }: Part) {
  const present = benefit?.type === 'amount' ? benefit.amount : undefined;
  return (
    <div className={styles.pair}>
      <TextField
        label="Amount off"
        hint="Of all products together that it is for"
        name="amount"
        inputMode="decimal"
        autoComplete="off"
        required
        defaultValue={present && decimalAmount(present)}
        error={error('/benefit/amount/amount') ?? (error('/benefit/amount/currency') ? undefined : error('/benefit'))}
      />
      <TextField
        label="Currency"
        hint="Such as EUR; orders in others do not get it"
        name="currency"
        autoComplete="off"
        required
        maxLength={3}
        defaultValue={present?.currency ?? 'EUR'}
        error={error('/benefit/amount/currency')}
      />
    </div>
  );
}

function UnitFields({ benefit, error }: Part) {
  const present = benefit?.type === 'buy_x_get_y' ? benefit : undefined;
  return (
    <div className={styles.pair}>
      <TextField
        label="Units to buy"
        name="buy"
        inputMode="numeric"
        autoComplete="off"
        required
        defaultValue={present?.buy}
        error={error('/benefit/buy')}
      />
      <TextField
        label="Units that are cheaper"
        name="get"
        inputMode="numeric"
        autoComplete="off"
        required
        defaultValue={present?.get}
        error={error('/benefit/get')}
      />
      <PercentField benefit={benefit} label="Percent off these" error={error} />
    </div>
  );
}
