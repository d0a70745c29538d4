import { currencyCodes, decimalAmount } from '@tradepost/contracts/currencies';
import { useState } from 'react';
import { CheckField, SelectField, TextField } from '../../design/field.tsx';
import { given, optional, readAmount, readCount, type Texts } from './form-values.ts';
import styles from './pricing.module.css';
import { type ErrorAt, RuleForm } from './rule-form.tsx';
import { type BodyOf, type ShippingMethod, type ShippingZone, saveMethod } from './rules.ts';
import { readTiers, TierFields, type TierText, tierTexts } from './tier-fields.tsx';

type Basis = ShippingMethod['basis'];

const bases: readonly { value: Basis; text: string }[] = [
  { value: 'weight', text: 'Weight of the order' },
  { value: 'value', text: 'Value of the goods after discounts' },
  { value: 'quantity', text: 'Number of units' },
];

const FIELDS = ['/zoneId', '/name', '/deliveryTime', '/currency', '/basis', '/tiers', '/freeFrom', '/position'];

const bodyOf = (
  texts: Texts,
  basis: Basis,
  currency: string,
  tiers: ShippingMethod['tiers'],
): BodyOf<'saveShippingMethod'> => ({
  ...{ zoneId: texts('zoneId'), name: texts('name'), deliveryTime: texts('deliveryTime') },
  ...{ position: readCount(texts('position'), '/position'), currency, basis, tiers },
  ...given(
    'freeFrom',
    optional(texts('freeFrom'), (text) => readAmount(text, currency, '/freeFrom')),
  ),
  active: texts('active') === 'on',
});

/** A shipping method with its prices. */
export function MethodForm({
  zoneId,
  method,
  zones,
  position,
  onDone,
}: {
  zoneId: string;
  method: ShippingMethod | undefined;
  zones: readonly ShippingZone[];
  /** Of a new method: after the others. */
  position: number;
  onDone: () => void;
}) {
  const [id] = useState(() => method?.id ?? crypto.randomUUID());
  const [currency, setCurrency] = useState(method?.currency ?? 'EUR');
  const [basis, setBasis] = useState<Basis>(method?.basis ?? 'weight');
  const [tiers, setTiers] = useState<readonly TierText[]>(() => tierTexts(method));
  return (
    <RuleForm
      fields={FIELDS}
      saved={method ? 'Method saved' : 'Method added'}
      onSave={async (texts) => {
        const body = bodyOf(texts, basis, currency, readTiers(tiers, basis, currency));
        return saveMethod({ id, ...(method && { version: method.version }) }, body);
      }}
      onDone={onDone}
    >
      {(error) => (
        <>
          <NameFields method={method} zoneId={zoneId} zones={zones} error={error} />
          <BasisFields basis={basis} currency={currency} onBasis={setBasis} onCurrency={setCurrency} />
          <TierFields tiers={tiers} basis={basis} currency={currency} error={error} onChange={setTiers} />
          <OfferFields method={method} currency={currency} position={position} error={error} />
        </>
      )}
    </RuleForm>
  );
}

function BasisFields({
  basis,
  currency,
  onBasis,
  onCurrency,
}: {
  basis: Basis;
  currency: string;
  onBasis: (basis: Basis) => void;
  onCurrency: (currency: string) => void;
}) {
  return (
    <div className={styles.pair}>
      <SelectField
        label="Price depends on"
        value={basis}
        // as: the options are the bases.
        onChange={({ currentTarget }) => onBasis(currentTarget.value as Basis)}
      >
        {bases.map(({ value, text }) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </SelectField>
      <SelectField label="Currency" value={currency} onChange={({ currentTarget }) => onCurrency(currentTarget.value)}>
        {currencyCodes.map((code) => (
          <option key={code}>{code}</option>
        ))}
      </SelectField>
    </div>
  );
}

function NameFields({
  method,
  zoneId,
  zones,
  error,
}: {
  method: ShippingMethod | undefined;
  zoneId: string;
  zones: readonly ShippingZone[];
  error: ErrorAt;
}) {
  return (
    <>
      <TextField
        label="Name of the method"
        hint="Customers read it"
        name="name"
        required
        maxLength={100}
        defaultValue={method?.name}
        error={error('/name')}
      />
      <div className={styles.pair}>
        <SelectField label="Zone" name="zoneId" defaultValue={zoneId} error={error('/zoneId')}>
          {zones.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField
          label="Delivery time"
          placeholder="2 to 4 working days"
          name="deliveryTime"
          required
          maxLength={100}
          defaultValue={method?.deliveryTime}
          error={error('/deliveryTime')}
        />
      </div>
    </>
  );
}

function OfferFields({
  method,
  currency,
  position,
  error,
}: {
  method: ShippingMethod | undefined;
  currency: string;
  position: number;
  error: ErrorAt;
}) {
  const freeFrom = method?.freeFrom;
  return (
    <>
      <div className={styles.pair}>
        <TextField
          label={`Free from, in ${currency}`}
          hint="Value of the goods after discounts"
          name="freeFrom"
          inputMode="decimal"
          autoComplete="off"
          required={false}
          defaultValue={freeFrom === undefined ? '' : decimalAmount({ amount: freeFrom, currency })}
          error={error('/freeFrom')}
        />
        <TextField
          label="Position"
          hint="Lower ones are shown first"
          name="position"
          inputMode="numeric"
          autoComplete="off"
          required
          defaultValue={method?.position ?? position}
          error={error('/position')}
        />
      </div>
      <CheckField label="Offered to customers" name="active" defaultChecked={method?.active ?? true} />
    </>
  );
}
