import { decimalAmount } from '@tradepost/contracts/currencies';
import { useState } from 'react';
import { hasCode } from '../../api/problem.ts';
import { CheckField, TextField } from '../../design/field.tsx';
import { BenefitFields, readBenefit } from './benefit-fields.tsx';
import {
  given,
  InputProblem,
  optional,
  readAmount,
  readCount,
  readCurrency,
  readTime,
  type Texts,
  timeField,
} from './form-values.ts';
import styles from './pricing.module.css';
import { ProductsField } from './products-field.tsx';
import { type ErrorAt, RuleForm } from './rule-form.tsx';
import { type BodyOf, findProductId, type Promotion, savePromotion } from './rules.ts';

const FIELDS = [
  ...['/name', '/code', '/benefit', '/minimum/amount', '/minimum/currency', '/productIds', '/categories'],
  ...['/startsAt', '/endsAt', '/limitTotal', '/limitPerCustomer'],
];

type Part = { promotion: Promotion | undefined; error: ErrorAt };

/** A promotion: what it takes off, from what, for whom and how often. */
export function PromotionForm({ promotion, onDone }: { promotion: Promotion | undefined; onDone: () => void }) {
  const [id] = useState(() => promotion?.id ?? crypto.randomUUID());
  return (
    <RuleForm
      fields={FIELDS}
      saved={promotion ? 'Promotion saved' : 'Promotion added'}
      onSave={async (texts) =>
        savePromotion({ id, ...(promotion && { version: promotion.version }) }, await bodyOf(texts))
      }
      onDone={onDone}
    >
      {(error) => {
        const part = { promotion, error };
        return (
          <>
            <NameFields {...part} />
            <BenefitFields benefit={promotion?.benefit} error={error} />
            <GoodsFields {...part} />
            <LimitFields {...part} />
            <CheckField
              label="May be combined with other promotions"
              name="combinable"
              defaultChecked={promotion?.combinable ?? true}
            />
            <CheckField label="Switched on" name="active" defaultChecked={promotion?.active ?? true} />
          </>
        );
      }}
    </RuleForm>
  );
}

async function bodyOf(texts: Texts): Promise<BodyOf<'savePromotion'>> {
  const count = (name: string) => optional(texts(name), (text) => readCount(text, `/${name}`));
  const time = (name: string) => optional(texts(name), (text) => readTime(text, `/${name}`));
  const isChecked = (name: string) => texts(name) === 'on';
  return {
    name: texts('name'),
    ...given('code', optional(texts('code'), String)),
    benefit: readBenefit(texts),
    ...given(
      'minimum',
      optional(texts('minimum'), () => readMinimum(texts)),
    ),
    categories: wordsIn(texts('categories')).map((word) => word.toLowerCase().replace(/\s+/g, '-')),
    ...{ firstOrder: isChecked('firstOrder'), combinable: isChecked('combinable'), active: isChecked('active') },
    ...{ ...given('startsAt', time('startsAt')), ...given('endsAt', time('endsAt')) },
    ...{ ...given('limitTotal', count('limitTotal')), ...given('limitPerCustomer', count('limitPerCustomer')) },
    productIds: await productIdsIn(texts('productIds')),
  };
}

function readMinimum(texts: Texts) {
  const currency = readCurrency(texts('minimumCurrency'), '/minimum/currency');
  return { amount: readAmount(texts('minimum'), currency, '/minimum/amount'), currency };
}

const wordsIn = (text: string): string[] => [
  ...new Set(
    text
      .split(/[,\n]/)
      .map((word) => word.trim())
      .filter(Boolean),
  ),
];

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ids as they are; addresses and slugs are looked up in the catalogue. */
const productIdsIn = (text: string): Promise<string[]> =>
  Promise.all(
    wordsIn(text).map(async (word) => {
      if (UUID.test(word)) return word;
      return findProductId(word).catch((cause: unknown) => {
        if (!hasCode(cause, 'not_found')) throw cause;
        throw new InputProblem('/productIds', `There is no product “${word}”`);
      });
    }),
  );

const NameFields = ({ promotion, error }: Part) => (
  <div className={styles.pair}>
    <TextField
      label="Name"
      hint="Customers read it"
      name="name"
      required
      maxLength={100}
      defaultValue={promotion?.name}
      error={error('/name')}
    />
    <TextField
      label="Code"
      hint="Without one it applies by itself"
      name="code"
      required={false}
      maxLength={64}
      autoComplete="off"
      defaultValue={promotion?.code}
      error={error('/code')}
    />
  </div>
);

const GoodsFields = ({ promotion, error }: Part) => (
  <fieldset className={styles.group}>
    <legend className={styles.legend}>What it is for</legend>
    <TextField
      label="Categories"
      hint="Separated by commas. Without categories and products it is for all goods."
      name="categories"
      required={false}
      defaultValue={promotion?.categories.join(', ')}
      error={error('/categories')}
    />
    <ProductsField initial={promotion?.productIds ?? []} error={error('/productIds')} />
    <div className={styles.pair}>
      <TextField
        label="These cost at least"
        hint="Before discounts"
        name="minimum"
        inputMode="decimal"
        autoComplete="off"
        required={false}
        defaultValue={promotion?.minimum && decimalAmount(promotion.minimum)}
        error={error('/minimum/amount')}
      />
      <TextField
        label="Currency of this amount"
        hint="Such as EUR"
        name="minimumCurrency"
        autoComplete="off"
        maxLength={3}
        defaultValue={promotion?.minimum?.currency ?? 'EUR'}
        error={error('/minimum/currency')}
      />
    </div>
  </fieldset>
);

const LimitFields = ({ promotion, error }: Part) => (
  <fieldset className={styles.group}>
    <legend className={styles.legend}>When, for whom and how often</legend>
    <div className={styles.pair}>
      <TextField
        label="Starts"
        name="startsAt"
        type="datetime-local"
        required={false}
        defaultValue={timeField(promotion?.startsAt)}
        error={error('/startsAt')}
      />
      <TextField
        label="Ends"
        name="endsAt"
        type="datetime-local"
        required={false}
        defaultValue={timeField(promotion?.endsAt)}
        error={error('/endsAt')}
      />
      <TextField
        label="Uses in all"
        name="limitTotal"
        inputMode="numeric"
        autoComplete="off"
        required={false}
        defaultValue={promotion?.limitTotal}
        error={error('/limitTotal')}
      />
      <TextField
        label="Uses per customer"
        name="limitPerCustomer"
        inputMode="numeric"
        autoComplete="off"
        required={false}
        defaultValue={promotion?.limitPerCustomer}
        error={error('/limitPerCustomer')}
      />
    </div>
    <CheckField label="Only for a customer’s first order" name="firstOrder" defaultChecked={promotion?.firstOrder} />
  </fieldset>
);
