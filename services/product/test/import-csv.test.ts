import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CSV, ofSeller, productOf, upload } from './import-files.ts';
import { mug, newSku, openShop, type Shop } from './shop.ts';

let shop: Shop;
beforeAll(async () => {
  shop = await openShop();
});
afterAll(() => shop.service.stop());

describe('an import of CSV', () => {
  it('makes one product of records with the same name, and names the column that is wrong', async () => {
    const seller = shop.as('seller');
    const [a, b, c, d, e] = Array.from({ length: 5 }, newSku);
    const text = [
      '\ufeffproduct,sku,title,description,categories,variantTitle,price,currency,stock,attribute:size',
      `shirt,${a},Shirt,"Soft, with ""quotes""\nand two lines",clothes|summer,Small,1999,EUR,5,S`,
      `shirt,${b},,,,Large,2199,EUR,6,L`,
      `,${c},Hat,,clothes,,999,EUR,,`,
      `,${d},Bad price,,clothes,,9.99,EUR,1,`,
      `,${e},No stock like this,,clothes,,999,EUR,-1,`,
      `,bad sku,Bad SKU,,,,1,EUR,1,`,
    ].join('\n');
    const done = await upload(seller, text, CSV);
    expect(done.body).toMatchObject({ created: 2, failed: 3 });
    expect(done.body.errors).toEqual([
      { line: 6, field: 'price', message: 'must be a whole number of minor units: 1250 for EUR 12.50' },
      { line: 7, field: 'stock', message: 'must be at least 0' },
      {
        line: 8,
        field: 'sku',
        message:
          'must be at most 64 letters A to Z, digits, dots, hyphens and underscores, with a letter or digit first',
      },
    ]);
    expect(await ofSeller(shop, seller.id)).toMatchObject([
      { title: 'Shirt', skus: `${a},${b}` },
      { title: 'Hat', skus: c },
    ]);
    const { body } = await seller.call('GET', `/api/v1/products?sellerId=${seller.id}&sort=-price`);
    const shirt = await shop.nobody.call('GET', `/api/v1/products/${body.items[0].id}`);
    expect(shirt.body).toMatchObject({
      description: 'Soft, with "quotes"\nand two lines',
      categories: ['clothes', 'summer'],
      variants: [
        { title: 'Small', available: 5, attributes: { size: 'S' } },
        { title: 'Large', available: 6 },
      ],
    });
    expect((await upload(seller, text, CSV)).body).toMatchObject({ unchanged: 2, failed: 3 });
  });

  it('reports records that cannot be read', async () => {
    const seller = shop.as('seller');
    const broken = await upload(
      seller,
      `sku,title,price,currency\n${newSku()},Hat,1,EUR,too,many\n${newSku()},Cap,1,EUR\n`,
      CSV,
    );
    expect(broken.body).toMatchObject({ created: 1, failed: 1, errors: [{ line: 2 }] });
  });
});

it('tells which record of a product breaks a rule, and imports the others', async () => {
  const [seller, other] = [shop.as('seller'), shop.as('seller')];
  const [a, b, c, d, e, taken] = Array.from({ length: 6 }, newSku);
  await upload(other, `sku,title,price,currency\n${taken},Theirs,1,EUR\n`, CSV);
  const rows = [
    `x,${a},Shirt,1,EUR`,
    `x,${b},,2,EUR`,
    `x,${a},,3,EUR`,
    `x,${c},,4,USD`,
    `x,${taken},,5,EUR`,
    `y,${d},Hat,6,EUR`,
  ];
  const { body } = await upload(seller, ['product,sku,title,price,currency', ...rows, `x,${e}`].join('\n'), CSV);
  expect(body).toMatchObject({ created: 2, failed: 4 });
  const places = body.errors.map(({ line, field }: { line: number; field: string }) => `${line} ${field}`);
  expect(places.toSorted()).toEqual(['4 sku', '5 currency', '6 sku', '8 price', '8 title']);
  const made = new Map((await ofSeller(shop, seller.id)).map(({ title, skus }) => [title, skus]));
  expect(made).toEqual(
    new Map([
      ['Hat', d],
      ['Shirt', `${a},${b}`],
    ]),
  );
  const change = `product,sku,title,price,currency\nx,${a},Blouse,1,EUR\nx,${taken},,5,EUR\n`;
  expect((await upload(seller, change, CSV)).body).toMatchObject({ updated: 1, errors: [{ line: 3, field: 'sku' }] });
});

it('reads columns in any case and spacing', async () => {
  const seller = shop.as('seller');
  const text = `SKU, Title ,PRICE,Currency,"Variant title",weight_grams,Attribute: size\n${newSku()},Hat,1,EUR,Large,250,M\n`;
  expect((await upload(seller, text, CSV)).body).toMatchObject({ created: 1, errors: [] });
  const twice = await upload(seller, `sku,title,Title\n${newSku()},Hat,Cap\n`, CSV);
  expect(twice).toMatchObject({ status: 400, body: { detail: 'The header names the column title twice' } });
});

describe('columns that are not in the file', () => {
  it('leave what is there', async () => {
    const seller = shop.as('seller');
    const load = (text: string) => upload(seller, text, CSV);
    const sku = newSku();
    await seller.call('POST', '/api/v1/products', {
      ...mug(sku, { description: 'written by hand', categories: ['kitchen'] }),
      variants: [{ sku, price: { amount: 5, currency: 'EUR' }, attributes: { size: 'M', colour: 'blue' } }],
    });
    expect((await load(`sku,title,price,currency\n${sku},New title,1200,EUR\n`)).body).toMatchObject({
      updated: 1,
      failed: 0,
    });
    expect((await load(`sku,attribute:size\n${sku},L\n`)).body).toMatchObject({ updated: 1, failed: 0 });
    expect(await productOf(shop, sku)).toMatchObject({
      title: 'New title',
      description: 'written by hand',
      categories: ['kitchen'],
      variants: [{ price: { amount: 1200 }, attributes: { size: 'L', colour: 'blue' } }],
    });
    expect((await load(`sku,description\n${sku},\n`)).body).toMatchObject({ updated: 1 });
    expect((await productOf(shop, sku)).description).toBe('');
  });

  it('leave what is there, also where a record ends before them or has blanks in them', async () => {
    const seller = shop.as('seller');
    const sku = newSku();
    const wide =
      'sku,title,description,price,currency,categories,stock,digital,taxClass,variantTitle,attribute:size,weightGrams';
    await upload(seller, `${wide}\n${sku},T,written by hand,500,EUR,kitchen,5,true,reduced,Large,L,250\n`, CSV);
    const before = await productOf(shop, sku);
    const done = await upload(
      seller,
      `${wide}\n${sku},New title\n${sku},New title,written by hand,500,EUR,${' ,'.repeat(6)} \n`,
      CSV,
    );
    expect(done.body).toMatchObject({ updated: 1, unchanged: 1, failed: 0 });
    expect(await productOf(shop, sku)).toMatchObject({
      ...{
        title: 'New title',
        description: 'written by hand',
        categories: ['kitchen'],
        digital: true,
        taxClass: 'reduced',
      },
      variants: before.variants,
    });
  });

  it('are asked for where a product is new', async () => {
    const { body } = await upload(shop.as('seller'), `sku,stock\n${newSku()},5\n`, CSV);
    expect(body).toMatchObject({ failed: 1, errors: [{ line: 2 }, { line: 2 }] });
  });
});
