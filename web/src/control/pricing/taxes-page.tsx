import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { countryName, Time } from '../../design/format.tsx';
import { Panel, Stack } from '../../design/layout.tsx';
import { PageHeading } from '../../design/page.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { actionsColumn, DeleteDialog, type Deletion } from './delete-rule.tsx';
import styles from './pricing.module.css';
import { PricingNav } from './pricing-nav.tsx';
import { deleteTaxRate, settingsQuery, type TaxRate, taxRatesQuery } from './rules.ts';
import { TaxRateForm } from './tax-rate-form.tsx';
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
        {edited && <TaxRateForm rate={edited.rate} onDone={close} />}
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
