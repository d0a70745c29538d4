import { randomUUID } from 'node:crypto';
import type { EventData } from '@tradepost/contracts/events';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { until } from '@tradepost/testing/until';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { fetchMissingDetails } from '../src/actions/backfill-catalogue.ts';
import { createProductClient, type ProductClient } from '../src/catalogue/product-client.ts';
import type { SellableVariant } from '../src/domain/pricing.ts';
import { saveProducts, variantsBySku } from '../src/store/sellable-variants.ts';
import { openShop, order, product, type Shop } from './shop.ts';

type Snapshot = EventData<'product.changed.v1'>;

let shop: Shop;
let products: ProductClient;
beforeAll(async () => {
  shop = await openShop();
  products = createProductClient(shop.catalogue.url, 1_000);
});
afterAll(() => shop.stop());

let sku: string;
beforeEach(() => {
  sku = `TEA-${uuidv7()}`;
});
afterEach(() => {
  shop.catalogue.isAway = false;
});

const details = { taxClass: 'reduced', digital: false, categories: ['tea', 'gifts'] };
const tea = (over: Partial<Snapshot> = {}): Snapshot =>
  product([{ sku, amount: 399, weightGrams: 125 }], { ...details, ...over });

/** The same product as an instance of the version before tells it. */
function withoutDetails({ taxClass: _t, digital: _d, categories: _c, variants, ...rest }: Snapshot): Snapshot {
  return { ...rest, variants: variants.map(({ weightGrams: _, ...variant }) => variant) };
}

const publish = (snapshot: Snapshot) => shop.publishEvent('product.changed.v1', snapshot.productId, snapshot);
const fetchDetails = () => fetchMissingDetails(shop.pool, products, new AbortController().signal);
const copied = async (): Promise<SellableVariant | undefined> => (await variantsBySku(shop.pool, [sku])).get(sku);
const expected = { ...details, weightGrams: 125 };
const defaults = { taxClass: 'standard', digital: false, categories: [], weightGrams: 0 };

describe('the copy of the catalogue', () => {
  it('has the details of the event, and those of the next one', async () => {
    await publish(tea());
    expect(await copied()).toMatchObject(expected);
    const changed = { taxClass: 'zero', digital: true, categories: [] };
    await publish({ ...product([{ sku, amount: 399 }], changed), version: 2 });
    expect(await copied()).toMatchObject({ ...changed, weightGrams: 0 });
  });

  it('has the details of a SKU that it asked for', async () => {
    shop.catalogue.products.push(tea());
    const ada = await shop.someone();
    const key = { 'idempotency-key': randomUUID() };
    expect((await ada.call('POST', '/api/v1/orders', order([{ sku, quantity: 1 }]), key)).status).toBe(201);
    expect(await copied()).toMatchObject(expected);
  });

  it('takes an event without details and with fields that it does not know', async () => {
    const snapshot = { ...withoutDetails(tea()), colour: 'green' };
    await publish(snapshot);
    expect(await copied()).toMatchObject({ ...defaults, price: { amount: 399 } });
    const { rows } = await shop.pool.query({ text: 'select from dead_letter' });
    expect(rows).toEqual([]);
  });

  it('keeps the details that it has when a later event has none, and asks product for them', async () => {
    const before = tea();
    await publish(before);
    const after = { ...before, version: 2, title: 'Green tea', taxClass: 'zero' };
    await publish(withoutDetails(after));
    expect(await copied()).toMatchObject({ ...expected, title: expect.stringContaining('Green tea') });
    shop.catalogue.products.push(after);
    await fetchDetails();
    expect(await copied()).toMatchObject({ ...expected, taxClass: 'zero' });
  });

  it('takes no details of an older version than it has', async () => {
    const before = tea();
    await publish({ ...before, version: 3, taxClass: 'zero' });
    await saveProducts(shop.pool, [{ ...before, version: 2 }]);
    expect(await copied()).toMatchObject({ ...expected, taxClass: 'zero' });
  });
});

describe('rows that were copied before there were details', () => {
  /** A row as the version before has written it. */
  async function copyWithoutDetails(snapshot: Snapshot): Promise<void> {
    await shop.pool.query({
      text: `insert into sellable_variant
          (sku, product_id, seller_id, title, amount, currency, for_sale, price_version, product_version)
        values ($1, $2, $3, 'Tea', 399, 'EUR', true, 1, $4)`,
      values: [sku, snapshot.productId, snapshot.sellerId, snapshot.version],
    });
  }

  it('get them from product, by the background task; meanwhile the instance is ready and accepts orders', async () => {
    shop.catalogue.isAway = true;
    const snapshot = tea();
    shop.catalogue.products.push(snapshot);
    await copyWithoutDetails(snapshot);
    const asked = shop.catalogue.asked;
    await until(() => shop.catalogue.asked > asked, { what: 'product to be asked' });
    expect((await fetch(`${shop.managementUrl}/readyz`)).status).toBe(200);
    const ada = await shop.someone();
    const key = { 'idempotency-key': randomUUID() };
    expect((await ada.call('POST', '/api/v1/orders', order([{ sku, quantity: 1 }]), key)).status).toBe(201);
    expect(await copied()).toMatchObject(defaults);
    shop.catalogue.isAway = false;
    await until(async () => (await copied())?.taxClass === 'reduced', { what: 'the details' });
    expect(await copied()).toMatchObject(expected);
  });

  it('get them later when product is still of the version before', async () => {
    const snapshot = tea();
    shop.catalogue.products.push(withoutDetails(snapshot));
    await copyWithoutDetails(snapshot);
    await fetchDetails();
    expect(await copied()).toMatchObject(defaults);
    shop.catalogue.products.splice(-1, 1, snapshot);
    await fetchDetails();
    expect(await copied()).toMatchObject(expected);
  });

  it('do not wait for one that product does not know', async () => {
    const lost = sku;
    await copyWithoutDetails(tea());
    sku = `${lost}-2`;
    const snapshots = Array.from({ length: 150 }, (_, n) => product([{ sku: `${lost}-${n}`, amount: 1 }], details));
    shop.catalogue.products.push(...snapshots);
    await saveProducts(shop.pool, snapshots.map(withoutDetails));
    await fetchDetails();
    expect(await copied()).toMatchObject(details);
    const { rows } = await shop.pool.query<{ sku: string }>({
      text: 'select sku from sellable_variant where details_version < product_version and starts_with(sku, $1)',
      values: [lost],
    });
    expect(rows).toEqual([{ sku: lost }]);
  });
});
