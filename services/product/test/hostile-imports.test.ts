import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { upload } from './import-files.ts';
import { type Actor, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;
beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
});
afterAll(() => shop.service.stop());

const CSV = { 'content-type': 'text/csv' };
const load = (file: string | Uint8Array, headers: Record<string, string> = CSV) => upload(seller, file, headers);
const HEADER = 'sku,title,price,currency';

describe('any upload', () => {
  const kinds = [CSV, { 'content-type': 'application/x-ndjson' }, { 'content-type': 'text/csv; charset=shift_jis' }];

  it('is never an error of the server', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(`${HEADER},description\n${text}`)),
      fc
        .array(fc.constantFrom('"', ',', '\n', '\r', ';', 'sku', 'a', '\0', '\ufeff', '1', 'EUR'), { maxLength: 60 })
        .map((parts) => Buffer.from(`${HEADER}\n${parts.join('')}`)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(...kinds), async (file, headers) => {
        const { status, body } = await load(file, headers);
        expect(status === 200 || (status >= 400 && status < 500), JSON.stringify(body)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('counts every row once, and imports every good one', async () => {
    const bad = fc.constantFrom(
      'X,"Mug" big,1,EUR,',
      'X,"Mug,1,EUR,',
      'X,,1,EUR,',
      'X y,T,1,EUR,',
      'X,T,1.5,EUR,',
      'X,T,1,ZZZ,',
      'X,T,1,EUR,"a\0"',
      'X,a\u202eb,1,EUR,',
      'X,T,1,EUR,d,too many',
      'X,K\ufffdse,1,EUR,',
      `X,T,1,EUR,"${'x'.repeat(10_001)}"`,
    );
    const row = fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: bad });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 30 }), async (rows) => {
        const lines = rows.map((text) => text ?? `${newSku()},Good,100,EUR,"two ""quoted""\nlines"`);
        const { status, body } = await load([`${HEADER},description`, ...lines].join('\n'));
        const good = rows.filter((text) => text === undefined).length;
        expect([status, body.created, body.updated, body.unchanged, body.failed]).toEqual([
          200,
          good,
          0,
          0,
          rows.length - good,
        ]);
      }),
      { numRuns: 40 },
    );
  });

  it('keeps the good rows where the database refuses one', async () => {
    const [a, b] = [newSku(), newSku()];
    await shop.service.pool.query({ text: `alter table product add constraint no_odd_title check (title <> 'Odd')` });
    try {
      const { body } = await load(`${HEADER}\n${a},Good,1,EUR\nODD-1,Odd,1,EUR\n${b},Good,1,EUR\n`);
      expect(body).toMatchObject({
        created: 2,
        failed: 1,
        errors: [{ line: 3, message: 'was refused by the database' }],
      });
    } finally {
      await shop.service.pool.query({ text: 'alter table product drop constraint no_odd_title' });
    }
  });

  it('lets others be answered meanwhile', async () => {
    const file = `${HEADER}\n${',,,x\n'.repeat(20_000)}`;
    const loading = load(file);
    let isDone = false;
    loading.finally(() => {
      isDone = true;
    });
    let answered = 0;
    while (!isDone) {
      expect((await shop.nobody.call('GET', '/api/v1/categories')).status).toBe(200);
      answered++;
    }
    const { body } = await loading;
    expect(body).toMatchObject({ failed: 20_000 });
    expect(body.errors).toHaveLength(1_000);
    // Without pauses there are as many as the file has pieces at most.
    expect(answered).toBeGreaterThan(50);
  });
});
