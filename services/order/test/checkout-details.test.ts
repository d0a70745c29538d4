import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problem } from './rules-api.ts';
import { type Actor, openShop, order, type Shop, sellerId } from './shop.ts';

let shop: Shop;
let ada: Actor;
let admin: Actor;
let seller: Actor;
beforeAll(async () => {
  shop = await openShop();
  [ada, admin, seller] = await Promise.all([shop.someone(), shop.someone('admin'), shop.as(sellerId, 'seller')]);
});
afterAll(() => shop.stop());

const billingAddress = { name: 'Bill', line1: 'Allee 9', city: 'Wien', postalCode: '1010', country: 'AT' };
const packing = { note: 'Ring twice.\nLeave it at the door.', giftNote: 'Happy birthday!\n— Ada' };
const details = { billingAddress, company: 'Ada & Co.', vatId: 'at u13585627', ...packing };
const vatId = { value: 'ATU13585627', status: 'unchecked', reverseCharge: false };
const lines = [{ sku: 'MUG', quantity: 1 }];
const place = (over: object) =>
  ada.call('POST', '/api/v1/orders', order(lines, { ...over }), { 'idempotency-key': randomUUID() });

describe('details of an order that are sent at checkout', () => {
  it('is answered to the customer and to operators', async () => {
    const placed = await place(details);
    expect(placed.status).toBe(201);
    const path = `/api/v1/orders/${placed.body.id}`;
    for (const body of [placed.body, (await ada.call('GET', path)).body, (await admin.call('GET', path)).body]) {
      expect(body).toMatchObject({ ...details, vatId });
    }
    const { body: all } = await admin.call('GET', '/api/v1/orders?view=all');
    expect(all.items[0]).toMatchObject({ ...details, vatId });
  });

  it('is kept of a checkout of a cart', async () => {
    const { body: cart } = await ada.call('POST', '/api/v1/carts');
    await ada.call('PUT', `/api/v1/carts/${cart.id}/lines/MUG`, { quantity: 1 });
    const { lines: _, ...request } = order([], details);
    const { status, body } = await ada.call('POST', `/api/v1/carts/${cart.id}/checkout`, request);
    expect({ ...body, status }).toMatchObject({ status: 201, ...details, vatId });
  });

  it('is absent where nothing was sent', async () => {
    const { body } = await place({});
    const names = ['billingAddress', 'company', 'vatId', 'note', 'giftNote', 'acceptedTerms', 'confirmedAge'];
    expect(names.filter((name) => name in body)).toEqual([]);
  });

  it('is shown to a seller only as far as it is needed to pack the order', async () => {
    const { body: placed } = await place(details);
    const { body } = await seller.call('GET', `/api/v1/orders/${placed.id}`);
    expect(body).toMatchObject(packing);
    const { body: sales } = await seller.call('GET', '/api/v1/orders?view=sales');
    expect(sales.items[0]).toMatchObject(packing);
    for (const text of ['billingAddress', 'Allee 9', 'Ada & Co.', 'vatId', 'ATU13585627']) {
      expect(JSON.stringify([body, sales])).not.toContain(text);
    }
  });

  it.each([
    ['/vatId', 422, 'vat_id_not_valid', { vatId: 'ATU13585628' }],
    ['/note', 400, 'validation_failed', { note: 'x'.repeat(1001) }],
    ['/giftNote', 400, 'validation_failed', { giftNote: ' \n ' }],
    ['/company', 400, 'validation_failed', { company: 'two\nlines' }],
    [
      '/billingAddress/postalCode',
      400,
      'validation_failed',
      { billingAddress: { ...billingAddress, postalCode: undefined } },
    ],
  ])('is refused with the field that is wrong: %s', async (field, status, code, over) => {
    expect(problem(await place(over))).toEqual([status, code, field]);
  });
});
