import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { countryName } from '../../design/format.tsx';
import { Panel, Stack } from '../../design/layout.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { DeleteDialog, type Deletion } from './delete-rule.tsx';
import { MethodForm } from './method-form.tsx';
import { MethodTable } from './method-table.tsx';
import { PricingNav } from './pricing-nav.tsx';
import { deleteZone, methodsQuery, type ShippingMethod, type ShippingZone, zonesQuery } from './rules.ts';
import { ZoneForm } from './zone-form.tsx';

/** What is open in front of the page. */
type EditedRule =
  | { kind: 'zone'; zone: ShippingZone | undefined }
  | { kind: 'method'; zoneId: string; method: ShippingMethod | undefined };

/** Where the shop sends to, by which methods and at which prices. */
export function ShippingPage() {
  const zones = useQuery(zonesQuery);
  const methods = useQuery(methodsQuery);
  const canEdit = useMay()('settings:write');
  const [edited, setEdited] = useState<EditedRule>();
  const [deletion, setDeletion] = useState<Deletion>();
  const close = () => setEdited(undefined);
  const addZone = () => setEdited({ kind: 'zone', zone: undefined });
  return (
    <>
      <PricingNav />
      <PageHeading
        title="Shipping"
        lead="Zones of countries, and the methods that send to them. While no method is switched on, the shop sends everything everywhere without charge."
        actions={canEdit && <AddZone onClick={addZone} />}
      />
      <QueryBoundary query={zones} what="The shipping zones" height="16rem">
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="No shipping zones">
              Add a zone with the countries that you send to. Then add its shipping methods and their prices.
            </EmptyState>
          ) : (
            <Stack>
              {items.map((zone) => (
                <ZonePanel key={zone.id} zone={zone} methods={methods} onEdit={setEdited} onDelete={setDeletion} />
              ))}
            </Stack>
          )
        }
      </QueryBoundary>
      <Dialog title={titleOf(edited)} open={edited !== undefined} onOpenChange={(open) => !open && close()}>
        {edited?.kind === 'zone' && <ZoneForm zone={edited.zone} zones={zones.data?.items ?? []} onDone={close} />}
        {edited?.kind === 'method' && (
          <MethodForm
            zoneId={edited.zoneId}
            method={edited.method}
            zones={zones.data?.items ?? []}
            position={(methods.data?.items ?? []).filter(({ zoneId }) => zoneId === edited.zoneId).length + 1}
            onDone={close}
          />
        )}
      </Dialog>
      <DeleteDialog deletion={deletion} onDone={() => setDeletion(undefined)} />
    </>
  );
}

const AddZone = ({ onClick }: { onClick: () => void }) => (
  <Button kind="primary" onClick={onClick}>
    Add zone
  </Button>
);

function titleOf(edited: EditedRule | undefined): string {
  if (edited?.kind === 'zone') return edited.zone ? `Edit ${edited.zone.name}` : 'Add a shipping zone';
  return edited?.method ? `Edit ${edited.method.name}` : 'Add a shipping method';
}

const SHOWN_COUNTRIES = 30;

/** The names of countries; of very many only the first. */
function countriesText(codes: readonly string[]): string {
  const names = codes
    .slice(0, SHOWN_COUNTRIES)
    .map((code) => countryName(code))
    .join(', ');
  const more = codes.length - SHOWN_COUNTRIES;
  return more > 0 ? `${names} and ${more} more` : names;
}

function ZonePanel({
  zone,
  methods,
  onEdit,
  onDelete,
}: {
  zone: ShippingZone;
  methods: { data: { items: ShippingMethod[] } | undefined; error: unknown; refetch: () => unknown };
  onEdit: (edited: EditedRule) => void;
  onDelete: (deletion: Deletion) => void;
}) {
  const canEdit = useMay()('settings:write');
  const remove = () =>
    onDelete({
      name: zone.name,
      consequence: 'A zone can be deleted when it has no shipping methods. Nothing is sent to its countries then.',
      run: () => deleteZone(zone.id),
    });
  return (
    <Panel
      title={zone.name}
      lead={countriesText(zone.countries)}
      actions={
        canEdit && (
          <ZoneActions
            name={zone.name}
            onAdd={() => onEdit({ kind: 'method', zoneId: zone.id, method: undefined })}
            onEdit={() => onEdit({ kind: 'zone', zone })}
            onDelete={remove}
          />
        )
      }
    >
      <QueryBoundary query={methods} what="The shipping methods" height="8rem">
        {({ items }) => (
          <MethodTable
            zone={zone}
            methods={items.filter(({ zoneId }) => zoneId === zone.id)}
            onEdit={(method) => onEdit({ kind: 'method', zoneId: zone.id, method })}
            onDelete={onDelete}
          />
        )}
      </QueryBoundary>
    </Panel>
  );
}

function ZoneActions({
  name,
  onAdd,
  onEdit,
  onDelete,
}: {
  name: string;
  onAdd: () => void;
  onEdit: () => void;
  onDelete: () => void;
}) {
  return (
    <>
      <Button aria-label={`Add method to ${name}`} onClick={onAdd}>
        Add method
      </Button>
      <Button kind="quiet" aria-label={`Edit ${name}`} onClick={onEdit}>
        Edit
      </Button>
      <Button kind="quiet" aria-label={`Delete ${name}`} onClick={onDelete}>
        Delete
      </Button>
    </>
  );
}
