import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NDJSON, ndjsonRow, productOf, upload } from './import-files.ts';
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
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const HEADER = 'sku,title,price,currency';

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
    expect((await productOf(shop, sku)).title).toBe('Käse');
  });

  it('is refused row by row where it is not declared', async () => {
    const [bad, good] = [newSku(), newSku()];
    const { body } = await load(latin1(`${HEADER}\n${bad},Käse,100,EUR\n${good},Brot,100,EUR\n`));
    expect(body).toMatchObject({ created: 1, failed: 1, errors: [{ line: 2, message: /charset/ }] });
    const unknown = await load('x', { 'content-type': 'text/csv; charset=klingon' });
    expect(unknown).toMatchObject({ status: 415, body: { detail: expect.stringContaining('klingon') } });
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

  it('of a product with several records leaves the others, were it the first', async () => {
    const [a, b, c] = [newSku(), newSku(), newSku()];
    const [d, e] = [newSku(), newSku()];
    const headless = [`mug,X-1,Mug,9.99,EUR`, `mug,${d},,200,EUR`, `mug,X-2,,-1,EUR`, `mug,${e},,300,EUR`];
    const done = await load([`product,${HEADER}`, ...headless].join('\n'));
    expect(done.body).toMatchObject({
      created: 1,
      failed: 2,
      errors: [
        { line: 2, field: 'price' },
        { line: 4, field: 'price' },
      ],
    });
    expect((await productOf(shop, d)).title).toBe('Mug');
    const rows = [`shirt,${a},Shirt,100,EUR`, `shirt,${b},,9.99,EUR`, `shirt,${c},,300,EUR`];
    const { body } = await load([`product,${HEADER}`, ...rows].join('\n'));
    expect(body).toMatchObject({ created: 1, failed: 1, errors: [{ line: 3, field: 'price' }] });
    const { variants } = await productOf(shop, a);
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
    expect((await productOf(shop, sku)).title).toBe('A, b');
  });

  it('may be compressed, declared or not', async () => {
    for (const headers of [{ ...CSV, 'content-encoding': 'gzip' }, CSV]) {
      const file = gzipSync(`${HEADER}\n${newSku()},T,100,EUR\n`);
      expect((await load(file, headers)).body).toMatchObject({ created: 1, failed: 0 });
    }
    const cut = gzipSync(`${HEADER}\n${newSku()},T,100,EUR\n`).subarray(0, -10);
    expect(await load(cut)).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
    const alias = gzipSync(`${HEADER}\n${newSku()},T,100,EUR\n`);
    expect((await load(alias, { ...CSV, 'content-encoding': 'x-gzip' })).body).toMatchObject({ created: 1 });
    const bomb = gzipSync(`${HEADER}\n${'x'.repeat(40 * 1024 * 1024)}`);
    expect(await load(bomb)).toMatchObject({ status: 413, body: { code: 'too_large' } });
  });

  it('that cannot be read to its end gives what was read before, and says so', async () => {
    const rows = Array.from({ length: 130 }, () => `${newSku()},T,100,EUR`);
    const whole = gzipSync(`${HEADER}\n${rows.join('\n')}\nX y,T,100,EUR\n${'Y,T,100,EUR\n'.repeat(3)}`);
    const { status, body } = await load(whole.subarray(0, -8));
    expect([status, body.code]).toEqual([400, 'malformed_request']);
    // The group of the last record is not finished.
    expect(body.imported).toMatchObject({ created: 131, failed: 1, errors: [{ line: 132, field: 'sku' }] });
  });

  it('may have blanks around quotes, and a byte order mark in the middle, where files were joined', async () => {
    const [a, b, c] = [newSku(), newSku(), newSku()];
    const file = `sku, title, price, currency\n${a}, "Mug, big" , 100, EUR\n\ufeff"${b}", "Mug" ,100,"EUR" \n${c}, "Mug" big,1,EUR\n`;
    expect((await load(file)).body).toMatchObject({ created: 2, failed: 1, errors: [{ line: 4 }] });
    expect((await productOf(shop, a)).title).toBe('Mug, big');
    expect((await productOf(shop, b)).title).toBe('Mug');
    const lines = [newSku(), newSku()].map((sku) => ndjsonRow(sku)).join('\n\ufeff');
    expect((await load(lines, NDJSON)).body).toMatchObject({ created: 2, failed: 0 });
    const list = await load(`[${ndjsonRow(newSku())},\n${ndjsonRow(newSku())}]`, NDJSON);
    expect(list).toMatchObject({ status: 400, body: { detail: expect.stringContaining('one object a line') } });
  });

  it.each([
    ['compressed by Zstandard', Buffer.from('28b52ffd04000000', 'hex'), 415, /Zstandard.*gzip/],
    ['compressed twice', gzipSync(gzipSync(HEADER)), 415, /twice/],
    ['a PDF document', '%PDF-1.7 text', 415, /PDF/],
    ['an Excel workbook', Buffer.from('504b030414000600', 'hex'), 415, /Excel/],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 415, /Excel/],
    ['no header line', 'Z-1,T,100,EUR\n', 400, /first line must name the columns/],
    ['nothing', '', 400, /empty/],
    ['empty lines', '\n\n  \n', 400, /empty/],
    ['a header on two lines', 'sku,"variant\ntitle"\nA,B\n', 400, /quote that is not closed/],
    ['a column twice', 'sku,title,sku\nA,B,C\n', 400, /column sku twice/],
    ['a column without a name', 'sku,title,,price\nA,B,C,1\n', 400, /without a name/],
    [
      'columns that are not known',
      'sku,colour,size\nA,red,L\n',
      400,
      /not known: colour, size\. .* are product, title/,
    ],
    ['JSON', '[{"sku":"A"}]', 400, /first line must name the columns/],
  ])('%s is told in one message', async (_what, file, status, message) => {
    const answer = await load(file);
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toMatch(message);
  });

  it('may end with empty rows and empty columns, as spreadsheets write them', async () => {
    const { body } = await load(`${HEADER}\n${newSku()},T,100,EUR\n,,,\n,,,\n\n`);
    expect(body).toMatchObject({ created: 1, failed: 0, errors: [] });
    const wide = await load(
      `${HEADER},,\n${newSku()},T,100,EUR,,\n,,,,,\n${newSku()},T,100,EUR,, \n${newSku()},T,100,EUR,,x\n`,
    );
    expect(wide.body).toMatchObject({ created: 2, failed: 1, errors: [{ line: 5 }] });
  });
});
