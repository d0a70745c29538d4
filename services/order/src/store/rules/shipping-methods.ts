import type { ShippingMethod, ShippingTier } from '../../domain/pricing/rules.ts';
import { ruleTable } from './rule-table.ts';

/** A method as operators write it: the countries are those of its zone. */
export type ZoneMethod = Omit<ShippingMethod, 'countries'> & { zoneId: string; position: number; active: boolean };

type Row = {
  id: string;
  version: number;
  zone_id: string;
  name: string;
  delivery_time: string;
  position: number;
  currency: string;
  basis: ShippingMethod['basis'];
  tiers: ShippingTier[];
  free_from: number | null;
  active: boolean;
};

export const shippingMethods = ruleTable<ZoneMethod, Row>({
  table: 'shipping_method',
  columns: ['zone_id', 'name', 'delivery_time', 'position', 'currency', 'basis', 'tiers', 'free_from', 'active'],
  values: ({ zoneId, name, deliveryTime, position, currency, basis, tiers, freeFrom, active }) => ({
    ...{ zone_id: zoneId, name, delivery_time: deliveryTime, position, currency, basis },
    ...{ tiers: JSON.stringify(tiers), free_from: freeFrom, active },
  }),
  orderBy: 'zone_id, position, name, id',
  fromRow: ({ id, version, name, position, currency, basis, tiers, active, ...row }) => ({
    ...{ id, version, zoneId: row.zone_id, name, deliveryTime: row.delivery_time, position },
    ...{ currency, basis, tiers, freeFrom: row.free_from, active },
  }),
});
