import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

/** The code of the coupon. */
export const COUPON = 'BENCH';

/** An instance of `order` knows the rules for a second. */
const KNOWN_FOR_MS = 1_500;

const statements = (zone: string): string[] => [
  'delete from promotion; delete from shipping_method; delete from shipping_zone; delete from tax_rate',
  `insert into tax_rate (id, name, country, tax_class, rate_ppm) values ('${randomUUID()}', 'VAT 19 %', 'DE', 'standard', 190000)`,
  `insert into shipping_zone (id, name, countries) values ('${zone}', 'Germany', '{DE}')`,
  ...[490, 990].map(
    (
      price,
      position,
    ) => `insert into shipping_method (id, zone_id, name, delivery_time, position, currency, basis, tiers)
      values ('${randomUUID()}', '${zone}', 'Parcel', '2 days', ${position}, 'EUR', 'weight', '[{"upTo": null, "price": ${price}}]')`,
  ),
  ...[null, COUPON].map(
    (code) => `insert into promotion (id, name, code, benefit, created_at)
      values ('${randomUUID()}', 'Ten percent', ${code ? `'${code}'` : 'null'}, '{"type": "percent", "ratePpm": 100000}', now())`,
  ),
];

/** Gives the shop shipping, taxes, an automatic promotion and a coupon, or takes them away; waits until every instance knows. */
export async function switchRules(query: (text: string) => Promise<unknown>, on: boolean): Promise<void> {
  const [clear = '', ...fill] = statements(randomUUID());
  for (const text of on ? [clear, ...fill] : [clear]) await query(text);
  await sleep(KNOWN_FOR_MS);
}
