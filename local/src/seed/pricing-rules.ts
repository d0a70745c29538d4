import { countryCodes } from '@tradepost/contracts/countries';
import { createPool } from '@tradepost/postgres/pool';
import { createLogger } from '@tradepost/runtime/log';
import type { LogFile } from '../log-file.ts';

// Ids are fixed, so that a start that was cut off can be begun again without anything being there twice.
const id = (group: number, index: number) => `01900000-0000-7000-8${group}00-${String(index).padStart(12, '0')}`;

const GERMANY = ['DE'];
const REST_OF_EU = 'AT BE BG CY CZ DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK'.split(' ');
const ELSEWHERE = countryCodes.filter((code) => ![...GERMANY, ...REST_OF_EU].includes(code));

/** Cents. */
const FREE_FROM = 5000;

const zones = [
  {
    name: 'Germany',
    countries: GERMANY,
    standard: 490,
    express: 990,
    times: ['2 to 3 working days', 'Next working day'],
  },
  {
    ...{ name: 'European Union', countries: REST_OF_EU, standard: 990, express: 1990 },
    times: ['4 to 7 working days', '2 working days'],
  },
  {
    ...{ name: 'Rest of the world', countries: ELSEWHERE, standard: 1990, express: 3990 },
    times: ['2 to 4 weeks', '3 to 5 working days'],
  },
] as const;

/** Percent: standard and reduced, of some countries that the demo shop sends to. */
const vat: [country: string, standard: number, reduced: number][] = [
  ['DE', 19, 7],
  ['AT', 20, 10],
  ['BE', 21, 6],
  ['ES', 21, 10],
  ['FR', 20, 5.5],
  ['IT', 22, 10],
  ['NL', 21, 9],
  ['PL', 23, 8],
];

const promotions = [
  {
    ...{ name: 'Welcome: 10 % off', code: 'WELCOME10', benefit: { type: 'percent', ratePpm: 100_000 } },
    ...{ categories: [], firstOrder: true, limitPerCustomer: 1 },
  },
  {
    ...{ name: 'Stationery: buy 3, get 1 free', code: null },
    benefit: { type: 'buy_x_get_y', buy: 3, get: 1, ratePpm: 1_000_000 },
    ...{ categories: ['stationery'], firstOrder: false, limitPerCustomer: null },
  },
];

type Sql = { text: string; values: unknown[] };

/** With it the shop issues invoices. */
const legalName: Sql = {
  text: `update shop_settings set legal_name = $1, address_lines = $2, invoice_note = $3 where legal_name is null`,
  values: ['Tradepost Demo', ['Speicherstadt 1', '20457 Hamburg', 'Germany'], 'A demonstration: nothing is charged.'],
};

/**
 * Gives the demo shop shipping methods, VAT that its prices include, a welcome code, a promotion and invoices. Written to the tables of
 * `order`: these rules are no one's data but the shop's own, and there are none before.
 */
export async function seedPricingRules(o: { databaseUrl: string; logFile: LogFile }): Promise<void> {
  const log = createLogger({ name: 'seed', destination: o.logFile });
  const pool = createPool({ url: o.databaseUrl, name: 'seed', max: 1, log });
  try {
    for (const sql of [
      ...zones.flatMap(zoneRows),
      ...vat.flatMap(taxRows),
      ...promotions.map(promotionRow),
      legalName,
    ]) {
      await pool.query(sql);
    }
  } finally {
    await pool.end();
  }
}

function zoneRows({ name, countries, standard, express, times }: (typeof zones)[number], index: number): Sql[] {
  const zone = id(1, index);
  const method = (position: number, title: string, price: number, freeFrom: number | null): Sql => ({
    text: `insert into shipping_method (id, zone_id, name, delivery_time, position, currency, basis, tiers, free_from)
      values ($1, $2, $3, $4, $5, 'EUR', 'value', $6, $7) on conflict do nothing`,
    values: [id(2, index * 2 + position), zone, title, times[position], position, tiersOf(price), freeFrom],
  });
  return [
    {
      text: 'insert into shipping_zone (id, name, countries) values ($1, $2, $3) on conflict do nothing',
      values: [zone, name, countries],
    },
    method(0, 'Standard', standard, FREE_FROM),
    method(1, 'Express', express, null),
  ];
}

const tiersOf = (price: number): string => JSON.stringify([{ upTo: null, price }]);

const PPM_PER_PERCENT = 10_000;

const taxRows = ([country, standard, reduced]: (typeof vat)[number], index: number): Sql[] =>
  [standard, reduced].map((percent, which) => ({
    text: `insert into tax_rate (id, name, country, tax_class, rate_ppm) values ($1, $2, $3, $4, $5)
      on conflict do nothing`,
    values: [
      id(3, index * 2 + which),
      `VAT ${percent} %`,
      country,
      which === 0 ? 'standard' : 'reduced',
      percent * PPM_PER_PERCENT,
    ],
  }));

const promotionRow = (promotion: (typeof promotions)[number], index: number): Sql => ({
  text: `insert into promotion (id, name, code, benefit, categories, first_order, limit_per_customer, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, now()) on conflict do nothing`,
  values: [
    ...[id(4, index), promotion.name, promotion.code, JSON.stringify(promotion.benefit), promotion.categories],
    ...[promotion.firstOrder, promotion.limitPerCustomer],
  ],
});
