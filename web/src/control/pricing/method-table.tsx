import { useMay } from '../../api/permissions.ts';
import { moneyText } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { type Column, Table } from '../../design/table.tsx';
import { pluralize } from '../number-format.ts';
import { actionsColumn, type Deletion } from './delete-rule.tsx';
import styles from './pricing.module.css';
import { deleteMethod, type ShippingMethod, type ShippingZone } from './rules.ts';

type Tier = ShippingMethod['tiers'][number];

/** The methods of a zone. */
export function MethodTable({
  zone,
  methods,
  onEdit,
  onDelete,
}: {
  zone: ShippingZone;
  methods: readonly ShippingMethod[];
  onEdit: (method: ShippingMethod) => void;
  onDelete: (deletion: Deletion) => void;
}) {
  const canEdit = useMay()('settings:write');
  if (methods.length === 0) {
    return (
      <p className={styles.empty}>This zone has no shipping methods yet. Add one, so that orders can be sent there.</p>
    );
  }
  return (
    <Table
      caption={`Shipping methods of ${zone.name}`}
      rows={methods}
      keyOf={({ id }) => id}
      columns={columnsFor(canEdit, onEdit, onDelete)}
    />
  );
}

const columnsFor = (
  canEdit: boolean,
  onEdit: (method: ShippingMethod) => void,
  onDelete: (deletion: Deletion) => void,
): Column<ShippingMethod>[] => [
  { heading: 'Method', cell: ({ name }) => name },
  { heading: 'Delivery time', cell: ({ deliveryTime }) => deliveryTime },
  { heading: 'Prices', cell: (method) => <Prices method={method} /> },
  {
    heading: 'Status',
    cell: ({ active }) => (active ? <Badge tone="good">offered</Badge> : <Badge>not offered</Badge>),
  },
  ...actionsColumn<ShippingMethod>(canEdit, {
    edit: onEdit,
    remove: ({ id, name }) =>
      onDelete({
        name,
        consequence: 'It is not offered any more. Orders that were placed with it keep its name and price.',
        run: () => deleteMethod(id),
      }),
  }),
];

function Prices({ method }: { method: ShippingMethod }) {
  const { tiers, currency, freeFrom } = method;
  return (
    <span className={styles.lines}>
      {tiers.map((tier) => (
        <span key={String(tier.upTo)} className={styles.whole}>
          {moneyText({ amount: tier.price, currency })} <span className={styles.soft}>{limitText(method, tier)}</span>
        </span>
      ))}
      {freeFrom !== undefined && (
        <span className={styles.soft}>free from {moneyText({ amount: freeFrom, currency })}</span>
      )}
    </span>
  );
}

function limitText({ basis, currency, tiers }: ShippingMethod, { upTo }: Tier): string {
  if (upTo === null) return tiers.length === 1 ? 'for any order' : 'above that';
  if (basis === 'value') return `up to ${moneyText({ amount: upTo, currency })}`;
  if (basis === 'quantity') return `up to ${pluralize(upTo, 'unit')}`;
  return upTo >= 1000 && upTo % 100 === 0 ? `up to ${upTo / 1000} kg` : `up to ${upTo} g`;
}
