import type { TaxRate } from '../../domain/pricing/rules.ts';
import { ruleTable } from './rule-table.ts';

type Row = {
  id: string;
  version: number;
  name: string;
  country: string;
  region: string | null;
  tax_class: string;
  rate_ppm: number;
  valid_from: Date | null;
  valid_until: Date | null;
};

export const taxRates = ruleTable<TaxRate, Row>({
  table: 'tax_rate',
  columns: ['name', 'country', 'region', 'tax_class', 'rate_ppm', 'valid_from', 'valid_until'],
  values: ({ name, country, region, taxClass, ratePpm, validFrom, validUntil }) => ({
    ...{ name, country, region },
    ...{ tax_class: taxClass, rate_ppm: ratePpm, valid_from: validFrom, valid_until: validUntil },
  }),
  orderBy: 'country, region nulls first, tax_class, name, id',
  fromRow: ({ id, version, name, country, region, ...row }) => ({
    ...{ id, version, name, country, region },
    taxClass: row.tax_class,
    ratePpm: row.rate_ppm,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
  }),
});
