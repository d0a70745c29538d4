import { countryCodes, isCountry } from '@tradepost/contracts/countries';
import { useState } from 'react';
import { Button } from '../../design/button.tsx';
import { TextArea, TextField } from '../../design/field.tsx';
import { countryName } from '../../design/format.tsx';
import { InputProblem } from './form-values.ts';
import styles from './pricing.module.css';
import { RuleForm } from './rule-form.tsx';
import { type ShippingZone, saveZone } from './rules.ts';

const EU = 'AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');

/** A zone: its name and its countries, which are written as names or codes. */
export function ZoneForm({
  zone,
  zones,
  onDone,
}: {
  zone: ShippingZone | undefined;
  zones: readonly ShippingZone[];
  onDone: () => void;
}) {
  const [id] = useState(() => zone?.id ?? crypto.randomUUID());
  const [countries, setCountries] = useState(() => textOf(zone?.countries ?? []));
  const add = (codes: readonly string[]) => setCountries((before) => textOf([...namesIn(before), ...codes]));
  const elsewhere = new Set(zones.flatMap((one) => (one.id === id ? [] : one.countries)));
  return (
    <RuleForm
      fields={['/name', '/countries']}
      saved={zone ? 'Zone saved' : 'Zone added'}
      onSave={async (texts) =>
        saveZone({ id, ...(zone && { version: zone.version }) }, { name: texts('name'), countries: codesIn(countries) })
      }
      onDone={onDone}
    >
      {(error) => (
        <>
          <NameField name={zone?.name} error={error('/name')} />
          <TextArea
            label="Countries"
            hint="Names or two-letter codes, separated by commas: Germany, AT"
            name="countries"
            required
            rows={4}
            value={countries}
            onChange={({ currentTarget }) => setCountries(currentTarget.value)}
            error={error('/countries')}
          />
          <div className={styles.actions}>
            <Button onClick={() => add(EU)}>Add the European Union</Button>
            <Button onClick={() => add(countryCodes.filter((code) => !elsewhere.has(code)))}>
              Add all that no other zone has
            </Button>
          </div>
        </>
      )}
    </RuleForm>
  );
}

const NameField = ({ name, error }: { name: string | undefined; error: string | undefined }) => (
  <TextField
    label="Name of the zone"
    hint="For operators, such as European Union"
    name="name"
    required
    maxLength={100}
    defaultValue={name}
    error={error}
  />
);

const codesByName = () => new Map(countryCodes.map((code) => [countryName(code).toLowerCase(), code]));

const namesIn = (text: string): string[] =>
  text
    .split(/[,;\n]/)
    .map((one) => one.trim())
    .filter(Boolean);

/** Codes as names, each once. A name of a country may have no comma, so that the text can be read again. */
function textOf(countries: readonly string[]): string {
  const names = countries.map((one) => (isCountry(one.toUpperCase()) ? nameOf(one.toUpperCase()) : one));
  return [...new Set(names)].join(', ');
}

const nameOf = (code: string): string => (countryName(code).includes(',') ? code : countryName(code));

function codesIn(text: string): string[] {
  const byName = codesByName();
  const codes = namesIn(text).map((name) => {
    const code = isCountry(name.toUpperCase()) ? name.toUpperCase() : byName.get(name.toLowerCase());
    if (code) return code;
    throw new InputProblem('/countries', `“${name}” is not a country: enter its English name or its code`);
  });
  return [...new Set(codes)];
}
