import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
let seller: Actor;
beforeAll(async () => {
  shop = await openShop();
  seller = shop.as('seller');
});
afterAll(() => shop.service.stop());

const CSV = { 'content-type': 'text/csv' };
const load = (file: string | Uint8Array, headers: Record<string, string> = CSV, actor = seller) =>
  actor.call('POST', '/api/v1/products/imports', file, headers);
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const HEADER = 'sku,title,price,currency';

async function productOf(sku: string) {
  const { body } = await shop.nobody.call('GET', `/api/v1/products?q=${sku}`);
  const { body: product } = await shop.nobody.call('GET', `/api/v1/products/${body.items[0].id}`);
  return product;
}

describe('columns that are not in the file', () => {
  it('leave what is there', async () => {
    const sku = newSku();
    await seller.call('POST', '/api/v1/products', {
      ...mug(sku, { description: 'written by hand', categories: ['kitchen'] }),
      variants: [{ sku, price: { amount: 5, currency: 'EUR' }, attributes: { size: 'M', colour: 'blue' } }],
    });
    expect((await load(`${HEADER}\n${sku},New title,1200,EUR\n`)).body).toMatchObject({ updated: 1, failed: 0 });
    expect((await load(`sku,attribute:size\n${sku},L\n`)).body).toMatchObject({ updated: 1, failed: 0 });
    expect(await productOf(sku)).toMatchObject({
      title: 'New title',
      description: 'written by hand',
      categories: ['kitchen'],
      variants: [{ price: { amount: 1200 }, attributes: { size: 'L', colour: 'blue' } }],
    });
    expect((await load(`sku,description\n${sku},\n`)).body).toMatchObject({ updated: 1 });
    expect((await productOf(sku)).description).toBe('');
  });

  it('are asked for where a product is new', async () => {
    const { body } = await load(`sku,stock\n${newSku()},5\n`);
    expect(body).toMatchObject({ failed: 1, errors: [{ line: 2 }, { line: 2 }] });
  });
});

describe('a file in another charset', () => {
  it.each([
    ['declared', 'text/csv; charset=windows-1252', latin1],
    ['with a byte order mark', 'text/csv', utf16],
    ['with a byte order mark that says otherwise', 'text/csv; charset=windows-1252', utf16],
    ['in UTF-16 without a mark', 'text/csv', (text: string) => Buffer.from(text, 'utf16le')],
  ])('is read, %s', async (_what, type, encode) => {
    const sku = newSku();
    const done = await load(encode(`${HEADER}\n${sku},Käse,100,EUR\n`), { 'content-type': type });
    expect(done.body).toMatchObject({ created: 1, failed: 0 });
    expect((await productOf(sku)).title).toBe('Käse');
  });

  it('is refused row by row where it is not declared', async () => {
    const [bad, good] = [newSku(), newSku()];
    const { body } = await load(latin1(`${HEADER}\n${bad},Käse,100,EUR\n${good},Brot,100,EUR\n`));
    expect(body).toMatchObject({ created: 1, failed: 1, errors: [{ line: 2, message: /charset/ }] });
    expect((await load('x', { 'content-type': 'text/csv; charset=klingon' })).status).toBe(415);
  });
});

describe('a row that cannot be read', () => {
  it('with U+0000 is reported, and the others of its batch are imported', async () => {
    const [a, b, c] = [newSku(), newSku(), newSku()];
    const file = `${HEADER},description\n${a},Good,100,EUR,fine\n${b},Nul,100,EUR,"a\0b"\n${c},Good,100,EUR,\n`;
    const { status, body } = await load(file);
    expect([status, body.created, body.failed]).toEqual([200, 2, 1]);
    expect(body.errors).toMatchObject([{ line: 3, field: 'description' }]);
  });

  it.each(['"Mug" big', '"Mug'])('with a wrong quote (%j) costs itself only', async (title) => {
    const skus = Array.from({ length: 300 }, newSku);
    const rows = skus.map((sku, n) => `${sku},Good ${n},100,EUR`);
    const { body } = await load([HEADER, `Q0,${title},100,EUR`, ...rows].join('\n'));
    expect(body).toMatchObject({ created: 300 });
    expect(body).toMatchObject({ failed: 1, errors: [{ line: 2 }] });
  });

  it('of a product with several records leaves the others', async () => {
    const [a, b, c] = [newSku(), newSku(), newSku()];
    const rows = [`shirt,${a},Shirt,100,EUR`, `shirt,${b},,9.99,EUR`, `shirt,${c},,300,EUR`];
    const { body } = await load([`product,${HEADER}`, ...rows].join('\n'));
    expect(body).toMatchObject({ created: 1, failed: 1, errors: [{ line: 3, field: 'price' }] });
    const { variants } = await productOf(a);
    expect(variants.map(({ sku }: { sku: string }) => sku)).toEqual([a, c]);
  });

  it('of too many records of one product is one failure', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => `one,V-${n},T,1,EUR`);
    const { body } = await load([`product,${HEADER}`, ...rows, `two,${newSku()},T,1,EUR`].join('\n'));
    expect(body).toMatchObject({ created: 1, failed: 1, errors: [{ line: 2, field: 'product' }] });
  });
});

describe('the form of a file', () => {
  it.each([';', '\t'])('may separate by %j', async (separator) => {
    const sku = newSku();
    const line = (...cells: string[]) => cells.join(separator);
    const file = `sep=${separator}\r\n${line('sku', 'title', 'price', 'currency')}\r${line(sku, '"A, b"', '100', 'EUR')}`;
    expect((await load(file)).body).toMatchObject({ created: 1, failed: 0 });
    expect((await productOf(sku)).title).toBe('A, b');
  });

  it('may be compressed, declared or not', async () => {
    for (const headers of [{ ...CSV, 'content-encoding': 'gzip' }, CSV]) {
      const file = gzipSync(`${HEADER}\n${newSku()},T,100,EUR\n`);
      expect((await load(file, headers)).body).toMatchObject({ created: 1, failed: 0 });
    }
    const cut = gzipSync(`${HEADER}\n${newSku()},T,100,EUR\n`).subarray(0, -10);
    expect(await load(cut)).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    const bomb = gzipSync(`${HEADER}\n${'x'.repeat(40 * 1024 * 1024)}`);
    expect(await load(bomb)).toMatchObject({ status: 413, body: { code: 'too_large' } });
  });

  it.each([
    ['an Excel workbook', Buffer.from('504b030414000600', 'hex'), 415, /Excel/],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 415, /Excel/],
    ['no header line', 'Z-1,T,100,EUR\n', 400, /first line must name the columns/],
    ['nothing', '', 400, /empty/],
    ['empty lines', '\n\n  \n', 400, /empty/],
    ['a column twice', 'sku,title,sku\nA,B,C\n', 400, /column sku twice/],
    ['a column without a name', 'sku,title,,price\nA,B,C,1\n', 400, /without a name/],
    ['JSON', '[{"sku":"A"}]', 400, /first line must name the columns/],
  ])('%s is told in one message', async (_what, file, status, message) => {
    const answer = await load(file);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toMatch(message);
  });

  it('may end with empty rows, as spreadsheets write them', async () => {
    const { body } = await load(`${HEADER}\n${newSku()},T,100,EUR\n,,,\n,,,\n\n`);
    expect(body).toMatchObject({ created: 1, failed: 0, errors: [] });
  });
});

describe('whatever is uploaded', () => {
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
