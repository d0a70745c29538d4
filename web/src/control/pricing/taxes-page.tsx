import { useQuery } from '@tanstack/react-query';
import { countryCodes } from '@tradepost/contracts/countries';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { SelectField, TextField } from '../../design/field.tsx';
import { countryName, Time } from '../../design/format.tsx';
import { Panel, Stack } from '../../design/layout.tsx';
import { PageHeading } from '../../design/page.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { actionsColumn, DeleteDialog, type Deletion } from './delete-rule.tsx';
import { given, optional, readPercent, readTime, type Texts, timeField } from './form-values.ts';
import styles from './pricing.module.css';
import { PricingNav } from './pricing-nav.tsx';
import { RuleForm } from './rule-form.tsx';
import { type BodyOf, deleteTaxRate, saveTaxRate, settingsQuery, type TaxRate, taxRatesQuery } from './rules.ts';
import { TaxSettings } from './tax-settings.tsx';

/** How prices are taxed: the settings of the shop, and the rates by country. */
export function TaxesPage() {
  const settings = useQuery(settingsQuery);
  const rates = useQuery(taxRatesQuery);
  const [edited, setEdited] = useState<{ rate: TaxRate | undefined }>();
  const [deletion, setDeletion] = useState<Deletion>();
  const close = () => setEdited(undefined);
  const add = useMay()('settings:write') && (
    <Button kind="primary" onClick={() => setEdited({ rate: undefined })}>
      Add tax rate
    </Button>
  );
  return (
    <>
      <PricingNav />
      <PageHeading
        title="Taxes"
        lead="The tax rates by country and tax class. Where no rate applies, no tax is calculated."
      />
      <Stack>
        <Panel title="Tax rates" actions={add}>
          <QueryBoundary query={rates} what="The tax rates" height="12rem">
            {({ items }) => <RateTable rates={items} onEdit={(rate) => setEdited({ rate })} onDelete={setDeletion} />}
          </QueryBoundary>
        </Panel>
        <Panel title="Settings" lead="They apply to all prices of the shop, from the next order on.">
          <QueryBoundary query={settings} what="The settings" height="16rem">
            {(present) => <TaxSettings settings={present} />}
          </QueryBoundary>
        </Panel>
      </Stack>
      <Dialog
        title={edited?.rate ? `Edit ${edited.rate.name}` : 'Add a tax rate'}
        open={edited !== undefined}
        onOpenChange={(open) => !open && close()}
      >
        {edited && <RateForm rate={edited.rate} onDone={close} />}
      </Dialog>
      <DeleteDialog deletion={deletion} onDone={() => setDeletion(undefined)} />
    </>
  );
}

type RateTableProps = {
  rates: readonly TaxRate[];
  onEdit: (rate: TaxRate) => void;
  onDelete: (deletion: Deletion) => void;
};

function RateTable({ rates, onEdit, onDelete }: RateTableProps) {
  const canEdit = useMay()('settings:write');
  if (rates.length === 0) {
    return (
      <p className={styles.empty}>
        No tax rates yet. Add the rates of the countries that you sell to, such as VAT 19 % in Germany.
      </p>
    );
  }
  const columns: Column<TaxRate>[] = [
    { heading: 'Name', cell: ({ name }) => name },
    { heading: 'Where', cell: ({ country, region }) => [countryName(country), region].filter(Boolean).join(', ') },
    { heading: 'Tax class', cell: ({ taxClass }) => taxClass },
    { heading: 'Rate', number: true, cell: ({ ratePercent }) => `${ratePercent} %` },
    { heading: 'Valid', cell: (rate) => <Validity rate={rate} /> },
    ...actionsColumn<TaxRate>(canEdit, {
      edit: onEdit,
      remove: ({ id, name, country }) =>
        onDelete({
          name,
          consequence: `New orders to ${countryName(country)} are not taxed by it any more. Placed orders keep their tax.`,
          run: () => deleteTaxRate(id),
        }),
    }),
  ];
  return <Table caption="Tax rates" rows={rates} keyOf={({ id }) => id} columns={columns} />;
}

function Validity({ rate: { validFrom, validUntil } }: { rate: TaxRate }) {
  if (!validFrom && !validUntil) return 'always';
  return (
    <span className={styles.lines}>
      {validFrom && (
        <span>
          from <Time at={validFrom} />
        </span>
      )}
      {validUntil && (
        <span>
          until <Time at={validUntil} />
        </span>
      )}
    </span>
  );
}

const countries = () =>
  countryCodes.map((code) => ({ code, name: countryName(code) })).sort((a, b) => a.name.localeCompare(b.name));

const FIELDS = ['/name', '/country', '/region', '/taxClass', '/ratePercent', '/validFrom', '/validUntil'];

const bodyOf = (texts: Texts): BodyOf<'saveTaxRate'> => ({
  ...{ name: texts('name'), country: texts('country') },
  ...given('region', optional(texts('region'), String)),
  taxClass: texts('taxClass'),
  ratePercent: readPercent(texts('ratePercent'), '/ratePercent'),
  ...given(
    'validFrom',
    optional(texts('validFrom'), (text) => readTime(text, '/validFrom')),
  ),
  ...given(
    'validUntil',
    optional(texts('validUntil'), (text) => readTime(text, '/validUntil')),
  ),
});

// Long: the fields of one form
function RateForm({ rate, onDone }: { rate: TaxRate | undefined; onDone: () => void }) {
  const [id] = useState(() => rate?.id ?? crypto.randomUUID());
  return (
    <RuleForm
      fields={FIELDS}
      saved={rate ? 'Tax rate saved' : 'Tax rate added'}
      onSave={async (texts) => saveTaxRate({ id, ...(rate && { version: rate.version }) }, bodyOf(texts))}
      onDone={onDone}
    >
      {(error) => (
        <>
          <div className={styles.pair}>
            <TextField
              label="Name"
              hint="Customers read it: VAT 19 %"
              name="name"
              required
              maxLength={100}
              defaultValue={rate?.name}
              error={error('/name')}
            />
            <TextField
              label="Rate in percent"
              hint="19 or 8.875"
              name="ratePercent"
              inputMode="decimal"
              autoComplete="off"
              required
              defaultValue={rate?.ratePercent}
              error={error('/ratePercent')}
            />
          </div>
          <div className={styles.pair}>
            <SelectField
              label="Country"
              name="country"
              required
              defaultValue={rate?.country ?? ''}
              error={error('/country')}
            >
              <option value="" disabled>
                Choose a country
              </option>
              {countries().map(({ code, name }) => (
                <option key={code} value={code}>
                  {name}
                </option>
              ))}
            </SelectField>
            <TextField
              label="Region"
              name="region"
              required={false}
              maxLength={100}
              defaultValue={rate?.region}
              error={error('/region')}
            />
          </div>
          <TextField
            label="Tax class"
            hint="Products of this class are taxed by it; standard for most"
            name="taxClass"
            required
            maxLength={60}
            defaultValue={rate?.taxClass ?? 'standard'}
            error={error('/taxClass')}
          />
          <div className={styles.pair}>
            <TextField
              label="Valid from"
              name="validFrom"
              type="datetime-local"
              required={false}
              defaultValue={timeField(rate?.validFrom)}
              error={error('/validFrom')}
            />
            <TextField
              label="Valid until"
              name="validUntil"
              type="datetime-local"
              required={false}
              defaultValue={timeField(rate?.validUntil)}
              error={error('/validUntil')}
            />
          </div>
        </>
      )}
    </RuleForm>
  );
}
