import { uuidv7 } from '@tradepost/postgres/uuid';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { fieldOf, openRulesApi, problem, type RulesApi } from './rules-api.ts';
import { type Answer, openShop, type Shop } from './shop.ts';

let shop: Shop;
let rules: RulesApi;
beforeAll(async () => {
  shop = await openShop();
  rules = await openRulesApi(shop);
});
afterAll(() => shop.stop());
beforeEach(() => rules.empty());

const promotion = (over: object = {}) => ({ name: 'Spring', benefit: { type: 'percent', percent: 10 }, ...over });

it.each([
  { type: 'percent', percent: 12.5 },
  { type: 'amount', amount: { amount: 500, currency: 'EUR' } },
  { type: 'buy_x_get_y', buy: 2, get: 1, percent: 100 },
  { type: 'free_shipping' },
])('take off %j', async (benefit) => {
  const id = uuidv7();
  const whole = {
    ...{ name: 'Spring', code: 'SPRING-É', benefit, minimum: { amount: 2000, currency: 'EUR' } },
    ...{ productIds: [uuidv7()], categories: ['cups', 'kitchen'], firstOrder: true },
    ...{ startsAt: '2027-03-01T00:00:00.000Z', endsAt: '2027-04-01T00:00:00.000Z', combinable: false },
    ...{ limitTotal: 100, limitPerCustomer: 1, active: false },
  };
  const made = await rules.put(`promotions/${id}`, { ...whole, code: ' spring-é ' });
  const stored = { id, version: 1, ...whole, used: 0, createdAt: expect.any(String) };
  expect([made.status, made.body]).toEqual([201, stored]);
  const read = await rules.get(`promotions/${id}`);
  expect([read.status, read.headers.get('etag'), read.body]).toEqual([200, '"1"', stored]);
  expect((await rules.put(`promotions/${id}`, { name: 'Spring', benefit }, '"1"')).body).toEqual({
    ...{ id, version: 2, name: 'Spring', benefit, productIds: [], categories: [], firstOrder: false },
    ...{ combinable: true, active: true, used: 0, createdAt: made.body.createdAt },
  });
});

it('have a code that no other has, with any number of requests at once', async () => {
  const answers = await Promise.all(
    ['spring', 'SPRING', ' Spring'].map((code) => rules.put(`promotions/${uuidv7()}`, promotion({ code }))),
  );
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  for (const answer of answers.filter(({ status }) => status !== 201)) {
    expect(problem(answer)).toEqual([409, 'promotion_code_taken', '/code']);
  }
});

it.each([
  [{ benefit: { type: 'percent', percent: 0 } }, 400, '/benefit'],
  [{ benefit: { type: 'percent', percent: 0.00001 } }, 400, '/benefit/percent'],
  [{ benefit: { type: 'half' } }, 400, '/benefit'],
  [{ minimum: { amount: 0, currency: 'EUR' } }, 400, '/minimum/amount'],
  [{ limitTotal: 0 }, 400, '/limitTotal'],
  [{ code: ' ' }, 400, '/code'],
  [{ startsAt: '2027-03-01T00:00:00Z', endsAt: '2027-02-01T00:00:00Z' }, 422, '/endsAt'],
])('%j is refused and the field named', async (over, status, field) => {
  const answer = await rules.put(`promotions/${uuidv7()}`, promotion(over));
  expect(answer.status).toBe(status);
  expect(answer.body.errors.map(fieldOf)).toContain(field);
});

it('that orders have used are not deleted, and may get a limit below their uses', async () => {
  const [id, other] = [uuidv7(), uuidv7()];
  await rules.put(`promotions/${id}`, promotion({ limitTotal: 10 }));
  await rules.put(`promotions/${other}`, promotion());
  await shop.pool.query({ text: 'update promotion set used = 5 where id = $1', values: [id] });
  expect(problem(await rules.remove(`promotions/${id}`))).toEqual([409, 'conflict']);
  const lowered = await rules.put(`promotions/${id}`, promotion({ limitTotal: 3, active: false }), '"1"');
  expect([lowered.status, lowered.body]).toMatchObject([200, { limitTotal: 3, used: 5, active: false }]);
  expect((await rules.remove(`promotions/${other}`)).status).toBe(204);
  expect((await rules.get(`promotions/${other}`)).status).toBe(404);
  expect((await rules.get('promotions')).body.items).toHaveLength(1);
});

it('are listed in pages, newest first, by state and by part of code or name', async () => {
  const past = '2020-01-01T00:00:00.000Z';
  const [soon, off, ended, coded] = [
    ...[promotion({ name: 'Soon', startsAt: '2099-01-01T00:00:00Z' }), promotion({ name: 'Off', active: false })],
    ...[promotion({ name: 'Ended', endsAt: past }), promotion({ name: 'Welcome', code: 'hello_50%' })],
  ];
  for (const one of [soon, off, ended, coded]) await rules.put(`promotions/${uuidv7()}`, one);
  const names = async (query: string) =>
    (await rules.get(`promotions?${query}`)).body.items.map(({ name }: { name: string }) => name);
  expect(await names('')).toEqual(['Welcome', 'Ended', 'Off', 'Soon']);
  expect(await names('state=active')).toEqual(['Welcome', 'Soon']);
  expect(await names('state=ended')).toEqual(['Ended', 'Off']);
  expect(await names('q=o_5')).toEqual(['Welcome']);
  expect(await names('q=OFF')).toEqual(['Off']);
  expect(await names('q=%25')).toEqual(['Welcome']);
  const pages: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Answer = await rules.get(`promotions?limit=1${cursor && `&cursor=${cursor}`}`);
    pages.push(...page.body.items.map(({ name }: { name: string }) => name));
    cursor = page.body.nextCursor;
  }
  expect(pages).toEqual(['Welcome', 'Ended', 'Off', 'Soon']);
  expect(problem(await rules.get('promotions?cursor=e30'))).toEqual([400, 'invalid_cursor', '?cursor']);
});

it('without a code are 200 at the most that are switched on', async () => {
  await shop.pool.query({
    text: `insert into promotion (id, name, benefit, created_at)
      select gen_random_uuid(), 'Sale', '{"type": "free_shipping"}', now() from generate_series(1, 200)`,
  });
  expect(problem(await rules.put(`promotions/${uuidv7()}`, promotion()))).toEqual([422, 'unprocessable', '/active']);
  const id = uuidv7();
  expect((await rules.put(`promotions/${id}`, promotion({ active: false }))).status).toBe(201);
  expect(problem(await rules.put(`promotions/${id}`, promotion(), '*'))).toEqual([422, 'unprocessable', '/active']);
  expect((await rules.put(`promotions/${id}`, promotion({ code: 'X' }), '*')).status).toBe(200);
});
