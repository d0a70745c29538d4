import { ruleTable, type Versioned } from './rule-table.ts';

/** Countries to which the same methods send. */
export type ShippingZone = { id: string; name: string; countries: readonly string[] };

export const shippingZones = ruleTable<ShippingZone, Versioned<ShippingZone>>({
  table: 'shipping_zone',
  columns: ['name', 'countries'],
  values: ({ name, countries }) => ({ name, countries }),
  orderBy: 'name, id',
  fromRow: (row) => row,
});
