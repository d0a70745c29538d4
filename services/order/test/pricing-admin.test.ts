import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deleteRule, putRule } from '../src/actions/change-rules.ts';
import { taxRateKind } from '../src/actions/rule-kinds.ts';
import type { TaxRate } from '../src/domain/pricing/rules.ts';
import { at, fieldOf, openRulesApi, problem, type RulesApi } from './rules-api.ts';
import { openShop, type Shop } from './shop.ts';

let shop: Shop;
let rules: RulesApi;
beforeAll(async () => {
  shop = await openShop();
  rules = await openRulesApi(shop);
});
afterAll(() => shop.stop());
beforeEach(() => rules.empty());

const get = (path: string) => rules.get(path);
const put = (path: string, body: unknown, etag?: string) => rules.put(path, body, etag);
const remove = (path: string) => rules.remove(path);

const rate = { name: 'VAT 19 %', country: 'DE', taxClass: 'standard', ratePercent: 19 };
const zone = { name: 'Near', countries: ['DE', 'AT'] };
const method = (zoneId: string, over: { freeFrom?: number } = {}) => ({
  ...{ zoneId, name: 'Post', deliveryTime: '2 to 4 working days', position: 1, currency: 'EUR', basis: 'weight' },
  ...{
    tiers: [
      { upTo: 1000, price: 490 },
      { upTo: null, price: 990 },
    ],
    active: true,
    ...over,
  },
});
const promotion = { name: 'Spring', benefit: { type: 'percent', percent: 10 } };

describe('settings', () => {
  it('are replaced at the version that was read', async () => {
    const before = await get('pricing-settings');
    expect(before.body).toEqual({ version: 1, taxIncluded: true, taxRounding: 'line', shippingTaxClass: 'standard' });
    const wanted = { taxIncluded: false, taxRounding: 'total', shippingTaxClass: 'reduced' };
    expect(problem(await put('pricing-settings', wanted))).toEqual([428, 'precondition_required', 'If-Match']);
    expect(problem(await put('pricing-settings', wanted, '"7"'))).toEqual([412, 'version_conflict']);
    const after = await put('pricing-settings', wanted, before.headers.get('etag') ?? '');
    expect([after.status, after.headers.get('etag'), after.body]).toEqual([200, '"2"', { version: 2, ...wanted }]);
    // The same again, whose answer was lost.
    expect((await put('pricing-settings', wanted, '"1"')).body).toEqual({ version: 2, ...wanted });
    expect((await get('pricing-settings')).body).toEqual({ version: 2, ...wanted });
  });

  it('name the field that is wrong', async () => {
    const answer = await put(
      'pricing-settings',
      { taxIncluded: 'yes', taxRounding: 'up', shippingTaxClass: 'A b' },
      '*',
    );
    expect(problem(answer)).toEqual([400, 'validation_failed', '/taxIncluded', '/taxRounding', '/shippingTaxClass']);
  });
});

describe('tax rates', () => {
  it('are created once under an id of the client’s, changed at a version, and deleted', async () => {
    const id = uuidv7();
    const made = await put(`tax-rates/${id}`, rate);
    expect([made.status, made.headers.get('etag'), made.body]).toEqual([201, '"1"', { id, version: 1, ...rate }]);
    expect((await put(`tax-rates/${id.toUpperCase()}`, rate)).status).toBe(200);
    const change = { ...rate, region: 'Bavaria', ratePercent: 8.875, validFrom: '2027-01-01T00:00:00.000Z' };
    expect(problem(await put(`tax-rates/${id}`, change))).toEqual([428, 'precondition_required', 'If-Match']);
    expect(problem(await put(`tax-rates/${id}`, change, '"2"'))).toEqual([412, 'version_conflict']);
    expect((await put(`tax-rates/${id}`, change, '"1"')).body).toEqual({ id, version: 2, ...change });
    expect((await get('tax-rates')).body.items).toEqual([{ id, version: 2, ...change }]);
    const { rows } = await shop.pool.query({ text: 'select rate_ppm, valid_from from tax_rate' });
    expect(rows).toEqual([{ rate_ppm: 88_750, valid_from: new Date(change.validFrom) }]);
    expect([(await remove(`tax-rates/${id}`)).status, (await remove(`tax-rates/${id}`)).status]).toEqual([204, 204]);
    expect(problem(await put(`tax-rates/${id}`, rate, '"2"'))).toEqual([412, 'version_conflict']);
    expect((await get('tax-rates')).body.items).toEqual([]);
  });

  it.each([
    [{ ratePercent: 8.87501 }, 400, '/ratePercent'],
    [{ ratePercent: 100.1 }, 400, '/ratePercent'],
    [{ country: 'UK' }, 400, '/country'],
    [{ name: ' ' }, 400, '/name'],
    [{ taxClass: 'Books!' }, 400, '/taxClass'],
    [{ validFrom: '2027-12-31T23:59:60Z' }, 400, '/validFrom'],
    [{ validUntil: '0000-01-01T00:00:00Z' }, 400, '/validUntil'],
    [{ validFrom: '2027-01-02T00:00:00Z', validUntil: '2027-01-02T00:00:00Z' }, 422, '/validUntil'],
  ])('%j is refused and the field named', async (over, status, field) => {
    const answer = await put(`tax-rates/${uuidv7()}`, { ...rate, ...over });
    expect(problem(answer)).toEqual([status, status === 400 ? 'validation_failed' : 'unprocessable', field]);
  });

  it('are changed by one of two operators who have read the same version', async () => {
    const id = uuidv7();
    await put(`tax-rates/${id}`, rate);
    const answers = await Promise.all(
      [1, 2, 3, 4].map((ratePercent) => put(`tax-rates/${id}`, { ...rate, ratePercent }, '"1"')),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412, 412]);
  });

  it('are 500 at the most, with any number of requests at once', async () => {
    await shop.pool.query({
      text: `insert into tax_rate (id, name, country, tax_class, rate_ppm)
        select gen_random_uuid(), 'VAT', 'DE', 'standard', 1 from generate_series(1, 497)`,
    });
    const answers = await Promise.all(Array.from({ length: 8 }, () => put(`tax-rates/${uuidv7()}`, rate)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(answers.find(({ status }) => status === 422)?.body).toMatchObject({
      code: 'unprocessable',
      detail: 'A shop has at most 500 tax rates: delete one that is not needed',
    });
  });
});

describe('shipping', () => {
  it('has zones with methods, and a zone is deleted after its methods', async () => {
    const [zoneId, id] = [uuidv7(), uuidv7()];
    const made = await put(`shipping-zones/${zoneId}`, zone);
    expect([made.status, made.body]).toEqual([201, { id: zoneId, version: 1, name: 'Near', countries: ['AT', 'DE'] }]);
    expect((await put(`shipping-zones/${zoneId}`, { ...zone, countries: ['AT', 'DE'] })).status).toBe(200);
    const post = method(zoneId, { freeFrom: 5000 });
    const posted = await put(`shipping-methods/${id}`, { ...post, zoneId: zoneId.toUpperCase() });
    expect([posted.status, posted.body]).toEqual([201, { id, version: 1, ...post }]);
    const { freeFrom: _, ...without } = post;
    expect((await put(`shipping-methods/${id}`, without, '"1"')).body).toEqual({ id, version: 2, ...without });
    expect((await get('shipping-methods')).body.items).toEqual([{ id, version: 2, ...without }]);
    const refused = await remove(`shipping-zones/${zoneId}`);
    expect([...problem(refused), refused.body.detail]).toEqual([409, 'conflict', expect.stringContaining('Post')]);
    expect((await remove(`shipping-methods/${id}`)).status).toBe(204);
    expect((await remove(`shipping-zones/${zoneId}`)).status).toBe(204);
    expect((await get('shipping-zones')).body.items).toEqual([]);
  });

  it.each([
    [
      {
        tiers: [
          { upTo: 5, price: 1 },
          { upTo: 5, price: 2 },
        ],
      },
      422,
      '/tiers/1/upTo',
    ],
    [
      {
        tiers: [
          { upTo: null, price: 1 },
          { upTo: 5, price: 2 },
        ],
      },
      422,
      '/tiers/0/upTo',
    ],
    [
      {
        tiers: [
          { upTo: null, price: 1 },
          { upTo: null, price: 2 },
        ],
      },
      422,
      '/tiers/0/upTo',
    ],
    [{ tiers: [] }, 400, '/tiers'],
    [{ tiers: [{ upTo: 1.5, price: 1 }] }, 400, '/tiers/0/upTo'],
    [{ tiers: [{ upTo: 1, price: -1 }] }, 400, '/tiers/0/price'],
    [{ zoneId: uuidv7() }, 422, '/zoneId'],
    [{ currency: 'XXZ' }, 400, '/currency'],
    [{ basis: 'length' }, 400, '/basis'],
  ])('a method with %j is refused and the field named', async (over, status, field) => {
    const zoneId = uuidv7();
    await put(`shipping-zones/${zoneId}`, zone);
    const answer = await put(`shipping-methods/${uuidv7()}`, method(zoneId, over as object));
    expect([answer.status, ...answer.body.errors.map(fieldOf)]).toEqual([status, field]);
  });

  it('has zones of known countries, each once', async () => {
    expect(problem(await put(`shipping-zones/${uuidv7()}`, { ...zone, countries: ['DE', 'UK'] }))).toContain(
      '/countries/1',
    );
    expect(problem(await put(`shipping-zones/${uuidv7()}`, { ...zone, countries: ['DE', 'DE'] }))).toContain(
      '/countries',
    );
    expect(problem(await put(`shipping-zones/${uuidv7()}`, { ...zone, countries: [] }))).toContain('/countries');
  });
});

it('operators only', async () => {
  const bodies: Record<string, unknown> = { 'tax-rates': rate, 'shipping-zones': zone, promotions: promotion };
  for (const role of ['customer', 'seller'] as const) {
    const someone = await shop.someone(role);
    expect((await someone.call('GET', at('pricing-settings'))).status).toBe(403);
    for (const [path, body] of Object.entries(bodies)) {
      expect((await someone.call('GET', at(path))).status).toBe(403);
      expect((await someone.call('PUT', at(`${path}/${uuidv7()}`), body)).status).toBe(403);
      expect((await someone.call('DELETE', at(`${path}/${uuidv7()}`))).status).toBe(403);
    }
  }
});

it('every copy of the rules gets each committed change, and no other', async () => {
  let told = 0;
  const ctx = {
    ...{ pool: shop.pool, now: () => new Date() },
    rulesChanged: () => {
      told++;
    },
  };
  const ppm: TaxRate = {
    ...{ id: uuidv7(), name: 'VAT', country: 'DE', region: null, taxClass: 'standard' },
    ...{ ratePpm: 190_000, validFrom: null, validUntil: null },
  };
  await putRule(ctx, taxRateKind, ppm, undefined);
  expect(told).toBe(1);
  await putRule(ctx, taxRateKind, ppm, undefined);
  await expect(putRule(ctx, taxRateKind, { ...ppm, ratePpm: 1 }, undefined)).rejects.toThrow('If-Match');
  expect(told).toBe(1);
  await putRule(ctx, taxRateKind, { ...ppm, ratePpm: 1 }, { anyVersion: true });
  await deleteRule(ctx, taxRateKind, ppm.id);
  expect(told).toBe(3);
});
